// The demo's verdict on desks in memory: good when everything works, and the very thing that is missing when something does not.

import assert from "node:assert/strict";
import { MemoryNetwork } from "../../hal/node/memory-network";
import { createSilence, createSine } from "../../hal/node/sample-source";
import { VirtualClock } from "../../hal/node/virtual-clock";
import { createVirtualBoard } from "../../simulator/board/simulated-board";
import { runDemo } from "../../simulator/demo";
import { Desk } from "../../simulator/desk";
import { createVirtualNetwork } from "../../simulator/desk-network";
import type { DeskOptions } from "../../simulator/desk-options";
import { planDesk } from "../../simulator/desk-plan";
import { readSettings } from "../../simulator/desk-station";
import { type IndoorOptions, IndoorStation } from "../../simulator/switchboard/indoor-station";
import { type Verdict, verdictLine } from "../../simulator/verdict";

const ANSWERS: IndoorOptions = { answersAfter: 600 };

describe("simulator/demo", () => {
  /** Runs the demo on a desk that `disturb` has changed. */
  async function judge(
    disturb: (desk: Desk, clock: VirtualClock, network: MemoryNetwork) => unknown,
    indoor: IndoorOptions = ANSWERS,
    options: DeskOptions = {},
    settings: Record<string, string> = {},
  ): Promise<Verdict> {
    const clock = new VirtualClock();
    const network = new MemoryNetwork(clock);
    const plan = await planDesk(options, {
      readsSettingsFile: false,
      settings: { "relay.1.pulse": "1", ...settings },
    });
    const desk = await Desk.open(createVirtualNetwork(clock, network), plan, indoor);
    disturb(desk, clock, network);
    const verdict = await runDemo(desk);
    await desk.stop();
    assert.ok(desk.own.board.isSafe());
    return verdict;
  }

  it("is good for a call as it should be", async () => {
    const verdict = await judge(() => undefined);
    assert.match(
      verdictLine(verdict),
      /^GOOD: sip:indoor@127\.0\.0\.1:5070 answered after 0\.6\d s; the door hears 440 Hz at -(19\.9|20\.0|20\.1) dBov; the indoor station hears 1000 Hz at -(19\.9|20\.0|20\.1) dBov; keys 42#; relay 1 released for 1\.00 s; the indoor station hung up\.$/,
    );
  });

  it("expects the tone of the microphone and the gains of the settings, and lets the door hang up after the release", async () => {
    const verdict = await judge(
      () => undefined,
      ANSWERS,
      { microphone: "tone:700" },
      { "audio.microphone-gain": "-6", "audio.volume": "4", "call.hang-up-after-release": "1", "relay.1.pulse": "3" },
    );
    assert.deepEqual(verdict.missing, []);
    assert.equal(verdict.indoorHears?.hertz, 700);
    assert.ok(Math.abs((verdict.indoorHears?.level ?? 0) + 26) < 0.5, "indoor");
    assert.ok(Math.abs((verdict.doorHears?.level ?? 0) + 16) < 0.5, "door");
    assert.deepEqual([verdict.pulse, verdict.ended], [3000, "the station hung up"]);
  });

  it("names a registrar that does not answer", async () => {
    const verdict = await judge((desk) => desk.switchboard?.close());
    assert.deepEqual(verdict.missing, ["the station could not register: the registrar did not answer"]);
    assert.equal(verdictLine(verdict), "NOT GOOD: the station could not register: the registrar did not answer.");
  });

  it("names an indoor station that does not answer", async () => {
    const verdict = await judge(() => undefined, {});
    assert.deepEqual(verdict.missing, ["nobody answered in time"]);
  });

  it("names a call that is refused, with the code", async () => {
    const verdict = await judge(() => undefined, ANSWERS, {}, { "button.1.call": "sip:nobody@127.0.0.1:5070" });
    assert.deepEqual(verdict.missing, ["nobody answered: the call was refused (404)"]);
  });

  it("names the side that does not hear the other", async () => {
    const silent = await judge((desk) => {
      desk.own.board.microphone = createSilence();
    });
    assert.deepEqual(silent.missing, ["the indoor station does not hear 1000 Hz"]);
    assert.equal(silent.indoorHears, null);
    const deaf = await judge((desk) => {
      if (desk.indoor !== undefined) {
        desk.indoor.board.microphone = createSilence();
      }
    });
    assert.deepEqual(deaf.missing, ["the door does not hear 440 Hz"]);
  });

  it("names a door that the code does not release", async () => {
    const verdict = await judge((desk) => {
      if (desk.indoor !== undefined) {
        desk.indoor.press = () => undefined;
      }
    });
    assert.equal(verdict.relay, 0);
    assert.equal(verdict.good, false);
    assert.match(verdictLine(verdict), /^NOT GOOD: 42# did not release the door\. What happened: .* no relay moved; /);
  });

  it("names settings without a code", async () => {
    const verdict = await judge(() => undefined, ANSWERS, {}, { "relay.1.code": "" });
    assert.deepEqual(verdict.missing, ["the settings have no code that releases a door"]);
  });

  it("says of somebody else's phone that what it hears is not known, and waits for its person's code", async () => {
    const verdict = await judge(
      (desk, clock, network) => {
        const board = createVirtualBoard(
          clock,
          network,
          { address: "127.0.0.4", sipPort: 5060 },
          { microphone: createSine(600, -30) },
        );
        const phone = new IndoorStation(board, readSettings("account.user = phone", "phone"), { answersAfter: 20_000 });
        phone.onChange = () => {
          if (phone.state === "talking" && phone.keys === "") {
            clock.after(4000, () => phone.press("42#"));
          }
        };
        assert.equal(desk.switchboard, undefined);
      },
      {},
      { peer: "sip:phone@127.0.0.4" },
    );
    assert.match(
      verdictLine(verdict),
      /^GOOD: sip:phone@127\.0\.0\.4 answered after 20\.\d\d s; the door hears a voice at -\d\d\.\d dBov; what the other side hears is not known; keys 42#; relay 1 released for 1\.00 s; the station hung up\.$/,
    );
  });

  it("names a phone that is not there", async () => {
    const verdict = await judge((_desk, _clock, network) => network.host("127.0.0.4"), ANSWERS, {
      peer: "sip:phone@127.0.0.4",
    });
    assert.deepEqual(verdict.missing, ["nobody answered: nobody was reached"]);
  });
});
