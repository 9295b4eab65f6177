// The tests of the conformance suite: each names the clause that it shows, and `npm run conformance` counts them by it.

import { it, itSlow } from "../harness";

/** What stands between the clause and the sentence in the title of a test. */
export const CLAUSE_END = ": ";

/**
 * One test of a clause.
 * @param name the RFC and its section, e.g. "RFC 3261 17.1.1.2"
 * @param sentence what holds, e.g. "Timer A doubles from T1 until the response"
 */
export function clause(name: string, sentence: string, body: () => void): void {
  it(`${name}${CLAUSE_END}${sentence}`, body);
}

/** The same for one that takes more than a second where a VM runs inside another, and is left out there. */
export function slowClause(name: string, sentence: string, body: () => void): void {
  itSlow(`${name}${CLAUSE_END}${sentence}`, body);
}
