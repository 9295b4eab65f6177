// NOTIFY that nobody subscribed to (RFC 6665 4.1.3 asks for 481, but PBXes send some of old): what is known is answered 200 and
// changes nothing, so that the PBX is content; above all, nobody restarts the station by it.

import { createText, type Text } from "../bytes/text";
import { isEventOf } from "./event";
import type { Message } from "./message";
import { Method } from "./method";
import { createRequestHandler } from "./request-handler";
import { type ServerTransaction, sendPlainResponse } from "./server-transaction";
import type { UserAgent } from "./user-agent";

const HARMLESS: Text[] = [createText("message-summary"), createText("check-sync"), createText("keep-alive")];

/** Boot only: the station takes NOTIFY. */
export function createNotify(userAgent: UserAgent): void {
  createRequestHandler(userAgent.handlers, { owner: userAgent, method: Method.NOTIFY, onRequest });
}

/** With a To tag it claims to be of a subscription of ours, and there are none: 481. */
function onRequest(_owner: object, request: Message, transaction: ServerTransaction): void {
  let known = false;
  for (let index = 0; index < HARMLESS.length; index += 1) {
    known = known || isEventOf(request, HARMLESS[index]);
  }
  const refusal = request.to.tagEnd > request.to.tagStart ? 481 : 489;
  sendPlainResponse(transaction, known ? 200 : refusal, 0);
}
