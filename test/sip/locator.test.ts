// Where a URI leads, by literals, the host table and a scripted name server: which records are asked for, in which order targets
// are tried, and what happens when DNS is slow, silent, or new.

import { createBytes } from "../../firmware/bytes/bytes";
import { parseAddress, putHostAddress } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { createDnsClient, type DnsClient, pollDns } from "../../firmware/dns/client";
import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import { createSettings, type Settings } from "../../firmware/settings/settings";
import { FamilyChoice } from "../../firmware/settings/settings-keys";
import {
  avoidTarget,
  createLocator,
  forgetSearch,
  type Locator,
  locate,
  locateNow,
  restartLocator,
} from "../../firmware/sip/locator";
import { createSearch, type Search } from "../../firmware/sip/search";
import { Status } from "../../firmware/sip/status";
import { createTarget, NO_CONNECTION, Protocol, type Target } from "../../firmware/sip/target";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";
import { NameServer } from "../rig/name-server";
import { SeededRandom } from "../rig/time";
import { WheelBench } from "../rig/wheel-bench";

const writer = createWriter();

/** "192.0.2.1:5060 udp" */
function targetText(target: Target): string {
  const text = createBytes(48);
  openWriter(writer, text, 0, text.length);
  putHostAddress(writer, target.family, target.address);
  const protocol = target.protocol === Protocol.TCP ? "tcp" : "udp";
  equal(target.connection, NO_CONNECTION, "connection");
  return `${textOf(text, 0, writer.length)}:${target.port} ${protocol}`;
}

function searchText(search: Search): string {
  const texts: string[] = [];
  for (let index = 0; index < search.count; index += 1) {
    texts.push(targetText(search.targets[index]));
  }
  return texts.join(", ");
}

class LocatorBench {
  readonly time = new WheelBench();
  readonly names = new FakeUdp(testEndpoint(4, 5053));
  readonly sip = new FakeUdp(testEndpoint(4, 5060));
  readonly server = new NameServer(testEndpoint(53, 53));
  readonly settings: Settings = createSettings();
  readonly dns: DnsClient;
  readonly locator: Locator;
  readonly search: Search;
  /** What `onLocated` said: "status at time". */
  reports: string[] = [];

  /** @param seed 1 … 30000 */
  constructor(streams: boolean, seed: number) {
    const memory = createMemory();
    const limits = createStationLimits();
    const random = new SeededRandom(seed);
    this.dns = createDnsClient(memory, limits, this.names, random, this.time.wheel, [this.server.endpoint]);
    this.locator = createLocator(memory, limits.searches, this.settings, this.dns, this.sip, streams);
    this.search = this.newSearch();
  }

  newSearch(): Search {
    return createSearch(this, (_owner: object, status: Status): void => {
      this.reports.push(`${status} at ${this.time.clock.elapsed}`);
    });
  }

  /** Gives the board an IPv6 address beside its IPv4 address. */
  addFamily(): void {
    this.sip.local6.family = 6;
  }

  enterHost(index: number, name: string, address: string): void {
    const host = this.settings.hosts[index];
    host.name.bytes = bytesOf(`x${name}x`);
    host.name.start = 1;
    host.name.end = name.length + 1;
    host.address.family = parseAddress(bytesOf(address), 0, address.length, host.address.address);
  }

  begin(uri: string): Status {
    return locate(this.locator, this.search, bytesOf(`<${uri}>`), 1, uri.length + 1);
  }

  exchange(): void {
    this.server.exchange(this.names);
    pollDns(this.dns);
  }

  /** Moves the time on, with answers every 100 ms. */
  advance(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      this.time.advance(100);
      this.exchange();
    }
  }

  /** The targets of a URI once DNS has answered, or the status in brackets. */
  find(uri: string): string {
    let status = this.begin(uri);
    for (let turn = 0; turn < 8 && status === Status.PENDING; turn += 1) {
      this.reports = [];
      this.exchange();
      if (this.reports.length > 0) {
        status = this.search.count > 0 ? Status.OK : Status.MISSING;
      }
    }
    return status === Status.OK ? searchText(this.search) : `(${status})`;
  }
}

