// A station on the network in memory that asks the scripted name server over the board's own socket.

import assert from "node:assert/strict";
import { createFixedText } from "../../../firmware/bytes/fixed-text";
import { createTimerWheel, runTimers, timeToNextTimer } from "../../../firmware/clock/timer-wheel";
import { recordAt } from "../../../firmware/dns/cache";
import { createDnsClient, lookUp, pollDns } from "../../../firmware/dns/client";
import { RecordType } from "../../../firmware/dns/message";
import { NAME_OCTETS, setName } from "../../../firmware/dns/name";
import { createStationLimits } from "../../../firmware/limits";
import { createMemory } from "../../../firmware/memory/pool";
import { MemoryNetwork } from "../../../hal/node/memory-network";
import { SeededRandom } from "../../../hal/node/random";
import { VirtualClock } from "../../../hal/node/virtual-clock";
import { createVirtualBoard } from "../../../simulator/board/simulated-board";
import { bytesOf } from "../../octets";
import { NameServer } from "../../rig/name-server";

describe("simulator/board: the socket for name servers", () => {
  it("reaches a name server through a network that loses every fourth datagram", () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork(clock, { seed: 4, link: { loss: 0.15 } });
    const board = createVirtualBoard(clock, network, { address: "10.0.0.1" }, { random: new SeededRandom(1) });
    const socket = network.open("10.0.0.53", 53);
    const server = new NameServer(socket.local);
    socket.onReadable = () => server.poll(socket);
    const wheel = createTimerWheel(clock.now());
    const client = createDnsClient(createMemory(), createStationLimits(), board.names, board.random, wheel, [
      socket.local,
    ]);
    board.start(() => ({
      poll: () => {
        runTimers(wheel, clock.now());
        pollDns(client);
        return timeToNextTimer(wheel, clock.now());
      },
    }));
    const name = createFixedText(NAME_OCTETS);
    let answered = 0;
    for (let host = 0; host < 40; host += 1) {
      const text = `h${host}.example.com`;
      server.add(`${text} 60 A 10.0.1.${host}`);
      setName(name, bytesOf(text), 0, text.length);
      lookUp(client, name.bytes, 0, name.length, RecordType.A);
      board.wake();
      clock.runFor(9000);
      const entry = lookUp(client, name.bytes, 0, name.length, RecordType.A);
      answered += entry.records === 1 && entry.bytes[recordAt(entry, 0) + 3] === host ? 1 : 0;
    }
    assert.ok(
      answered >= 34 && server.questions.length > 45,
      `${answered} of 40, ${server.questions.length} questions`,
    );
    board.close();
  });
});
