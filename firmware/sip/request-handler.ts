// Methods outside the INVITE core (INFO, MESSAGE, SUBSCRIBE, REFER …): who takes the requests of a method. A station has what its
// board registers at boot; Allow names them (RFC 3261 20.5), and what nobody takes is refused by request-routing.ts.

import type { Message } from "./message";
import type { Method } from "./method";
import type { ServerTransaction } from "./server-transaction";

/** `onRequest`: the request is in no dialog of a session. */
export const NO_SESSION = -1;

export interface RequestHandler {
  owner: object;
  readonly method: Method;
  /**
   * A request of the method whose Request-URI and Require are good. It is to be answered through `transaction`, now or later.
   * @param session the index of the session whose dialog it is in, its CSeq already checked; NO_SESSION when it is in none (a
   * To tag may still name a dialog of the handler's own)
   */
  onRequest: (owner: object, request: Message, transaction: ServerTransaction, session: number) => void;
}

/** Boot only: `handlers` takes the requests of one more method. */
export function createRequestHandler(handlers: RequestHandler[], handler: RequestHandler): void {
  handlers.push(handler);
}

/** The index of the handler of a method, or -1. */
export function findRequestHandler(handlers: RequestHandler[], method: Method): number {
  for (let index = 0; index < handlers.length; index += 1) {
    if (handlers[index].method === method) {
      return index;
    }
  }
  return -1;
}
