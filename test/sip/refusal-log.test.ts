// The refusal log: counts by reason and source in fixed memory, and one report a second and reason at most.

import { createTimerWheel } from "../../firmware/clock/timer-wheel";
import { createMemory } from "../../firmware/memory/pool";
import { countRefusals, createRefusalLog, noteRefusal, Refusal, type RefusalLog } from "../../firmware/sip/refusal-log";
import { testEndpoint } from "../fake-udp";
import { describe, equal, it, itSlow } from "../harness";

interface Bench {
  log: RefusalLog;
  /** "reason:count" of each report. */
  reports: string[];
}

function createBench(): Bench {
  const reports: string[] = [];
  const listener = {
    owner: reports,
    onRefusals: (owner: object, reason: number, count: number): void => {
      (owner as string[]).push(`${reason}:${count}`);
    },
  };
  const limit = { name: "refusals", count: 3, bytesEach: 16, reason: "" };
  return { log: createRefusalLog(createMemory(), limit, createTimerWheel(0), listener), reports };
}

function entriesOf(log: RefusalLog): string {
  const texts: string[] = [];
  for (let index = 0; index < log.entries.length; index += 1) {
    const entry = log.entries[index];
    texts.push(`${entry.reason}:${entry.source.address[3]}:${entry.count}`);
  }
  return texts.join(" ");
}

describe("the refusal log", () => {
  it("counts by reason and by source", () => {
    const { log } = createBench();
    noteRefusal(log, Refusal.NETWORK, testEndpoint(7, 5060));
    noteRefusal(log, Refusal.NETWORK, testEndpoint(7, 5070));
    noteRefusal(log, Refusal.CALLER, testEndpoint(7, 5060));
    noteRefusal(log, Refusal.NETWORK, testEndpoint(8, 5060));
    equal(entriesOf(log), "1:7:2 5:7:1 1:8:1");
    equal(countRefusals(log, Refusal.NETWORK), 3);
    equal(countRefusals(log, Refusal.CALLER), 1);
    equal(countRefusals(log, Refusal.DEFECT), 0);
    equal(log.entries[0].source.port, 5070, "the port of the last one");
  });

  it("keeps the latest sources when there are more than it has room for", () => {
    const { log } = createBench();
    for (let host = 1; host <= 5; host += 1) {
      noteRefusal(log, Refusal.NETWORK, testEndpoint(host, 5060));
    }
    equal(entriesOf(log), "1:4:1 1:5:1 1:3:1");
    equal(countRefusals(log, Refusal.NETWORK), 5);
    equal(log.use.inUse, 3);
  });

  itSlow("reports the first of a reason at once, and then once a second what has gathered", () => {
    const { log, reports } = createBench();
    for (let millisecond = 0; millisecond < 2500; millisecond += 1) {
      log.wheel.now = millisecond;
      for (let count = 0; count < 10; count += 1) {
        noteRefusal(log, Refusal.STRANGERS_RATE, testEndpoint(count, 5060));
      }
    }
    equal(reports.join(" "), "3:1 3:10000 3:10000");
  });

  it("reports each reason for itself", () => {
    const { log, reports } = createBench();
    noteRefusal(log, Refusal.CALLER, testEndpoint(7, 5060));
    noteRefusal(log, Refusal.DEFECT, testEndpoint(7, 5060));
    noteRefusal(log, Refusal.CALLER, testEndpoint(7, 5060));
    equal(reports.join(" "), "5:1 9:1");
  });
});
