// Admission before parsing: networks, the budgets of one stranger and of all, and the shares of the peers that matter.

import { createTimerWheel } from "../../firmware/clock/timer-wheel";
import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import { createIpNetwork, type IpNetwork, parseNetwork } from "../../firmware/settings/ip-network";
import { countRefusals, createRefusalLog, Refusal } from "../../firmware/sip/refusal-log";
import {
  admitSource,
  createSourcePolicy,
  isProtectedSource,
  mayAnswer,
  protectSource,
  type SourcePolicy,
} from "../../firmware/sip/source-policy";
import type { Endpoint } from "../../hal/endpoint";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf } from "../octets";

const LIMITS = createStationLimits().protection;

function ignore(): void {
  // Nobody reads the reports here.
}

function createPolicy(networks: string[]): SourcePolicy {
  const allowed: IpNetwork[] = [];
  for (let index = 0; index < networks.length; index += 1) {
    const network = createIpNetwork();
    const text = bytesOf(networks[index]);
    equal(parseNetwork(text, 0, text.length, network), 0, networks[index]);
    allowed.push(network);
  }
  const memory = createMemory();
  const wheel = createTimerWheel(5000);
  const refusals = createRefusalLog(memory, LIMITS.refusals, wheel, { owner: memory, onRefusals: ignore });
  return createSourcePolicy(memory, LIMITS, wheel, refusals, allowed, allowed.length);
}

/** How many of `count` datagrams at once are admitted. */
function admitted(policy: SourcePolicy, source: Endpoint, count: number): number {
  let number = 0;
  for (let index = 0; index < count; index += 1) {
    number += admitSource(policy, source) ? 1 : 0;
  }
  return number;
}

function hostOf6(prefix: number, host: number): Endpoint {
  const endpoint = testEndpoint(0, 5060);
  endpoint.family = 6;
  endpoint.address[7] = prefix;
  endpoint.address[15] = host;
  return endpoint;
}

describe("the source policy", () => {
  it("takes everybody where no network is listed, and only the listed ones where there is one", () => {
    equal(admitSource(createPolicy([]), testEndpoint(7, 5060)), true);
    const policy = createPolicy(["198.51.100.0/24", "192.0.2.8/31"]);
    equal(admitSource(policy, testEndpoint(8, 5060)), true);
    equal(admitSource(policy, testEndpoint(9, 5060)), true);
    equal(admitSource(policy, testEndpoint(10, 5060)), false);
    equal(countRefusals(policy.refusals, Refusal.NETWORK), 1);
  });

  it("takes a peer that matters from outside the listed networks", () => {
    const policy = createPolicy(["198.51.100.0/24"]);
    protectSource(policy, testEndpoint(7, 5060));
    equal(admitSource(policy, testEndpoint(7, 40000)), true);
  });

  it("gives one stranger its burst and its rate, from whatever port", () => {
    const policy = createPolicy([]);
    equal(admitted(policy, testEndpoint(7, 5060), 1000), LIMITS.strangerRate.burst);
    equal(admitSource(policy, testEndpoint(7, 5061)), false);
    policy.wheel.now += 10 * LIMITS.strangerRate.interval;
    equal(admitted(policy, testEndpoint(7, 5060), 1000), 10);
    isTrue(countRefusals(policy.refusals, Refusal.STRANGER_RATE) > 1900, "counted");
  });

  itSlow("leaves room for other strangers when one of them floods", () => {
    const policy = createPolicy([]);
    let heard = 0;
    for (let time = 0; time < 10000; time += 10) {
      policy.wheel.now = 5000 + time;
      admitted(policy, testEndpoint(66, 5060), 100);
      heard += time % 100 === 0 && admitSource(policy, testEndpoint(7, 5060)) ? 1 : 0;
    }
    equal(heard, 100, "messages of the quiet one");
  });

  it("tells IPv6 strangers apart by their /64", () => {
    const policy = createPolicy([]);
    let taken = 0;
    for (let host = 0; host < 100; host += 1) {
      taken += admitted(policy, hostOf6(1, host), 1);
    }
    equal(taken, LIMITS.strangerRate.burst);
    equal(admitSource(policy, hostOf6(2, 1)), true);
  });

  itSlow("holds all strangers together to one rate, however many sources they invent", () => {
    const policy = createPolicy([]);
    let taken = 0;
    for (let time = 0; time < 10000; time += 1) {
      policy.wheel.now = 5000 + time;
      for (let count = 0; count < 10; count += 1) {
        const source = testEndpoint(count, 5060);
        source.address[1] = (time >> 8) & 0xff;
        source.address[2] = time & 0xff;
        taken += admitSource(policy, source) ? 1 : 0;
      }
    }
    equal(taken, LIMITS.strangersRate.burst + 10000 / LIMITS.strangersRate.interval - 1);
    equal(policy.strangers.use.inUse, LIMITS.strangers.count);
  });

  itSlow("hears the peers that matter while 100,000 invented sources flood it", () => {
    const policy = createPolicy([]);
    protectSource(policy, testEndpoint(7, 5060));
    protectSource(policy, testEndpoint(8, 5060));
    let heard = 0;
    for (let round = 0; round < 1000; round += 1) {
      policy.wheel.now += 10;
      for (let count = 0; count < 100; count += 1) {
        const source = testEndpoint(count, 5060);
        source.address[0] = round & 0xff;
        source.address[1] = round >> 8;
        admitSource(policy, source);
      }
      heard += admitSource(policy, testEndpoint(7, 5060)) ? 1 : 0;
      heard += admitSource(policy, testEndpoint(8, 5060)) ? 1 : 0;
    }
    equal(heard, 2000);
  });

  it("holds a peer that matters to a rate of its own, so that its address cannot be borrowed for a flood", () => {
    const policy = createPolicy([]);
    protectSource(policy, testEndpoint(7, 5060));
    equal(admitted(policy, testEndpoint(7, 5060), 10000), LIMITS.peerRate.burst);
    equal(countRefusals(policy.refusals, Refusal.PEER_RATE), 10000 - LIMITS.peerRate.burst);
    equal(admitSource(policy, testEndpoint(9, 5060)), true, "others are not held to it");
  });

  it("forgets the peer that was silent longest when more matter than there is room for", () => {
    const policy = createPolicy([]);
    for (let host = 1; host <= LIMITS.peers.count; host += 1) {
      policy.wheel.now += 1000;
      protectSource(policy, testEndpoint(host, 5060));
    }
    policy.wheel.now += 1000;
    admitSource(policy, testEndpoint(1, 5060));
    protectSource(policy, testEndpoint(100, 5060));
    equal(isProtectedSource(policy, testEndpoint(1, 5060)), true, "heard of just now");
    equal(isProtectedSource(policy, testEndpoint(2, 5060)), false, "silent longest");
    equal(isProtectedSource(policy, testEndpoint(100, 5060)), true, "the new one");
  });

  it("answers strangers' refused requests by a budget, and peers that matter always", () => {
    const policy = createPolicy([]);
    let answers = 0;
    for (let count = 0; count < 1000; count += 1) {
      answers += mayAnswer(policy, testEndpoint(count % 100, 5060)) ? 1 : 0;
    }
    equal(answers, LIMITS.answerRate.burst);
    protectSource(policy, testEndpoint(7, 5060));
    equal(mayAnswer(policy, testEndpoint(7, 5060)), true);
  });
});
