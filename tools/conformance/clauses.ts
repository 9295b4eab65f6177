// The results of the conformance suite by clause: read from the titles of its tests, in the order of RFC and section.

import { CLAUSE_END } from "../../test/conformance/clause";
import { type Cell, tableLines } from "../size/table";

/** One test and what became of it. */
export interface ClauseTest {
  /** "group › RFC 3261 17.1.1.2: a sentence" */
  title: string;
  /** Why it failed; "" when it holds. */
  failure: string;
}

/** A clause, or a group of them, and its tests. */
interface Clause {
  name: string;
  tests: ClauseTest[];
}

const TITLE = /(?:^|› )(RFC (\d+)(?: ([\d.]+))?[^:›]*)$/;

/** The clause of a title. @throws Error for one that names none */
function clauseOf(title: string): string {
  const name = TITLE.exec(title.slice(0, title.indexOf(CLAUSE_END)))?.[1];
  if (name === undefined) {
    throw new Error(`no clause in the title of "${title}"`);
  }
  return name;
}

/** The RFC with the chapter that a clause is in: "RFC 3261 17" of "RFC 3261 17.1.1.2". */
function groupOf(title: string): string {
  return clauseOf(title).replace(/^(RFC \d+(?: \d+)?).*$/, "$1");
}

function compareClauses(left: Clause, right: Clause): number {
  return left.name.localeCompare(right.name, "en", { numeric: true });
}

function gather(tests: readonly ClauseTest[], nameOf: (title: string) => string): Clause[] {
  const clauses = new Map<string, Clause>();
  for (const test of tests) {
    const name = nameOf(test.title);
    const clause = clauses.get(name) ?? { name, tests: [] };
    clause.tests.push(test);
    clauses.set(name, clause);
  }
  return [...clauses.values()].sort(compareClauses);
}

function resultOf(tests: readonly ClauseTest[]): string {
  const failed = tests.filter(({ failure }) => failure !== "").length;
  return failed === 0 ? "holds" : `${failed} of ${tests.length} ${failed === 1 ? "fails" : "fail"}`;
}

/** The one line that closes the report. */
function totalLine(tests: readonly ClauseTest[], clauses: number): string {
  const failed = tests.filter(({ failure }) => failure !== "").length;
  return `${clauses} clauses, ${tests.length} tests: ${failed === 0 ? "all hold" : `${failed} failed`}`;
}

/** The report for a terminal: a table of clauses, what failed and why, and the total. */
export function reportLines(tests: readonly ClauseTest[]): string[] {
  const clauses = gather(tests, clauseOf);
  const rows = clauses.map((clause): Cell[] => [clause.name, clause.tests.length, resultOf(clause.tests)]);
  const failures = tests
    .filter(({ failure }) => failure !== "")
    .flatMap(({ title, failure }) => [title, `    ${failure}`]);
  return [
    ...tableLines(["clause", "tests", "result"], rows),
    "",
    ...(failures.length === 0 ? [] : [...failures, ""]),
    totalLine(tests, clauses.length),
  ];
}

/** The report as a Markdown table of the chapters of the RFCs. */
export function markdownLines(tests: readonly ClauseTest[]): string[] {
  const rows = gather(tests, groupOf).map(
    ({ name, tests: inGroup }) => `| ${name} | ${inGroup.length} | ${resultOf(inGroup)} |`,
  );
  return [
    "| section | tests | result |",
    "|---|---:|---|",
    ...rows,
    "",
    totalLine(tests, gather(tests, clauseOf).length),
  ];
}
