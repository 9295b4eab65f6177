// Settings of a door as the tests with peers need them: it calls or is called by anybody, leaves the end of the call to the other
// side, and opens at a 5.

import { PROXY } from "./peers/kamailio";

/** Where the tests have kamailio, unless they say otherwise. */
export const PROXY_ADDRESS = `${PROXY.address}:${PROXY.port}`;

const DOOR = [
  "account.user = door",
  "call.answer-from = *",
  "call.hang-up-after-release = 0",
  "relay.1.code = 5",
  "relay.1.pulse = 1",
];

/** The text of them; a line takes the place of an earlier one with the same key. */
export function doorSettings(...more: string[]): string {
  const lines = new Map([...DOOR, ...more].map((line) => [line.split(" = ")[0], line]));
  return [...lines.values()].join("\n");
}

/** The lines of the door's account at kamailio, at an address with port, and of the button that calls the person there. */
export function accountAt(address: string): string[] {
  return [
    `account.password = ${PROXY.users.door}`,
    `account.registrar = ${address}`,
    `account.realm = ${PROXY.realm}`,
    `button.1.call = sip:person@${address}`,
  ];
}
