// The registrar (RFC 3261 10.3): takes REGISTER of the domain's own users, keeps what they say in the location service, and
// answers with all bindings that hold.

import { createText } from "../../firmware/bytes/text";
import type { Writer } from "../../firmware/bytes/writer";
import { HeaderName } from "../../firmware/sip/header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "../../firmware/sip/header-values";
import { hasHeader, headerEnd, headerStart, type Message } from "../../firmware/sip/message";
import { createNameAddress, parseNameAddress } from "../../firmware/sip/name-address";
import { createParameter, findParameter } from "../../firmware/sip/parameters";
import { putHeaderName, putHeaderNumber, putLineEnd, putNoBody } from "../../firmware/sip/response-writer";
import {
  openResponse,
  type ServerTransaction,
  sendPlainResponse,
  sendResponse,
} from "../../firmware/sip/server-transaction";
import { Status } from "../../firmware/sip/status";
import type { Authenticator } from "./authenticator";
import { type Domain, readSipUri } from "./domain";
import { refuseExtensions } from "./extensions";
import type { ContactUpdate, LocationService } from "./location-service";
import { octetText, putString } from "./octet-text";
import type { Users } from "./users";

/** How long bindings may be, seconds. */
export interface RegistrarLimits {
  /** Less is refused with 423. */
  shortest: number;
  /** More is cut. */
  longest: number;
  /** What holds when the phone says nothing. */
  usual: number;
}

const EXPIRES = createText("expires");

const value = createHeaderValue();
const address = createNameAddress();
const parameter = createParameter();

/** What the Contact values of a REGISTER ask for. */
type Contacts = "fetch" | "all" | "malformed" | ContactUpdate[];

/** Seconds of 32 bits, as Expires and expires have them (20.19); what is no such number counts as `otherwise`. */
function secondsOf(text: string, otherwise: number): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : otherwise;
}

export class Registrar {
  constructor(
    private readonly domain: Domain,
    private readonly users: Users,
    private readonly location: LocationService,
    private readonly authenticator: Authenticator,
    private readonly limits: RegistrarLimits,
  ) {}

  /** Takes a REGISTER whose Request-URI is the domain's. */
  take(request: Message, transaction: ServerTransaction): void {
    if (hasHeader(request, HeaderName.REQUIRE)) {
      refuseExtensions(request, transaction, HeaderName.REQUIRE);
      return;
    }
    const verdict = this.authenticator.verify(request, false);
    if (verdict.user === "") {
      this.authenticator.challenge(transaction, false, verdict.stale);
      return;
    }
    const record = readSipUri(octetText(request.bytes, request.to.uriStart, request.to.uriEnd));
    if (record === undefined || !this.domain.ownsAddressOfRecord(record) || !this.users.has(record.user)) {
      sendPlainResponse(transaction, 404, 0);
    } else if (record.user !== verdict.user) {
      sendPlainResponse(transaction, 403, 0);
    } else {
      this.update(record.user, request, transaction);
    }
  }

  private update(user: string, request: Message, transaction: ServerTransaction): void {
    const contacts = this.readContacts(request);
    if (contacts === "malformed") {
      sendPlainResponse(transaction, 400, 0);
      return;
    }
    if (contacts === "fetch") {
      this.answer(user, transaction);
      return;
    }
    const updates =
      contacts === "all" ? this.location.bindingsOf(user).map(({ uri }) => ({ uri, seconds: 0 })) : contacts;
    if (updates.some(({ seconds }) => seconds > 0 && seconds < this.limits.shortest)) {
      this.refuseBriefInterval(transaction);
      return;
    }
    const callId = octetText(request.bytes, request.callIdStart, request.callIdEnd);
    if (this.location.isOutdated(user, updates, callId, request.cseq.number)) {
      sendPlainResponse(transaction, 500, 0);
    } else if (!this.location.hasRoomFor(user, updates)) {
      sendPlainResponse(transaction, 503, 0);
    } else {
      this.location.update(user, updates, callId, request.cseq.number);
      this.answer(user, transaction);
    }
  }

  private readContacts(request: Message): Contacts {
    const header = octetText(
      request.bytes,
      headerStart(request, HeaderName.EXPIRES),
      headerEnd(request, HeaderName.EXPIRES),
    );
    const asked = secondsOf(header, this.limits.usual);
    const contacts: ContactUpdate[] = [];
    let all = false;
    let values = 0;
    let more = firstHeaderValue(request, HeaderName.CONTACT, value);
    while (more) {
      values += 1;
      if (octetText(request.bytes, value.start, value.end) === "*") {
        all = true;
      } else {
        const contact = this.readContact(request, asked);
        if (contact === undefined) {
          return "malformed";
        }
        contacts.push(contact);
      }
      more = nextHeaderValue(request, value);
    }
    if (all) {
      // Only alone, and only to take everything back (10.2.2).
      return values === 1 && header !== "" && asked === 0 ? "all" : "malformed";
    }
    return values === 0 ? "fetch" : contacts;
  }

  /** The Contact value at hand: its own expires parameter counts before the Expires header field (10.2.1.1). */
  private readContact(request: Message, asked: number): ContactUpdate | undefined {
    const bytes = request.bytes;
    if (parseNameAddress(bytes, value.start, value.end, address) !== Status.OK) {
      return undefined;
    }
    const uri = octetText(bytes, address.uriStart, address.uriEnd);
    if (readSipUri(uri) === undefined) {
      return undefined;
    }
    const own = findParameter(bytes, address.parametersStart, address.parametersEnd, EXPIRES, parameter);
    const seconds = own ? secondsOf(octetText(bytes, parameter.valueStart, parameter.valueEnd), asked) : asked;
    return { uri, seconds: Math.min(seconds, this.limits.longest) };
  }

  private refuseBriefInterval(transaction: ServerTransaction): void {
    const writer = openResponse(transaction);
    putHeaderNumber(writer, HeaderName.MIN_EXPIRES, this.limits.shortest);
    putNoBody(writer);
    sendResponse(transaction, 423, 0);
  }

  private answer(user: string, transaction: ServerTransaction): void {
    const writer = openResponse(transaction);
    for (const binding of this.location.bindingsOf(user)) {
      this.putBinding(writer, binding.uri, this.location.secondsLeft(binding));
    }
    putNoBody(writer);
    if (sendResponse(transaction, 200, 0) !== Status.OK) {
      sendPlainResponse(transaction, 500, 0);
    }
  }

  private putBinding(writer: Writer, uri: string, seconds: number): void {
    putHeaderName(writer, HeaderName.CONTACT);
    putString(writer, `<${uri}>;expires=${seconds}`);
    putLineEnd(writer);
  }
}
