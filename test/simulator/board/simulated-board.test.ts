// The simulated board: a small station on it sees presses, datagrams and audio, in virtual time and on real sockets.

import assert from "node:assert/strict";
import { createSamples } from "../../../firmware/bytes/bytes";
import { createEndpoint } from "../../../firmware/bytes/ip-address";
import { type Board, Led } from "../../../hal/board";
import type { Pollable } from "../../../hal/node/driver";
import { MemoryNetwork } from "../../../hal/node/memory-network";
import { SeededRandom } from "../../../hal/node/random";
import { RealClock } from "../../../hal/node/real-clock";
import { createSine } from "../../../hal/node/sample-source";
import { VirtualClock } from "../../../hal/node/virtual-clock";
import { createVirtualBoard, openSimulatedBoard, type SimulatedBoard } from "../../../simulator/board/simulated-board";

/** Sends a datagram to `peer` when its button goes down, answers none; a datagram energises the relay; voice is echoed. */
class SmallStation implements Pollable {
  private pressed = 0;
  private readonly frame = createSamples(160);
  private readonly buffer = new Uint8Array(64);
  private readonly source = createEndpoint();
  frames = 0;
  feeding = true;

  constructor(
    private readonly board: Board,
    private readonly peer: Board | undefined,
  ) {
    board.audioIn.start();
    board.audioOut.start();
  }

  poll(): number {
    const board = this.board;
    if (this.feeding) {
      board.watchdog.feed();
    }
    const pressed = board.buttons[0].read();
    if (pressed === 1 && this.pressed === 0 && this.peer !== undefined) {
      board.sip.write(this.buffer, 0, 4, this.peer.sip.local);
      board.leds[Led.CALL].write(1);
    }
    this.pressed = pressed;
    while (board.sip.read(this.buffer, this.source) >= 0) {
      board.relays[0].write(1);
    }
    while (board.audioIn.read(this.frame, 160) === 160) {
      board.audioOut.write(this.frame, 160);
      this.frames += 1;
    }
    return 1000;
  }
}

/** Makes the station when the board is powered, and puts it into `made`. */
function boot(peer: Board | undefined, made: SmallStation[] = []): (board: Board) => SmallStation {
  return (board) => {
    const station = new SmallStation(board, peer);
    made.push(station);
    return station;
  };
}

function createPair(seed = 1) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock, { seed });
  const random = new SeededRandom(seed);
  const door = createVirtualBoard(
    clock,
    network,
    { address: "10.0.0.1", sipPort: 5060, rtpPort: 10_000, calls: 2 },
    { random },
  );
  const indoor = createVirtualBoard(clock, network, { address: "10.0.0.2" }, { random, buttons: 2, relays: 2 });
  return { clock, network, door, indoor };
}

