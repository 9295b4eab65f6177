// The settings text of a station on the desk: what the installer's file says, what the command line says instead, and what
// the desk adds where neither says anything.

const LINE = /^\s*([^#=\s][^=]*?)\s*=/;

/** Keys and their values. */
export type SettingLines = Record<string, string>;

function keyOf(line: string): string | undefined {
  return LINE.exec(line)?.[1];
}

/** The keys that a text gives. */
export function givenKeys(text: string): Set<string> {
  return new Set(text.split(/\r?\n/).flatMap((line) => keyOf(line) ?? []));
}

/**
 * A text in which the values of `instead` hold whatever `text` says, and those of `otherwise` where nothing else is said.
 * An empty value leaves the key out.
 */
export function mergeSettings(text: string, instead: SettingLines, otherwise: SettingLines): string {
  const lines = text.split(/\r?\n/).filter((line) => {
    const key = keyOf(line);
    return key === undefined || !(key in instead);
  });
  const given = givenKeys(lines.join("\n"));
  const added = Object.entries({ ...otherwise, ...instead })
    .filter(([key, value]) => value !== "" && !given.has(key))
    .map(([key, value]) => `${key} = ${value}`);
  return [...lines, ...added, ""].join("\n");
}
