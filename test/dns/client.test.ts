// The DNS client against a scripted name server: the cache and its times, aliases, two servers, what is sent again and when,
// and which datagrams are no answers.

import { createBytes } from "../../firmware/bytes/bytes";
import { createFixedText } from "../../firmware/bytes/fixed-text";
import { type CacheEntry, recordAt, takeEntry } from "../../firmware/dns/cache";
import { createDnsClient, type DnsClient, lookUp, pollDns, restartDns } from "../../firmware/dns/client";
import { NAME_OCTETS, setName } from "../../firmware/dns/name";
import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import { type FakeDatagram, FakeUdp, testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, hexOf, textOf } from "../octets";
import { NameServer, typeNumber } from "../rig/name-server";
import { SeededRandom } from "../rig/time";
import { WheelBench } from "../rig/wheel-bench";

const name = createFixedText(NAME_OCTETS);

class DnsBench {
  readonly time = new WheelBench();
  readonly udp = new FakeUdp(testEndpoint(4, 5053));
  readonly first = new NameServer(testEndpoint(53, 53));
  readonly second = new NameServer(testEndpoint(54, 53));
  readonly client: DnsClient;
  /** How often the user was told of an answer. */
  told = 0;

  /** @param servers 0 … 2 */
  constructor(servers: number) {
    const all = [this.first.endpoint, this.second.endpoint];
    const endpoints = [testEndpoint(0, 0)];
    endpoints[0].family = 0;
    for (let index = 0; index < servers; index += 1) {
      endpoints.push(all[index]);
    }
    const random = new SeededRandom(77);
    this.client = createDnsClient(createMemory(), createStationLimits(), this.udp, random, this.time.wheel, endpoints);
    this.client.user = {
      owner: this,
      onAnswer: (): void => {
        this.told += 1;
      },
    };
  }

  entry(type: string, text: string): CacheEntry {
    setName(name, bytesOf(text), 0, text.length);
    return lookUp(this.client, name.bytes, 0, name.length, typeNumber(type));
  }

  /** What is known: "?" while it is asked for, "-" when there is none, else the records in hexadecimal digits. */
  look(type: string, text: string): string {
    const entry = this.entry(type, text);
    if (entry === this.client.pending) {
      return "?";
    }
    const records: string[] = [];
    for (let index = 0; index < entry.records; index += 1) {
      const at = recordAt(entry, index);
      records.push(hexOf(entry.bytes, at, at + entry.bytes[at - 1]));
    }
    return records.length === 0 ? "-" : records.join(" ");
  }

  /** The servers answer what was asked. */
  exchange(): void {
    this.first.exchange(this.udp);
    this.second.exchange(this.udp);
    pollDns(this.client);
  }

  /** Looks, lets the servers answer, and looks again. */
  resolve(type: string, text: string): string {
    const known = this.look(type, text);
    if (known !== "?") {
      return known;
    }
    this.exchange();
    return this.look(type, text);
  }

  /** Moves the time on, with answers in every 100 ms. */
  advance(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      this.time.advance(100);
      this.exchange();
    }
  }
}

/** The name in a query, as it was written. */
function questionOf(query: FakeDatagram): string {
  return textOf(query.bytes, 13, query.bytes.length - 5);
}

