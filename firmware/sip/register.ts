// The REGISTER request (RFC 3261 10.2; Path, RFC 3327): what a registration says to its registrar. When it is sent, and what its
// responses mean, is registration.ts's.

import { putFixedText } from "../bytes/fixed-text";
import { createText } from "../bytes/text";
import { putBytes, type Writer } from "../bytes/writer";
import { putBinding } from "./binding";
import { putAuthorizations } from "./client-authentication";
import type { ClientTransaction } from "./client-transaction";
import { HeaderName } from "./header-name";
import { Method } from "./method";
import type { Registration } from "./registration";
import {
  putAddressWithTag,
  putCSeq,
  putExpires,
  putHeaderFixed,
  putRequestLine,
  putViaAndMaxForwards,
} from "./request-writer";
import { putHeaderName, putHeaderText, putLineEnd, putNoBody } from "./response-writer";
import type { Status } from "./status";
import { sentByFor } from "./transport";
import { putAllow, putUserAgent } from "./user-agent";

const PATH = createText("path"); // RFC 3327 5.1

/**
 * Writes the REGISTER of a registration for its transaction's destination. Request-URI: the registrar without user part.
 * @returns OK, or TOO_LONG when the authorizations do not fit
 */
export function writeRegister(registration: Registration, transaction: ClientTransaction, writer: Writer): Status {
  const account = registration.account;
  const transport = account.transport;
  const registrar = account.settings.registrar;
  putRequestLine(writer, Method.REGISTER, registrar.bytes, registrar.start, registrar.end);
  putViaAndMaxForwards(writer, sentByFor(transport, transaction.destination), transaction.branch);
  if (account.proxyLength > 0) {
    putHeaderName(writer, HeaderName.ROUTE);
    putBytes(writer, account.outboundRoute.bytes, 0, account.proxyLength);
    putLineEnd(writer);
  }
  putAddressWithTag(writer, HeaderName.FROM, account.address, registration.localTag);
  putHeaderName(writer, HeaderName.TO);
  putFixedText(writer, account.address);
  putLineEnd(writer);
  putHeaderFixed(writer, HeaderName.CALL_ID, registration.callId);
  putCSeq(writer, registration.sequence, Method.REGISTER);
  putBinding(writer, registration.binding, transaction.destination);
  const status = putAuthorizations(
    writer,
    registration.authentication,
    transport.random,
    Method.REGISTER,
    registrar.bytes,
    registrar.start,
    registrar.end,
  );
  putExpires(writer, registration.asked);
  putHeaderText(writer, HeaderName.SUPPORTED, PATH);
  putAllow(writer, registration.userAgent);
  putUserAgent(writer);
  putNoBody(writer);
  return status;
}
