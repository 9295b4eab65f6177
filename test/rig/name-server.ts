// A name server of the tests: a zone of texts, answers by RFC 1035 with compressed names and CNAMEs followed, and whatever a
// name server may do wrong. On the fake socket of a device, or on a socket of its own in a network in memory.

import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import { createEndpoint, equalAddresses, parseAddress } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../../hal/endpoint";
import type { Udp } from "../../hal/udp";
import type { FakeDatagram, FakeUdp } from "../fake-udp";
import { bytesOf } from "../octets";

const TYPES = ["A", "CNAME", "SOA", "AAAA", "SRV", "NAPTR"];
const TYPE_NUMBERS = [1, 5, 6, 28, 33, 35];
const HEADER_OCTETS = 12;
/** A pointer to the name of the question. */
const QUESTION_POINTER = [0xc0, HEADER_OCTETS];
const CHAIN_LIMIT = 16;

interface ZoneRecord {
  name: string;
  ttl: number;
  type: number;
  data: number[];
}

/** The number of a record type: "A", "SRV" … */
export function typeNumber(type: string): number {
  return TYPE_NUMBERS[TYPES.indexOf(type)];
}

function pushNumber(octets: number[], value: number): void {
  octets.push((value / 256) | 0, value % 256);
}

function pushText(octets: number[], text: string): void {
  octets.push(text.length);
  for (let index = 0; index < text.length; index += 1) {
    octets.push(text.charCodeAt(index));
  }
}

/** A name as labels, without compression; "." is the root. */
export function nameOctets(name: string): number[] {
  const octets: number[] = [];
  const labels = name === "." ? [] : name.split(".");
  for (const label of labels) {
    pushText(octets, label);
  }
  octets.push(0);
  return octets;
}

function pushAll(octets: number[], more: number[]): void {
  for (const octet of more) {
    octets.push(octet);
  }
}

/** The data of a record from its words: "10 60 5060 a.example.com" of an SRV. */
function dataOf(type: number, words: string[]): number[] {
  const data: number[] = [];
  if (type === 1 || type === 28) {
    const address = createBytes(16);
    parseAddress(bytesOf(words[0]), 0, words[0].length, address);
    for (let index = 0; index < (type === 1 ? 4 : 16); index += 1) {
      data.push(address[index]);
    }
  } else if (type === 5) {
    pushAll(data, nameOctets(words[0]));
  } else if (type === 6) {
    // Only the minimum counts.
    pushAll(data, nameOctets("ns.example.com"));
    pushAll(data, nameOctets("."));
    for (let number = 0; number < 4; number += 1) {
      pushAll(data, [0, 0, 0, 1]);
    }
    pushAll(data, [0, 0]);
    pushNumber(data, Number(words[0]));
  } else if (type === 33) {
    for (let index = 0; index < 3; index += 1) {
      pushNumber(data, Number(words[index]));
    }
    pushAll(data, nameOctets(words[3]));
  } else {
    pushNumber(data, Number(words[0]));
    pushNumber(data, Number(words[1]));
    pushText(data, words[2] === "-" ? "" : words[2]);
    pushText(data, words[3]);
    pushText(data, words[4] === "-" ? "" : words[4]);
    pushAll(data, nameOctets(words[5]));
  }
  return data;
}

export class NameServer {
  /** What was asked, in order: "A pbx.example.com", in lower case. */
  questions: string[] = [];
  /** false: no answer to anything. */
  answering = true;
  /** The types that it leaves unanswered. */
  silentTypes: string[] = [];
  /** Another RCODE than the zone's; 0: the zone's. */
  code = 0;
  /** Says that the answer is cut (TC), and gives as many records as this; -1: does not. */
  cutAfter = -1;
  /** Answers with the question in lower case. */
  losingCase = false;
  /** Gives the first CNAME of a chain only. */
  followingAliases = true;
  private records: ZoneRecord[] = [];

  /** @param endpoint where it is asked */
  constructor(readonly endpoint: Endpoint) {}

  /** Adds a record: "pbx.example.com 300 A 192.0.2.10", "… SRV 10 60 5060 a.example.com", "… NAPTR 10 1 s SIP+D2U - name", "… SOA minimum". */
  add(line: string): void {
    const words = line.split(" ");
    const type = typeNumber(words[2]);
    const rest: string[] = [];
    for (let index = 3; index < words.length; index += 1) {
      rest.push(words[index]);
    }
    this.records.push({ name: words[0], ttl: Number(words[1]), type, data: dataOf(type, rest) });
  }

  /** Adds a record whose data are these octets, whatever they are. */
  addData(name: string, type: string, data: number[]): void {
    this.records.push({ name, ttl: 300, type: typeNumber(type), data });
  }

  /** Takes all records of a name away. */
  remove(name: string): void {
    const kept: ZoneRecord[] = [];
    for (const record of this.records) {
      if (record.name !== name) {
        kept.push(record);
      }
    }
    this.records = kept;
  }

  /** How often it was asked a question: "A pbx.example.com". */
  timesAsked(question: string): number {
    let count = 0;
    for (const asked of this.questions) {
      count += asked === question ? 1 : 0;
    }
    return count;
  }

