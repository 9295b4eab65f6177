// What every VM of the tests has in common: how a bundle is told what to run, and what comes back.

/** "all" tests, or "fast": without those of `itSlow`. */
export type Mode = "all" | "fast";

/** What a VM said of its tests. */
export interface MachineRun {
  /** Lines "outcome TAB text", in order: "begin" with a title, then what became of it and the reason. */
  reports: string[];
  /** Why the VM ended before its bundle did; "" when it ran to the end. */
  crash: string;
}

/** A report is one line whatever the failure says. In front of a Lua bundle, on its first line. */
export function luaPrelude(mode: Mode, sink: string): string {
  return `doorlineMode = "${mode}" function doorlineReport(outcome, text) ${sink}(outcome .. "\\t" .. string.gsub(text, "[\\r\\n\\t]", " ")) end `;
}

export function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
