// The log of a board, read: every event, messages by their head, the engine, the memory; anything else changes nothing.

import assert from "node:assert/strict";
import { LogReader } from "../../../simulator/remote/log-lines";

/** What the lines of a log were taken for. */
function read(...lines: string[]): string[] {
  const heard: string[] = [];
  const reader = new LogReader({
    onEvent: (event, first, second) => void heard.push(`event ${event} ${first} ${second}`),
    onMessage: (sent, head, peer) =>
      void heard.push(`${sent ? "sent" : "received"} ${peer.port} ${Buffer.from(head).toString("latin1")}`),
    onProgram: (engine) => void heard.push(`engine ${engine}`),
    onMemory: (octets) => void heard.push(`octets ${octets}`),
  });
  for (const line of lines) {
    reader.take(line);
  }
  return heard;
}

describe("simulator/remote/log-lines", () => {
  it("takes an event of any name, with negative numbers", () => {
    assert.deepEqual(read("  37048.887 registration 2 200", "      0.096 call failed 0 -3"), [
      "event 2 2 200",
      "event 6 0 -3",
    ]);
  });

  it("takes the head of a message at its end, and nothing of its body", () => {
    const lines = [
      "-> to 127.0.0.1:5070",
      "   | BYE sip:a@b SIP/2.0",
      "   | CSeq: 1 BYE",
      "   | ",
      "   | v=0",
      "   | ",
    ];
    assert.deepEqual(read(...lines.map((line) => `      1.000 ${line}`)), [
      "sent 5070 BYE sip:a@b SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n",
    ]);
  });

  it("takes the engine and the octets in use", () => {
    const lines = [
      "      0.062 program doorline test on lua 5.4.4; started by power on, restarts 0",
      "     29.703 memory: 179956 of 409600 octets in use, at most 218348; buffers 140080 of 655360",
    ];
    assert.deepEqual(read(...lines), ["engine lua 5.4.4", "octets 320036"]);
  });

  it("takes nothing from other lines, nor from a message that breaks off", () => {
    const lines = [
      "registration 2 200",
      "      0.030 network: link",
      "      1.000 <- from 127.0.0.1:5070",
      "      1.000    | SIP/2.0 200 OK",
      "      1.001 unknown event 1 2",
      "      1.002    | ",
    ];
    assert.deepEqual(read(...lines), []);
  });
});