describe("simulator/board/simulated-board", () => {
  it("carries a press to the other board's relay at the time of the network, and reports each output", () => {
    const { clock, door, indoor } = createPair();
    const reports: string[] = [];
    for (const [name, board] of [
      ["door", door],
      ["indoor", indoor],
    ] as const) {
      board.onOutput(({ kind, index, value, time }) => reports.push(`${time} ${name} ${kind} ${index} ${value}`));
    }
    door.start(boot(indoor));
    indoor.start(boot(undefined));
    clock.run(100);
    door.press(0, 150);
    clock.run(110);
    assert.equal(door.buttons[0].value, 1);
    clock.run(1000);
    assert.deepEqual(reports, ["100 door led 0 1", "102 indoor relay 0 1"]);
    assert.deepEqual(door.buttons[0].changes, [
      { time: 100, value: 1 },
      { time: 250, value: 0 },
    ]);
    assert.equal(indoor.isSafe(), false);
    assert.equal(door.isSafe(), true);
  });

  it("hears its own microphone in the speaker when the station passes it on, 50 frames a second", () => {
    const { clock, door } = createPair();
    const stations: SmallStation[] = [];
    door.microphone = createSine(440, -20);
    door.start(boot(undefined, stations));
    clock.runFor(10_000);
    assert.equal(stations[0].frames, 500);
    assert.ok(Math.abs(door.speaker.levelAt(440) + 20) < 0.2, `${door.speaker.levelAt(440)}`);
    assert.ok(door.speaker.levelAt(1000) < -60);
    assert.equal(door.audioOut.gaps + door.audioIn.lost, 0);
  });

  it("falls to its safe state, silent and unpolled, when the power goes, and forgets what waited on the sockets", () => {
    const { clock, door, indoor } = createPair();
    indoor.start(boot(undefined));
    door.start(boot(indoor));
    door.press(0);
    clock.run(50);
    assert.equal(indoor.isSafe(), false);
    indoor.powerOff();
    assert.equal(indoor.isSafe(), true);
    assert.equal(indoor.audioIn.running, false);
    clock.run(500);
    door.press(0);
    clock.run(20_000);
    assert.equal(indoor.watchdog.starved, 0);
    indoor.start(boot(undefined));
    clock.run(30_000);
    assert.equal(indoor.isSafe(), true);
  });

  it("is reset, relays safe, when the station stops feeding the watchdog, and can start again", () => {
    const { clock, door, indoor } = createPair();
    const stations: SmallStation[] = [];
    indoor.start(boot(undefined, stations));
    door.start(boot(indoor));
    door.press(0);
    clock.run(5000);
    let restarted = 0;
    indoor.onReset = () => {
      restarted = clock.elapsed();
      indoor.start(boot(undefined));
    };
    stations[0].feeding = false;
    clock.run(60_000);
    assert.equal(indoor.resets, 1);
    assert.equal(indoor.isSafe(), true);
    assert.ok(restarted >= 12_000 && restarted <= 13_000, `${restarted}`);
  });

  it("polls its station at once when the desk asks for it, and stays quiet without one", () => {
    const { clock, door } = createPair();
    door.wake();
    const polls: number[] = [];
    door.start(() => ({
      poll() {
        polls.push(clock.elapsed());
        return 1000;
      },
    }));
    clock.run(300);
    door.wake();
    clock.run(1500);
    assert.deepEqual(polls, [0, 300, 1300]);
  });

  it("has the buttons, relays, ports and calls asked for", () => {
    const { door, indoor } = createPair();
    assert.deepEqual(
      [indoor.buttons.length, indoor.relays.length, indoor.leds.length, indoor.media.length],
      [2, 2, 3, 1],
    );
    assert.deepEqual(
      door.media.map((pair) => [pair.rtp.local.port, pair.rtcp.local.port]),
      [
        [10_000, 10_001],
        [10_002, 10_003],
      ],
    );
    assert.throws(() => indoor.press(2), /the board has no button 2; it has 2, from 0/);
  });

  it("gives the same trace, outputs and random octets for the same seed", () => {
    const traced = (seed: number): string => {
      const { clock, network, door, indoor } = createPair(seed);
      network.host("10.0.0.1").jitter = 20;
      door.start(boot(indoor));
      indoor.start(boot(undefined));
      for (let press = 0; press < 10; press += 1) {
        clock.after(500 * press, () => door.press(0));
      }
      clock.run(10_000);
      const octets = new Uint8Array(8);
      door.random.fill(octets, 0, 8);
      return JSON.stringify([network.trace.map((line) => line.settled), indoor.relays[0].changes, [...octets]]);
    };
    assert.equal(traced(1), traced(1));
    assert.notEqual(traced(1), traced(2));
  });

  describe("on real sockets", () => {
    const boards: SimulatedBoard[] = [];

    afterEach(() => {
      for (const board of boards.splice(0)) {
        board.close();
      }
    });

    it("carries a press to the other board's relay", async () => {
      const clock = new RealClock();
      const door = await openSimulatedBoard(clock, { address: "127.0.0.1" });
      const indoor = await openSimulatedBoard(clock, { address: "127.0.0.1", calls: 2 });
      boards.push(door, indoor);
      door.start(boot(indoor));
      indoor.start(boot(undefined));
      await new Promise<void>((resolve) => {
        indoor.onOutput(({ kind }) => {
          if (kind === "relay") {
            resolve();
          }
        });
        door.press(0, 20);
      });
      assert.equal(indoor.relays[0].value, 1);
      assert.equal(new Set(indoor.media.map((pair) => pair.rtp.local.port)).size, 2);
    });

    it("says which port could not be had, and gives back the others", async () => {
      const clock = new RealClock();
      const door = await openSimulatedBoard(clock, { address: "127.0.0.1" });
      boards.push(door);
      const rtpPort = door.media[0].rtp.local.port;
      const probe = await openSimulatedBoard(clock, { address: "127.0.0.1" });
      const sipPort = probe.sip.local.port;
      probe.close();
      await assert.rejects(openSimulatedBoard(clock, { address: "127.0.0.1", sipPort, rtpPort }), /the port is in use/);
      boards.push(await openSimulatedBoard(clock, { address: "127.0.0.1", sipPort }));
    });
  });
});