  private find(name: string, type: number): ZoneRecord[] {
    const found: ZoneRecord[] = [];
    for (const record of this.records) {
      if (record.name === name && (type === 0 || record.type === type)) {
        found.push(record);
      }
    }
    return found;
  }

  /** The answer to a query, or no octets when it stays silent. */
  answer(query: Bytes, length: number): Bytes {
    let name = "";
    let at = HEADER_OCTETS;
    while (at < length && query[at] !== 0) {
      for (let letter = 1; letter <= query[at]; letter += 1) {
        name += String.fromCharCode(query[at + letter]);
      }
      at += query[at] + 1;
      name += query[at] === 0 ? "" : ".";
    }
    name = name.toLowerCase();
    const type = query[at + 1] * 256 + query[at + 2];
    const typeName = TYPES[TYPE_NUMBERS.indexOf(type)];
    this.questions.push(`${typeName} ${name}`);
    if (!this.answering || this.silentTypes.indexOf(typeName) >= 0) {
      return createBytes(0);
    }
    return this.write(query, at + 5, name, type);
  }

  private write(query: Bytes, questionEnd: number, name: string, type: number): Bytes {
    const answers: ZoneRecord[] = [];
    let owner = name;
    let steps = 0;
    while (steps < CHAIN_LIMIT && this.find(owner, type).length === 0 && this.find(owner, 5).length > 0) {
      const alias = this.find(owner, 5)[0];
      answers.push(alias);
      owner = this.nameIn(alias.data);
      steps = this.followingAliases ? steps + 1 : CHAIN_LIMIT;
    }
    if (steps < CHAIN_LIMIT) {
      for (const record of this.find(owner, type)) {
        answers.push(record);
      }
    }
    const exists = steps > 0 || this.find(name, 0).length > 0;
    const code = this.code === 0 ? (exists ? 0 : 3) : this.code;
    const count = this.cutAfter >= 0 && this.cutAfter < answers.length ? this.cutAfter : answers.length;
    const soa = count === 0 || (steps > 0 && steps < CHAIN_LIMIT && count === steps) ? this.authorityOf(owner) : [];
    const octets = [query[0], query[1], this.cutAfter >= 0 ? 0x87 : 0x85, 0x80 + code, 0, 1];
    pushNumber(octets, count);
    pushNumber(octets, soa.length);
    pushNumber(octets, 0);
    for (let index = HEADER_OCTETS; index < questionEnd; index += 1) {
      const octet = query[index];
      octets.push(this.losingCase && octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet);
    }
    for (let index = 0; index < count; index += 1) {
      this.writeRecord(octets, answers[index], name);
    }
    for (const record of soa) {
      this.writeRecord(octets, record, name);
    }
    const bytes = createBytes(octets.length);
    for (let index = 0; index < octets.length; index += 1) {
      bytes[index] = octets[index];
    }
    return bytes;
  }

  private nameIn(octets: number[]): string {
    const labels: string[] = [];
    let at = 0;
    while (octets[at] !== 0) {
      let label = "";
      for (let letter = 1; letter <= octets[at]; letter += 1) {
        label += String.fromCharCode(octets[at + letter]);
      }
      labels.push(label);
      at += octets[at] + 1;
    }
    return labels.join(".");
  }

  /** The SOA of the zone that a name lies in. */
  private authorityOf(name: string): ZoneRecord[] {
    for (const record of this.records) {
      const start = name.length - record.name.length;
      if (record.type === 6 && start >= 0 && name.substring(start) === record.name) {
        return [record];
      }
    }
    return [];
  }

  private writeRecord(octets: number[], record: ZoneRecord, asked: string): void {
    pushAll(octets, record.name === asked ? QUESTION_POINTER : nameOctets(record.name));
    pushNumber(octets, record.type);
    pushNumber(octets, 1);
    pushNumber(octets, (record.ttl / 65536) | 0);
    pushNumber(octets, record.ttl % 65536);
    pushNumber(octets, record.data.length);
    pushAll(octets, record.data);
  }

  /** Takes the queries that a device sent to this server from its socket; the answers arrive there. */
  exchange(device: FakeUdp): void {
    const others: FakeDatagram[] = [];
    for (const datagram of device.sent) {
      if (datagram.peer.port === this.endpoint.port && equalAddresses(datagram.peer, this.endpoint)) {
        const answer = this.answer(datagram.bytes, datagram.bytes.length);
        if (answer.length > 0) {
          device.arrive(answer, answer.length, this.endpoint);
        }
      } else {
        others.push(datagram);
      }
    }
    device.sent = others;
  }

  /** Answers what waits at a socket of its own. */
  poll(socket: Udp): void {
    const buffer = createBytes(512);
    const source = createEndpoint();
    let length = socket.read(buffer, source);
    while (length >= 0) {
      const answer = this.answer(buffer, length);
      if (answer.length > 0) {
        socket.write(answer, 0, answer.length, source);
      }
      length = socket.read(buffer, source);
    }
  }
}
