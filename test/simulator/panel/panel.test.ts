// The panel: a frame of the right size for every terminal, with what matters in it, and nothing from the wire that steers.

import assert from "node:assert/strict";
import picocolors from "picocolors";
import { setFixedText } from "../../../firmware/bytes/fixed-text";
import { MemoryNetwork } from "../../../hal/node/memory-network";
import { VirtualClock } from "../../../hal/node/virtual-clock";
import { Desk } from "../../../simulator/desk";
import { createVirtualNetwork } from "../../../simulator/desk-network";
import { planDesk } from "../../../simulator/desk-plan";
import { messageSummary } from "../../../simulator/event-prose";
import { colourFrame, type Line } from "../../../simulator/panel/frame";
import { pressKey } from "../../../simulator/panel/keys";
import { clockText, LEAST_COLUMNS, LEAST_ROWS, renderPanel } from "../../../simulator/panel/panel";
import { drawFrame } from "../../../simulator/panel/picture";
import { viewDesk } from "../../../simulator/panel/view";

function textOf(frame: Line[]): string[] {
  return frame.map((line) => line.map(({ text }) => text).join(""));
}

describe("simulator/panel", () => {
  let clock: VirtualClock;
  let desk: Desk;

  async function open(options = {}): Promise<void> {
    clock = new VirtualClock();
    const plan = await planDesk(options, { readsSettingsFile: false });
    desk = await Desk.open(createVirtualNetwork(clock, new MemoryNetwork(clock)), plan);
    clock.runFor(500);
  }

  /** Presses keys, one every 300 ms. */
  function type(keys: string): void {
    for (const key of keys) {
      assert.equal(pressKey(desk, key), false, key);
      clock.runFor(300);
    }
  }

  function frame(columns = 80, rows = 23): string[] {
    return textOf(renderPanel(viewDesk(desk), columns, rows));
  }

  /** The line with a label in one half of the frame. */
  function shown(label: string, half: "left" | "right"): string {
    const line = frame().find((text) => text.slice(half === "left" ? 0 : 40).startsWith(`│ ${label} `)) ?? "";
    return (half === "left" ? line.slice(0, 40) : line.slice(40)).slice(11, -1).trim();
  }

  beforeEach(() => open());

  it("has exactly the columns and rows of the terminal, and never less than it needs", () => {
    type("ba");
    const sizes = [
      [80, 23, 80, 23],
      [120, 39, 120, 39],
      [81, 24, 81, 24],
      [200, 60, 200, 60],
      [20, 5, LEAST_COLUMNS, LEAST_ROWS],
    ];
    for (const [columns, rows, width, height] of sizes) {
      const lines = frame(columns, rows);
      assert.equal(lines.length, height);
      assert.deepEqual([...new Set(lines.map(({ length }) => length))], [width]);
    }
  });

  it("shows every step of a call as the keys make it", () => {
    assert.equal(shown("account", "left"), "registered");
    assert.equal(shown("exchange", "right"), "127.0.0.1:5070 (2 phones)");
    assert.equal(shown("state", "left"), "○ idle");
    type("b");
    assert.equal(shown("state", "left"), "● calling");
    assert.equal(shown("state", "right"), "● ringing");
    assert.equal(shown("lights", "left"), "● call  ○ talk  ○ door");
    type("a");
    clock.runFor(3000);
    assert.equal(shown("state", "left"), "● talking 0:03");
    assert.match(shown("with", "left"), /^sip:indoor@127\.0\.0\.1:\d+$/);
    assert.match(shown("hears", "left"), /^█{11}░{5} -20 dBov$/);
    assert.match(shown("hears", "right"), /^█{11}░{5} -20 dBov$/);
    type("42#");
    assert.equal(shown("relays", "left"), "■ 1 released  □ 2");
    assert.equal(shown("lights", "left"), "○ call  ● talk  ● door");
    assert.equal(shown("keys", "right"), "42#");
    type("x");
    assert.equal(shown("state", "left"), "○ idle");
    assert.equal(shown("last", "right"), "hung up");
    assert.match(shown("hears", "left"), /silence$/);
    assert.ok(frame().some((line) => line.includes("· call over: the other side hung up")));
  });

  it("has a key for everything else: hang up, reject, the indoor station calls, buttons by number", () => {
    type("1");
    assert.equal(shown("state", "right"), "● ringing");
    type("r");
    assert.equal(shown("state", "left"), "○ idle");
    type("c");
    assert.match(shown("state", "right"), /^● talking/);
    type("h");
    assert.equal(shown("state", "right"), "○ idle");
    assert.equal(shown("last", "right"), "the other side hung up");
    type("2");
    assert.ok(frame().some((line) => line.includes("button 2 calls nobody")));
    type("?Z");
    for (const key of ["q", "\u0003", "\u0004"]) {
      assert.equal(pressKey(desk, key), true);
    }
  });

  it("shows whom the buttons call when there is no switchboard", async () => {
    await open({ peer: "sip:phone@127.0.0.4" });
    assert.equal(shown("button 1", "right"), "sip:phone@127.0.0.4");
    assert.equal(shown("button 2", "right"), "calls nobody");
    assert.equal(shown("exchange", "right"), "none");
    type("ac5");
  });

  it("shows nothing of a message that would steer the terminal", () => {
    const bytes = Buffer.from("SIP/2.0 200 \u001b[2JOK\u0007\r\nCSeq: 1 INVITE\r\n\r\n", "latin1");
    const summary = messageSummary({ time: 0, sent: false, bytes, peer: desk.own.board.sip.local });
    assert.equal(summary, "200 ?[2JOK? (INVITE)");
  });

  it("shows the text that came last while nobody talks, and nothing in it that steers", () => {
    const { texts } = desk.own.device;
    const set = (into: typeof texts.text, text: string): void => {
      const octets = Buffer.from(text);
      setFixedText(into, octets, 0, octets.length);
    };
    set(texts.text, "in the\r\ngärden \u001b[2J");
    set(texts.sender, "sip:anna@home");
    assert.match(shown("text", "left"), /^in the\?g\?rden \?\[2J \(sip:an/);
    type("b");
    assert.equal(shown("text", "left"), "");
  });

  it("shows that a call is on hold", () => {
    type("ba");
    clock.runFor(1000);
    desk.own.device.station.held = true;
    assert.match(shown("state", "left"), /^● on hold 0:0\d$/);
  });

  it("colours a frame without changing its text, and draws every word of it", () => {
    type("ba42#");
    const lines = renderPanel(viewDesk(desk), 80, 23);
    const coloured = colourFrame(lines, picocolors.createColors(true));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences are what is looked for
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), textOf(lines).join("\n"));
    assert.notEqual(coloured, textOf(lines).join("\n"));
    const picture = drawFrame(lines);
    for (const word of ["Doorline", "sip:door@127.0.0.1", "talking", "door released: relay 1"]) {
      assert.ok(picture.includes(word), word);
    }
  });

  it("tells a time as minutes and seconds, from an hour on with hours", () => {
    assert.deepEqual([0, 59_999, 60_000, 3_599_000, 3_661_000].map(clockText), [
      "0:00",
      "0:59",
      "1:00",
      "59:59",
      "1:01:01",
    ]);
  });
});