describe("the DNS client", () => {
  it("asks once and answers from the cache until the TTL has passed", () => {
    const bench = new DnsBench(1);
    bench.first.add("pbx.example.com 60 A 192.0.2.10");
    equal(bench.look("A", "pbx.example.com"), "?", "first look");
    equal(bench.look("A", "PBX.example.com."), "?", "the same question while it is under way");
    bench.exchange();
    equal(bench.told, 1, "answers told");
    equal(bench.look("A", "pbx.example.com"), "c000020a");
    bench.advance(59900);
    equal(bench.look("A", "pbx.example.com"), "c000020a", "before the end");
    equal(bench.first.questions.length, 1, "questions");
    bench.advance(200);
    equal(bench.look("A", "pbx.example.com"), "?", "behind the end");
    equal(bench.client.cache.use.inUse, 0, "entries that hold");
  });

  itSlow("holds a TTL of 0 for ten seconds and the longest one for six hours", () => {
    const bench = new DnsBench(1);
    bench.first.add("short.example.com 0 A 192.0.2.10");
    bench.first.add("long.example.com 4000000 A 192.0.2.11");
    equal(bench.resolve("A", "short.example.com"), "c000020a");
    equal(bench.resolve("A", "long.example.com"), "c000020b");
    bench.time.advance(9900);
    equal(bench.look("A", "short.example.com"), "c000020a", "after 9.9 s");
    bench.time.advance(200);
    equal(bench.look("A", "short.example.com"), "?", "after 10.1 s");
    bench.exchange();
    bench.time.advance(21600000 - 10200);
    equal(bench.look("A", "long.example.com"), "c000020b", "before six hours");
    bench.time.advance(300);
    equal(bench.look("A", "long.example.com"), "?", "after six hours");
  });

  it("remembers that there is no such record, or no such name, as long as the SOA says, at most five minutes", () => {
    const bench = new DnsBench(1);
    bench.first.add("example.com 3600 SOA 120");
    bench.first.add("example.org 3600 SOA 9000");
    bench.first.add("pbx.example.com 60 A 192.0.2.10");
    equal(bench.resolve("AAAA", "pbx.example.com"), "-", "no such record");
    equal(bench.resolve("A", "no.example.com"), "-", "no such name");
    equal(bench.resolve("A", "no.example.org"), "-", "no such name");
    equal(bench.resolve("A", "no.example.net"), "-", "no such name, without SOA");
    bench.time.advance(9000);
    equal(bench.look("A", "no.example.net"), "-", "9 s, without SOA");
    bench.time.advance(110000);
    equal(bench.look("A", "no.example.com"), "-", "119 s");
    equal(bench.look("AAAA", "pbx.example.com"), "-", "119 s");
    equal(bench.look("A", "no.example.net"), "?", "119 s, without SOA");
    bench.time.advance(2000);
    equal(bench.look("A", "no.example.com"), "?", "121 s");
    equal(bench.look("A", "no.example.org"), "-", "121 s, a long minimum");
    bench.time.advance(180000);
    equal(bench.look("A", "no.example.org"), "?", "301 s, a long minimum");
  });

  it("follows aliases in one answer and over several, and holds them for the shortest TTL", () => {
    const bench = new DnsBench(1);
    bench.first.add("a.example.com 300 CNAME b.example.com");
    bench.first.add("b.example.com 20 CNAME c.example.com");
    bench.first.add("c.example.com 300 A 192.0.2.12");
    equal(bench.resolve("A", "a.example.com"), "c000020c", "in one answer");
    bench.advance(20100);
    bench.first.followingAliases = false;
    equal(bench.look("A", "a.example.com"), "?", "the shortest TTL has passed");
    bench.exchange();
    bench.exchange();
    bench.exchange();
    equal(bench.look("A", "a.example.com"), "c000020c", "over three answers");
    equal(bench.first.questions.join(), "A a.example.com,A a.example.com,A b.example.com,A c.example.com");
    bench.time.advance(20100);
    equal(bench.look("A", "a.example.com"), "?", "the shortest TTL of the three");
  });

  it("gives aliases up that go round", () => {
    for (const following of [true, false]) {
      const bench = new DnsBench(1);
      bench.first.followingAliases = following;
      bench.first.add("a.example.com 300 CNAME b.example.com");
      bench.first.add("b.example.com 300 CNAME a.example.com");
      bench.look("A", "a.example.com");
      for (let turn = 0; turn < 20; turn += 1) {
        bench.exchange();
      }
      equal(bench.look("A", "a.example.com"), "-", "given up");
      isTrue(bench.first.questions.length <= 5, "at most five questions");
      equal(bench.client.use.inUse, 0, "queries in use");
    }
  });

  it("sends again after 1, 2 and 4 s and gives up after 8 s", () => {
    const bench = new DnsBench(1);
    const times: number[] = [];
    bench.look("A", "pbx.example.com");
    for (let time = 0; time < 12000 && bench.told === 0; time += 10) {
      if (bench.udp.sent.length > 0) {
        times.push(time);
        bench.udp.sent = [];
      }
      bench.time.advance(10);
    }
    equal(times.join(" "), "0 1000 2000 4000");
    equal(bench.time.clock.elapsed, 8000, "given up at");
    equal(bench.look("A", "pbx.example.com"), "-", "unknown for a while");
    bench.time.advance(5000);
    equal(bench.look("A", "pbx.example.com"), "?", "asked anew");
  });

  it("asks two servers in turn, and begins with the one that answered last", () => {
    const bench = new DnsBench(2);
    bench.first.answering = false;
    bench.second.add("a.example.com 60 A 192.0.2.10");
    bench.second.add("b.example.com 60 A 192.0.2.11");
    equal(bench.resolve("A", "a.example.com"), "?", "the first is silent");
    bench.advance(1000);
    equal(bench.look("A", "a.example.com"), "c000020a", "the second answers after a second");
    equal(bench.resolve("A", "b.example.com"), "c000020b", "and is asked first from now on");
    equal(bench.first.questions.length, 1, "questions to the first");
  });

  it("takes the late answer of the first server when the second was asked meanwhile", () => {
    const bench = new DnsBench(2);
    bench.first.add("a.example.com 60 A 192.0.2.10");
    bench.look("A", "a.example.com");
    const query = bench.udp.sent[0];
    bench.time.advance(1500);
    const answer = bench.first.answer(query.bytes, query.bytes.length);
    bench.udp.arrive(answer, answer.length, bench.first.endpoint);
    pollDns(bench.client);
    equal(bench.look("A", "a.example.com"), "c000020a");
  });

  it("asks the other server at once when one fails or refuses, and stops when both do", () => {
    const bench = new DnsBench(2);
    bench.first.code = 2;
    bench.second.add("a.example.com 60 A 192.0.2.10");
    bench.look("A", "a.example.com");
    bench.exchange();
    bench.exchange();
    equal(bench.look("A", "a.example.com"), "c000020a");
    bench.second.code = 5;
    bench.look("A", "b.example.com");
    bench.exchange();
    bench.exchange();
    bench.exchange();
    equal(bench.look("A", "b.example.com"), "-");
    equal(bench.first.questions.length + bench.second.questions.length, 4, "questions in all");
  });

  it("uses what has run out while no server answers, and asks again every half minute", () => {
    const bench = new DnsBench(2);
    bench.first.add("pbx.example.com 60 A 192.0.2.10");
    equal(bench.resolve("A", "pbx.example.com"), "c000020a");
    bench.first.answering = false;
    bench.second.answering = false;
    bench.advance(61000);
    equal(bench.look("A", "pbx.example.com"), "?");
    bench.advance(8000);
    equal(bench.look("A", "pbx.example.com"), "c000020a", "the old address");
    bench.advance(29000);
    equal(bench.look("A", "pbx.example.com"), "c000020a", "29 s later");
    bench.advance(1000);
    equal(bench.look("A", "pbx.example.com"), "?", "asked again");
    bench.first.answering = true;
    bench.first.remove("pbx.example.com");
    bench.first.add("pbx.example.com 60 A 192.0.2.11");
    bench.advance(2000);
    equal(bench.look("A", "pbx.example.com"), "c000020b", "the new address");
  });

  it("takes a type for absent for a minute that a server leaves unanswered while it answers others", () => {
    const bench = new DnsBench(1);
    bench.first.add("pbx.example.com 60 A 192.0.2.10");
    bench.first.silentTypes = ["NAPTR"];
    bench.look("NAPTR", "pbx.example.com");
    bench.look("A", "pbx.example.com");
    bench.advance(8000);
    equal(bench.look("NAPTR", "pbx.example.com"), "-", "after 8 s");
    bench.advance(50000);
    equal(bench.look("NAPTR", "pbx.example.com"), "-", "after 58 s");
    bench.advance(11000);
    equal(bench.look("NAPTR", "pbx.example.com"), "?", "after 69 s");
  });

  it("mixes the case of its questions and takes an answer only with the same letters", () => {
    const bench = new DnsBench(1);
    const text = "abcdefghijklmnop.example.com";
    bench.first.add(`${text} 60 A 192.0.2.10`);
    bench.look("A", text);
    const query = bench.udp.sent[0];
    const asked = questionOf(query);
    isTrue(asked !== asked.toLowerCase() && asked !== asked.toUpperCase(), "both cases occur");
    bench.first.losingCase = true;
    bench.exchange();
    equal(bench.look("A", text), "?", "an answer in lower case is none");
    equal(bench.client.foreign, 1, "foreign datagrams");
    bench.advance(1000);
    equal(bench.look("A", text), "?", "nor the second");
    bench.advance(1000);
    equal(bench.look("A", text), "c000020a", "the third question is in lower case itself");
  });

  it("ignores answers from elsewhere, with another id, to another question, and without a question", () => {
    const bench = new DnsBench(1);
    bench.first.add("pbx.example.com 60 A 192.0.2.66");
    bench.first.add("pbx.example.con 60 A 192.0.2.66");
    bench.look("A", "pbx.example.com");
    const query = bench.udp.sent[0];
    const good = bench.first.answer(query.bytes, query.bytes.length);
    const arrive = (at: number, change: number, host: number, port: number): void => {
      const copy = createBytes(good.length);
      for (let index = 0; index < good.length; index += 1) {
        copy[index] = good[index];
      }
      copy[at] = copy[at] ^ change;
      bench.udp.arrive(copy, copy.length, testEndpoint(host, port));
      pollDns(bench.client);
    };
    arrive(0, 1, 53, 53);
    arrive(1, 0x80, 53, 53);
    arrive(2, 0x80, 53, 53); // a query
    arrive(2, 0x08, 53, 53); // another opcode
    arrive(5, 1, 53, 53); // no question
    arrive(5, 3, 53, 53); // two questions
    arrive(14, 0x20, 53, 53); // the case of a letter
    arrive(27, 1, 53, 53); // another name
    arrive(30, 1, 53, 53); // another type
    arrive(3, 0, 54, 53); // a server that was not asked
    arrive(3, 0, 53, 54); // another port
    equal(bench.look("A", "pbx.example.com"), "?");
    equal(bench.client.foreign, 11, "foreign datagrams");
    arrive(3, 0, 53, 53);
    equal(bench.look("A", "pbx.example.com"), "c0000242", "the answer as it was");
    arrive(3, 0, 53, 53);
    equal(bench.client.foreign, 12, "an answer that comes twice");
  });

  it("ignores the answer of a server of its own that was not asked", () => {
    const bench = new DnsBench(2);
    bench.second.add("pbx.example.com 60 A 192.0.2.66");
    bench.look("A", "pbx.example.com");
    const query = bench.udp.sent[0];
    const answer = bench.second.answer(query.bytes, query.bytes.length);
    bench.udp.arrive(answer, answer.length, bench.second.endpoint);
    pollDns(bench.client);
    equal(bench.look("A", "pbx.example.com"), "?");
  });

  it("asks elsewhere when the records of an answer are all malformed", () => {
    const bench = new DnsBench(2);
    bench.first.addData("pbx.example.com", "A", [192, 0, 2]);
    bench.second.add("pbx.example.com 60 A 192.0.2.10");
    equal(bench.resolve("A", "pbx.example.com"), "?");
    bench.exchange();
    equal(bench.look("A", "pbx.example.com"), "c000020a");
  });

  it("gives no place away that is asked for or read", () => {
    const cache = new DnsBench(1).client.cache;
    const labels = bytesOf("xy");
    for (let index = 0; index < cache.entries.length; index += 1) {
      labels[0] = index;
      const entry = takeEntry(cache, labels, 0, 2, 1);
      entry.held = index % 2 === 0;
      entry.asked = index % 2 === 1;
    }
    labels[0] = 99;
    isTrue(takeEntry(cache, labels, 0, 2, 1) === cache.none, "all are in use");
    cache.entries[3].held = false;
    cache.entries[3].asked = false;
    const free = cache.entries[3];
    isTrue(takeEntry(cache, labels, 0, 2, 1) === free, "the one that is not");
  });

  it("takes the whole records of a truncated answer, and tries elsewhere when there are none", () => {
    const bench = new DnsBench(2);
    bench.first.add("pbx.example.com 60 A 192.0.2.10");
    bench.first.add("pbx.example.com 60 A 192.0.2.11");
    bench.second.add("pbx.example.net 60 A 192.0.2.12");
    bench.first.cutAfter = 1;
    equal(bench.resolve("A", "pbx.example.com"), "c000020a", "one of two");
    bench.first.cutAfter = 0;
    equal(bench.resolve("A", "pbx.example.net"), "?", "none");
    bench.exchange();
    equal(bench.look("A", "pbx.example.net"), "c000020c", "from the second server");
  });

  it("waits with a question when the pool is full, and gives the least recently used entry away", () => {
    const bench = new DnsBench(1);
    const limits = createStationLimits();
    for (let index = 0; index < limits.dnsCache.count + 1; index += 1) {
      bench.first.add(`n${index}.example.com 600 A 192.0.2.${index}`);
    }
    for (let index = 0; index <= limits.dnsQueries.count; index += 1) {
      equal(bench.look("A", `n${index}.example.com`), "?");
    }
    equal(bench.client.use.inUse, limits.dnsQueries.count, "queries in use");
    equal(bench.client.use.refused, 1, "refused");
    bench.exchange();
    equal(bench.client.use.inUse, 0, "queries in use afterwards");
    for (let index = 0; index < limits.dnsCache.count; index += 1) {
      bench.resolve("A", `n${index}.example.com`);
    }
    equal(bench.client.cache.use.inUse, limits.dnsCache.count, "entries");
    bench.look("A", "n0.example.com"); // used: the next to go is n1
    bench.resolve("A", `n${limits.dnsCache.count}.example.com`);
    equal(bench.look("A", "n0.example.com"), "c0000200", "used lately");
    equal(bench.look("A", "n1.example.com"), "?", "the oldest went");
  });

  it("forgets everything when it is started anew", () => {
    const bench = new DnsBench(1);
    bench.first.add("pbx.example.com 600 A 192.0.2.10");
    bench.resolve("A", "pbx.example.com");
    bench.look("A", "n.example.com");
    restartDns(bench.client);
    equal(bench.client.use.inUse, 0, "queries");
    equal(bench.client.cache.use.inUse, 0, "entries");
    equal(bench.look("A", "pbx.example.com"), "?", "asked anew");
    bench.time.advance(60000);
    equal(bench.client.use.inUse, 0, "queries at the end");
  });

  it("knows nothing without name servers, and asks nobody", () => {
    const bench = new DnsBench(0);
    equal(bench.look("A", "pbx.example.com"), "-");
    equal(bench.udp.sent.length, 0, "datagrams");
  });
});
