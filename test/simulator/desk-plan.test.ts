// What options and settings file make of a desk: where it is, whom the button calls, whether the switchboard is needed.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { HashAlgorithm } from "../../firmware/crypto/hash";
import type { SettingText } from "../../firmware/settings/settings";
import { type DeskPlan, type PlanDefaults, planDesk } from "../../simulator/desk-plan";
import { mergeSettings } from "../../simulator/desk-settings";
import { octetText } from "../../simulator/switchboard/octet-text";

const DEFAULTS: PlanDefaults = { readsSettingsFile: false };

function text({ bytes, start, end }: SettingText): string {
  return octetText(bytes, start, end);
}

/** What a person would look at. */
function summary(plan: DeskPlan, switchboard = "127.0.0.1:5070"): Record<string, string> {
  const { accounts, buttons, relays } = plan.settingsFor(plan.users.length > 0 ? switchboard : "");
  return {
    address: plan.address,
    users: plan.users.map(({ name }) => name).join(" "),
    user: text(accounts[0].user),
    password: text(accounts[0].password),
    registrar: text(accounts[0].registrar),
    call: text(buttons[0].call),
    code: text(relays[0].code),
  };
}

describe("simulator/desk-plan", () => {
  let file: string;

  before(() => {
    file = path.join(mkdtempSync(path.join(tmpdir(), "doorline-")), "door.conf");
  });

  after(() => rmSync(path.dirname(file), { recursive: true, force: true }));

  async function plan(options: object, content?: string): Promise<DeskPlan> {
    if (content !== undefined) {
      writeFileSync(file, content);
    }
    return planDesk(content === undefined ? options : { ...options, settings: file }, DEFAULTS);
  }

  it("with nothing said the station registers at the desk's own switchboard and calls the indoor station", async () => {
    const made = await plan({});
    assert.deepEqual(summary(made), {
      address: "127.0.0.1",
      users: "door indoor",
      user: "door",
      password: "door-password",
      registrar: "sip:127.0.0.1:5070",
      call: "sip:indoor@127.0.0.1:5070",
      code: "42#",
    });
    assert.deepEqual(made.ports, { sip: 5060, rtp: 10000, switchboard: 5070 });
  });

  it("takes user, password, code, ports and target from the settings file, and the switchboard knows that user", async () => {
    const lines = [
      "account.user = front",
      "account.password = geheim mit ß",
      "relay.1.code = 7",
      "network.sip-port = 5080",
    ];
    const made = await plan({}, [...lines, "button.1.call = sip:hall@127.0.0.1:5070"].join("\r\n"));
    const { user, code, call, registrar } = summary(made);
    assert.deepEqual([user, code, call], ["front", "7", "sip:hall@127.0.0.1:5070"]);
    assert.equal(registrar, "sip:127.0.0.1:5070");
    assert.deepEqual(made.users[0], { name: "front", password: "geheim mit ß" });
    assert.equal(made.ports.sip, 5080);
    assert.equal((await plan({ sipPort: "5090" }, "network.sip-port = 5080")).ports.sip, 5090);
  });

  it("needs no switchboard when the settings name a registrar, with an account, with a peer, or when told so", async () => {
    const elsewhere = summary(await plan({}, "account.user = a\naccount.registrar = 127.0.0.2"));
    assert.deepEqual([elsewhere.users, elsewhere.registrar], ["", "sip:127.0.0.2"]);
    const account = summary(
      await plan({ account: "anna:a:b@c@127.0.0.3:5062" }, "account.realm = old\naccount.user = x"),
    );
    assert.deepEqual(
      [account.users, account.user, account.password, account.registrar],
      ["", "anna", "a:b@c", "sip:127.0.0.3:5062"],
    );
    const peer = summary(await plan({ peer: "sip:phone@127.0.0.4" }, "button.1.call = sip:old@127.0.0.1"));
    assert.deepEqual([peer.users, peer.call, peer.registrar], ["", "sip:phone@127.0.0.4", ""]);
    const alone = summary(await plan({ switchboard: false }));
    assert.deepEqual([alone.users, alone.call, alone.registrar], ["", "", ""]);
  });

  it("starts the switchboard for a peer that is there", async () => {
    const made = summary(await plan({ peer: "sip:anna@127.0.0.1:5070" }));
    assert.deepEqual([made.users, made.call], ["door indoor", "sip:anna@127.0.0.1:5070"]);
  });

  it("is at an address that others can reach when somebody outside this machine is to be reached, or where it is told", async () => {
    assert.notEqual((await plan({ peer: "sip:phone@192.0.2.4", address: undefined })).address, "");
    assert.equal((await plan({ peer: "sip:phone@127.0.0.4" })).address, "127.0.0.1");
    assert.equal((await plan({ peer: "sip:phone@192.0.2.4", address: "127.0.0.9" })).address, "127.0.0.9");
  });

  it("asks for the digest algorithms that it is told to", async () => {
    assert.equal((await plan({})).algorithms, undefined);
    assert.deepEqual((await plan({ digest: "MD5" })).algorithms, [HashAlgorithm.MD5]);
    assert.deepEqual((await plan({ digest: "md5, sha-256" })).algorithms, [HashAlgorithm.MD5, HashAlgorithm.SHA_256]);
  });

  it("makes a host name of an option known to the station", async () => {
    const made = await plan({ peer: "sip:phone@localhost" }, "host.1 = pbx 192.0.2.1");
    const { hosts } = made.settingsFor("");
    assert.deepEqual(
      hosts.map(({ name }) => text(name)),
      ["pbx", "localhost", "", ""],
    );
    const full = [1, 2, 3, 4].map((number) => `host.${number} = h${number} 192.0.2.${number}`).join("\n");
    await assert.rejects(plan({ peer: "sip:phone@localhost" }, full), {
      message: "--peer: all host.N of the settings are in use, so localhost has to be given as an address",
    });
  });

  it("refuses an option whose value the settings do not allow, and quotes no password", async () => {
    await assert.rejects(plan({ account: `door:${"x".repeat(65)}@192.0.2.1` }), {
      message: "--peer or --account: account.password: this value is not allowed; a text of at most 64 octets of UTF-8",
    });
    await assert.rejects(plan({ sipPort: "5070" }), {
      message:
        "--switchboard-port: station and switchboard cannot both have port 5070; --sip-port chooses the station's",
    });
  });

  it("takes the key of the first account, button or host by either spelling for the same", async () => {
    assert.equal(mergeSettings("account.1.user = a", {}, { "account.user": "b" }), "account.1.user = a\n");
    assert.equal(mergeSettings("button.call = sip:a", { "button.1.call": "sip:b" }, {}), "button.1.call = sip:b\n");
    const { hosts } = (await plan({ peer: "sip:phone@localhost" }, "host = pbx 192.0.2.1")).settingsFor("");
    assert.equal(text(hosts[1].name), "localhost");
  });

  it("merges settings: what is said instead replaces lines, what is said otherwise fills gaps, an empty value leaves out", () => {
    const merged = mergeSettings("# a = 1\na = 1\r\nb=2\n", { b: "3", c: "" }, { a: "9", c: "4", d: "5" });
    assert.equal(merged, "# a = 1\na = 1\n\nd = 5\nb = 3\n");
  });
});
