// Writes docs/settings.md from the table of keys. `tsx tools/settings-doc.ts` after a change; a test watches that the page
// and the table agree.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SETTINGS_KEYS } from "../firmware/settings/settings-keys";
import { describeAllowed, initialValue, KEY_PURPOSES, keyName } from "../simulator/settings-prose";

/** Where the page lies. */
export const SETTINGS_PAGE = fileURLToPath(new URL("../docs/settings.md", import.meta.url));

const HEAD = `# Settings

What an installer can set, in a text that the board keeps; on the desk it is the file \`doorline.conf\`.

    # the front door
    account.user = front
    account.registrar = 192.0.2.1
    button.1.call = sip:indoor@192.0.2.1
    relay.1.code = 42#

A line is \`key = value\`. A line that begins with \`#\` is a comment; behind a value there is none, because passwords and
codes may hold a \`#\`. Blanks around key and value count for nothing. Letters outside ASCII are UTF-8 and stand only in
comments, \`account.display-name\` and \`account.password\`. A key may be given once. Where a text has a fault, nothing of
it takes effect, and the fault is told with its line, key and what is allowed:

    doorline.conf:12: call.ring-limit: "3x" is not allowed; a number from 5 to 120 (seconds)

\`N\` stands for a number from 1, and \`.N\` may be left out for the first: \`account.user\` is \`account.1.user\`.
\`account.N.user\` must be given with \`account.N.registrar\`. Calls go out by the registered account of the lowest
\`account.N.priority\`, and by the next one when it fails; a button whose address names the domain of an account prefers
that account, and one that names an IP address of no account is called directly.

<!-- Written by tools/settings-doc.ts from firmware/settings/settings-keys.ts. -->

| key | what for | allowed | when left out |
|---|---|---|---|
`;

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("*", "\\*");
}

/** The page. */
export function settingsPage(): string {
  const rows = SETTINGS_KEYS.map((row, key) => {
    const initial = initialValue(key);
    const name = row.count > 1 ? `\`${keyName(key, 0)}\`, N to ${row.count}` : `\`${keyName(key, 0)}\``;
    return `| ${name} | ${cell(KEY_PURPOSES[key as keyof typeof KEY_PURPOSES])} | ${cell(describeAllowed(key))} | ${
      initial === "" ? "" : `\`${initial}\``
    } |\n`;
  });
  return HEAD + rows.join("");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SETTINGS_PAGE, settingsPage());
}