/** A bench with the zone of a PBX at two servers. */
function pbxBench(streams: boolean): LocatorBench {
  const bench = new LocatorBench(streams, 3);
  const lines = [
    "example.com 300 SOA 60",
    "_sip._udp.example.com 300 SRV 20 0 5062 b.example.com",
    "_sip._udp.example.com 300 SRV 10 0 5061 a.example.com",
    "_sip._tcp.example.com 300 SRV 10 0 5065 a.example.com",
    "example.com 300 A 192.0.2.1",
    "a.example.com 300 A 192.0.2.10",
    "b.example.com 300 A 192.0.2.11",
    "a.example.com 300 AAAA 2001:db8::10",
  ];
  for (const line of lines) {
    bench.server.add(line);
  }
  return bench;
}

describe("the locator", () => {
  it("takes address literals and names of the host table as they are, without DNS", () => {
    const bench = new LocatorBench(true, 3);
    bench.enterHost(0, "pbx.example.com", "192.0.2.10");
    bench.enterHost(1, "Hall", "2001:db8::10");
    const cases: [string, string][] = [
      ["sip:192.0.2.1", "192.0.2.1:5060 udp"],
      ["sip:hall@192.0.2.1:5070;lr", "192.0.2.1:5070 udp"],
      ["sip:hall@192.0.2.1;transport=tcp", "192.0.2.1:5060 tcp"],
      ["sip:[2001:db8::1]", "[2001:db8::1]:5060 udp"],
      ["sip:a@[2001:DB8::1]:5062;transport=UDP?x=y", "[2001:db8::1]:5062 udp"],
      ["sip:hall@PBX.Example.COM:5080", "192.0.2.10:5080 udp"],
      ["sip:hall", "[2001:db8::10]:5060 udp"],
      ["sip:a@example.org;maddr=192.0.2.3", "192.0.2.3:5060 udp"],
    ];
    for (const [uri, targets] of cases) {
      equal(bench.begin(uri), Status.OK, uri);
      equal(searchText(bench.search), targets, uri);
    }
    equal(bench.names.sent.length, 0, "questions");
  });

  it("refuses what it cannot reach", () => {
    const bench = new LocatorBench(false, 3);
    const cases: [string, Status][] = [
      ["tel:+1-201-555-0123", Status.UNSUPPORTED],
      ["http://192.0.2.1/", Status.UNSUPPORTED],
      ["sips:door@192.0.2.1", Status.UNSUPPORTED],
      ["sip:192.0.2.1;transport=tcp", Status.UNSUPPORTED],
      ["sip:192.0.2.1;transport=tls", Status.UNSUPPORTED],
      ["sip:192.0.2.1;transport=sctp", Status.UNSUPPORTED],
      ["sip:", Status.MALFORMED],
      ["192.0.2.1", Status.MALFORMED],
      ["sip:[::1::]", Status.MISSING],
      ["sip:a..b", Status.MISSING],
    ];
    for (const [uri, status] of cases) {
      equal(bench.begin(uri), status, uri);
    }
    equal(bench.names.sent.length, 0, "questions");
  });

  it("asks for addresses only when the URI has a port", () => {
    const bench = pbxBench(true);
    equal(bench.find("sip:anna@a.example.com:5090"), "192.0.2.10:5090 udp");
    equal(bench.find("sip:anna@A.EXAMPLE.com:5091;transport=tcp"), "192.0.2.10:5091 tcp");
    equal(bench.server.questions.join(), "A a.example.com");
  });

  it("asks for the SRV records of the transport that the URI names", () => {
    const bench = pbxBench(true);
    equal(bench.find("sip:example.com;transport=tcp"), "192.0.2.10:5065 tcp");
    equal(bench.server.timesAsked("SRV _sip._udp.example.com"), 0, "questions for UDP");
    equal(bench.server.timesAsked("NAPTR example.com"), 0, "questions for NAPTR");
    equal(bench.find("sip:example.com;transport=udp"), "192.0.2.10:5061 udp, 192.0.2.11:5062 udp");
  });

  it("goes on to the addresses and port 5060 where there are no SRV records", () => {
    const bench = pbxBench(true);
    equal(bench.find("sip:b.example.com"), "192.0.2.11:5060 udp");
    equal(bench.find("sip:b.example.com;transport=tcp"), "192.0.2.11:5060 tcp");
    equal(bench.find("sip:none.example.com"), `(${Status.MISSING})`);
  });

  it("asks for the SRV records of every transport that the board has where there are no NAPTR records", () => {
    equal(
      pbxBench(true).find("sip:example.com"),
      "192.0.2.10:5061 udp, 192.0.2.11:5062 udp, 192.0.2.10:5065 tcp",
      "with TCP",
    );
    const plain = pbxBench(false);
    equal(plain.find("sip:example.com"), "192.0.2.10:5061 udp, 192.0.2.11:5062 udp", "without TCP");
    equal(plain.server.timesAsked("SRV _sip._tcp.example.com"), 0, "questions for TCP");
  });

  it("follows NAPTR records by order and preference, and leaves what is not for SIP or not for this board", () => {
    const lines = [
      "example.com 300 NAPTR 20 10 s SIP+D2U - _sip._udp.example.net",
      "example.com 300 NAPTR 10 20 S sip+d2t - _sip._tcp.example.net",
      "example.com 300 NAPTR 10 10 s SIPS+D2T - _sips._tcp.example.net",
      "example.com 300 NAPTR 5 10 u E2U+sip !^.*$!sip:x@y! .",
      "_sip._udp.example.net 300 SRV 1 0 5071 b.example.com",
      "_sip._tcp.example.net 300 SRV 1 0 5072 b.example.com",
    ];
    const bench = pbxBench(true);
    const plain = pbxBench(false);
    for (const line of lines) {
      bench.server.add(line);
      plain.server.add(line);
    }
    equal(bench.find("sip:example.com"), "192.0.2.11:5072 tcp, 192.0.2.11:5071 udp", "with TCP");
    equal(plain.find("sip:example.com"), "192.0.2.11:5071 udp", "without TCP");
    equal(bench.find("sip:example.com;transport=udp"), "192.0.2.10:5061 udp, 192.0.2.11:5062 udp", "named transport");
  });

  it("leaves NAPTR records that are not terminal for SRV, or that rewrite by a rule", () => {
    const bench = pbxBench(false);
    bench.server.add("example.com 300 NAPTR 5 10 a SIP+D2U - _sip._tcp.example.com");
    bench.server.add("example.com 300 NAPTR 5 10 s SIP+D2U !.*!x! _sip._tcp.example.com");
    bench.server.add("example.com 300 NAPTR 5 10 - SIP+D2U - _sip._tcp.example.com");
    equal(bench.find("sip:example.com"), "192.0.2.10:5061 udp, 192.0.2.11:5062 udp");
  });

  it("goes on to SRV where NAPTR records lead nowhere", () => {
    const bench = pbxBench(true);
    bench.server.add("example.com 300 NAPTR 10 10 s SIP+D2U - _sip._udp.nowhere.example.com");
    equal(bench.find("sip:example.com"), "192.0.2.10:5061 udp, 192.0.2.11:5062 udp, 192.0.2.10:5065 tcp");
  });

  it("takes an SRV target of the root for a service that is not to be had", () => {
    const bench = new LocatorBench(false, 3);
    bench.server.add("example.com 300 A 192.0.2.1");
    bench.server.add("_sip._udp.example.com 300 SRV 0 0 0 .");
    equal(bench.find("sip:example.com"), `(${Status.MISSING})`);
    equal(bench.server.timesAsked("A "), 0, "questions for the root");
  });

  it("finds the addresses of both families, the socket's own first, as far as the settings allow them", () => {
    const bench = pbxBench(false);
    equal(bench.find("sip:a.example.com:5060"), "192.0.2.10:5060 udp", "IPv4 only");
    bench.addFamily();
    equal(bench.find("sip:a.example.com:5060"), "192.0.2.10:5060 udp, [2001:db8::10]:5060 udp", "both");
    bench.settings.network.family = FamilyChoice.IPV6;
    equal(bench.find("sip:a.example.com:5060"), "[2001:db8::10]:5060 udp", "ipv6");
    bench.settings.network.family = FamilyChoice.IPV4;
    equal(bench.find("sip:a.example.com:5060"), "192.0.2.10:5060 udp", "ipv4");
    const other = pbxBench(false);
    other.sip.local.family = 6;
    equal(other.find("sip:a.example.com:5060"), "[2001:db8::10]:5060 udp", "a board of IPv6 only");
    equal(other.server.questions.join(), "AAAA a.example.com");
  });

  it("keeps the best four targets, each once", () => {
    const bench = new LocatorBench(false, 3);
    for (let index = 1; index <= 6; index += 1) {
      bench.server.add(`_sip._udp.example.com 300 SRV ${10 * index} 0 5060 n${index}.example.com`);
      bench.server.add(`n${index}.example.com 300 A 192.0.2.${index}`);
    }
    bench.server.add("n1.example.com 300 A 192.0.2.3");
    equal(
      bench.find("sip:example.com;transport=udp"),
      "192.0.2.1:5060 udp, 192.0.2.3:5060 udp, 192.0.2.2:5060 udp, 192.0.2.4:5060 udp",
    );
  });

  itSlow("chooses among servers of one priority in proportion to their weights", () => {
    const counts = [0, 0, 0, 0];
    const picks = 800;
    const bench = new LocatorBench(false, 17);
    bench.server.add("_sip._udp.example.com 3600 SRV 10 10 5060 n1.example.com");
    bench.server.add("_sip._udp.example.com 3600 SRV 10 20 5060 n2.example.com");
    bench.server.add("_sip._udp.example.com 3600 SRV 10 70 5060 n3.example.com");
    bench.server.add("_sip._udp.example.com 3600 SRV 10 0 5060 n0.example.com");
    for (let index = 0; index < 4; index += 1) {
      bench.server.add(`n${index}.example.com 3600 A 192.0.2.${index}`);
    }
    bench.find("sip:example.com;transport=udp");
    for (let pick = 0; pick < picks; pick += 1) {
      equal(bench.begin("sip:example.com;transport=udp"), Status.OK);
      equal(bench.search.count, 4, "targets");
      const [first, second] = [bench.search.targets[0].address[3], bench.search.targets[1].address[3]];
      isTrue(first !== second, "different servers");
      counts[first] += 1;
    }
    // Expected 1/101, 10/101, 20/101, 70/101 of the picks; bounds at more than four standard deviations.
    isTrue(counts[0] > 0 && counts[0] < 24, `weight 0: ${counts[0]}`);
    isTrue(counts[1] > 45 && counts[1] < 115, `weight 10: ${counts[1]}`);
    isTrue(counts[2] > 113 && counts[2] < 205, `weight 20: ${counts[2]}`);
    isTrue(counts[3] > 500 && counts[3] < 610, `weight 70: ${counts[3]}`);
  });

  it("asks at once for all that a URI may need, and tells when the answers are there", () => {
    const bench = pbxBench(true);
    equal(bench.begin("sip:example.com"), Status.PENDING);
    equal(bench.names.sent.length, 4, "NAPTR, SRV of both transports, A");
    equal(bench.locator.use.inUse, 1, "searches");
    bench.advance(200);
    equal(bench.reports.join(), `${Status.OK} at 200`);
    equal(bench.locator.use.inUse, 0, "searches afterwards");
  });

  it("finds its way at a name server that leaves NAPTR and AAAA unanswered", () => {
    const bench = pbxBench(false);
    bench.addFamily();
    bench.server.silentTypes = ["NAPTR", "AAAA"];
    equal(bench.begin("sip:b.example.com"), Status.PENDING);
    bench.advance(9000);
    equal(bench.reports.join(), `${Status.OK} at 8000`);
    equal(searchText(bench.search), "192.0.2.11:5060 udp");
    equal(bench.begin("sip:b.example.com"), Status.OK, "the next search");
  });

  it("says after 8 s that no name server answers", () => {
    const bench = pbxBench(true);
    bench.server.answering = false;
    equal(bench.begin("sip:example.com"), Status.PENDING);
    bench.advance(9000);
    equal(bench.reports.join(), `${Status.MISSING} at 8000`);
    equal(bench.locator.use.inUse, 0, "searches");
    equal(bench.dns.use.inUse, 0, "queries");
  });

  it("ends a search after 16 s with the targets that are known", () => {
    const bench = pbxBench(false);
    bench.find("sip:a.example.com:5060");
    bench.server.followingAliases = false;
    bench.server.add("slow.example.com 300 NAPTR 10 10 s SIP+D2U - _sip._udp.far.example.com");
    bench.server.add("_sip._udp.far.example.com 300 SRV 10 0 5060 a.example.com");
    bench.server.add("_sip._udp.far.example.com 300 SRV 10 0 5060 c.example.com");
    bench.server.add("c.example.com 300 CNAME d.example.com");
    const start = bench.time.clock.elapsed;
    bench.reports = [];
    // Each step is answered at the fourth attempt only: after 4, 8 and 12 s; the fourth step would need 16 s.
    bench.server.silentTypes = ["NAPTR", "SRV", "A"];
    equal(bench.begin("sip:slow.example.com"), Status.PENDING);
    bench.advance(3500);
    bench.server.silentTypes = ["SRV", "A"];
    bench.advance(4000);
    bench.server.silentTypes = ["A"];
    bench.advance(4000);
    bench.server.silentTypes = [];
    while (bench.server.timesAsked("A c.example.com") < 4) {
      bench.advance(100);
    }
    bench.server.silentTypes = ["A"];
    bench.advance(100);
    equal(bench.server.timesAsked("A d.example.com"), 1, "the fourth step");
    bench.advance(start + 15900 - bench.time.clock.elapsed);
    equal(bench.reports.join(), "", "reports before the end");
    bench.advance(100);
    equal(bench.reports.join(), `${Status.OK} at ${start + 16000}`);
    equal(searchText(bench.search), "192.0.2.10:5060 udp");
  });

  it("tries targets last that did not answer lately, for three minutes", () => {
    const bench = pbxBench(false);
    const before = "192.0.2.10:5061 udp, 192.0.2.11:5062 udp";
    const after = "192.0.2.11:5062 udp, 192.0.2.10:5061 udp";
    equal(bench.find("sip:example.com"), before);
    avoidTarget(bench.locator, bench.search.targets[0]);
    equal(bench.find("sip:example.com"), after, "avoided");
    bench.time.advance(179000);
    equal(bench.find("sip:example.com"), after, "after 179 s");
    bench.time.advance(2000);
    equal(bench.find("sip:example.com"), before, "after 181 s");
    avoidTarget(bench.locator, bench.search.targets[0]);
    restartLocator(bench.locator);
    equal(bench.find("sip:example.com"), before, "in another network");
  });

  it("asks for everything anew in another network, also for a search under way", () => {
    const bench = pbxBench(false);
    equal(bench.find("sip:b.example.com:5060"), "192.0.2.11:5060 udp");
    bench.server.remove("b.example.com");
    bench.server.add("b.example.com 300 A 192.0.2.99");
    equal(bench.begin("sip:a.example.com:5060"), Status.PENDING);
    bench.names.sent = []; // lost with the old network
    restartLocator(bench.locator);
    bench.reports = [];
    bench.advance(100);
    equal(bench.reports.join(), `${Status.OK} at 100`, "the search under way");
    equal(bench.find("sip:b.example.com:5060"), "192.0.2.99:5060 udp");
  });

  it("keeps the records that it reads while the names in them take every other place of the cache", () => {
    const bench = new LocatorBench(false, 3);
    const letters = "abcdefghijklmnopqr";
    bench.server.add("x 300 SOA 60");
    bench.server.add("x 300 NAPTR 10 10 s SIP+D2U - _sip._udp.x");
    for (let index = 0; index < letters.length; index += 1) {
      bench.server.add(`_sip._udp.x 300 SRV ${index} 0 5060 ${letters.charAt(index)}.x`);
    }
    isTrue(letters.length > bench.dns.cache.entries.length, "more names than places");
    equal(bench.begin("sip:x"), Status.PENDING);
    bench.advance(15000);
    isTrue(bench.server.timesAsked("A a.x") > 1, "the first name gave way to others");
    equal(bench.server.timesAsked("NAPTR x"), 1, "questions for NAPTR");
    equal(bench.server.timesAsked("SRV _sip._udp.x"), 1, "questions for SRV");
    bench.advance(1000);
    equal(bench.reports.join(), `${Status.MISSING} at 16000`);
    equal(bench.find("sip:192.0.2.1"), "192.0.2.1:5060 udp", "the next search");
  });

  it("gives an earlier search of the same record up", () => {
    const bench = pbxBench(false);
    equal(bench.begin("sip:a.example.com:5060"), Status.PENDING);
    equal(bench.begin("sip:b.example.com:5060"), Status.PENDING);
    equal(bench.locator.use.inUse, 1, "searches");
    bench.advance(100);
    equal(bench.reports.length, 1, "reports");
    equal(searchText(bench.search), "192.0.2.11:5060 udp");
    equal(bench.begin("sip:192.0.2.7"), Status.OK);
    bench.advance(100);
    equal(bench.reports.length, 1, "reports at the end");
  });

  it("gives a search up that nobody waits for any more", () => {
    const bench = pbxBench(false);
    bench.begin("sip:a.example.com:5060");
    forgetSearch(bench.locator, bench.search);
    equal(bench.locator.use.inUse, 0, "searches");
    bench.advance(20000);
    equal(bench.reports.length, 0, "reports");
  });

  it("refuses a search when as many wait as there are places, and takes one that needs no DNS", () => {
    const bench = pbxBench(false);
    bench.server.answering = false;
    const count = createStationLimits().searches.count;
    const uri = bytesOf("sip:example.com");
    for (let index = 0; index < count; index += 1) {
      equal(locate(bench.locator, bench.newSearch(), uri, 0, uri.length), Status.PENDING);
    }
    equal(bench.begin("sip:example.com"), Status.FULL);
    equal(bench.begin("sip:192.0.2.1"), Status.OK);
    bench.advance(20000);
    equal(bench.reports.length, count, "reports");
    equal(bench.locator.use.inUse, 0, "searches");
  });

  it("finds the servers of four domains at once, each record asked for about once", () => {
    const bench = new LocatorBench(true, 3);
    const searches: Search[] = [];
    for (let domain = 1; domain <= 4; domain += 1) {
      bench.server.add(`d${domain}.example 300 NAPTR 10 10 s SIP+D2U - _sip._udp.d${domain}.example`);
      bench.server.add(`d${domain}.example 300 NAPTR 20 10 s SIP+D2T - _sip._tcp.d${domain}.example`);
      bench.server.add(`_sip._udp.d${domain}.example 300 SRV 10 0 5060 a.d${domain}.example`);
      bench.server.add(`_sip._tcp.d${domain}.example 300 SRV 10 0 5060 b.d${domain}.example`);
      bench.server.add(`a.d${domain}.example 300 A 192.0.2.${domain}`);
      bench.server.add(`b.d${domain}.example 300 A 192.0.2.1${domain}`);
      searches.push(bench.newSearch());
      const uri = bytesOf(`sip:d${domain}.example`);
      equal(locate(bench.locator, searches[domain - 1], uri, 0, uri.length), Status.PENDING);
    }
    bench.advance(3000);
    equal(bench.reports.length, 4, "reports");
    for (let domain = 1; domain <= 4; domain += 1) {
      equal(searchText(searches[domain - 1]), `192.0.2.${domain}:5060 udp, 192.0.2.1${domain}:5060 tcp`);
    }
    isTrue(bench.server.questions.length <= 40, `${bench.server.questions.length} questions`);
  });

  it("answers what is known now and asks for the rest in the background", () => {
    const bench = pbxBench(false);
    const target = createTarget();
    const uri = bytesOf("sip:example.com");
    equal(locateNow(bench.locator, uri, 0, uri.length, target), Status.PENDING);
    bench.advance(200);
    equal(bench.reports.length, 0, "reports");
    const asked = bench.server.questions.length;
    equal(locateNow(bench.locator, uri, 0, uri.length, target), Status.OK);
    equal(targetText(target), "192.0.2.10:5061 udp");
    equal(bench.server.questions.length, asked, "questions afterwards");
    equal(bench.locator.use.inUse, 0, "searches");
  });
});
