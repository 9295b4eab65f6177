// docs/settings.md says what the table of keys says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SETTINGS_PAGE, settingsPage } from "../../tools/settings-doc";

describe("tools/settings-doc", () => {
  it("finds docs/settings.md up to date (else run: npx tsx tools/settings-doc.ts)", () => {
    assert.equal(readFileSync(SETTINGS_PAGE, "utf8"), settingsPage());
  });
});
