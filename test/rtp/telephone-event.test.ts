import { createBytes } from "../../firmware/bytes/bytes";
import {
  beginEvent,
  createEventReceiver,
  createEventSender,
  DIGIT_QUEUE_LENGTH,
  type EventReceiver,
  eventUnderWay,
  queueDigit,
  receiveEvent,
  replacesSpeech,
  samplesToStep,
  stepEvent,
} from "../../firmware/rtp/telephone-event";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { hexOf } from "../octets";

/** One packet: event, timestamp, duration, and whether the E bit is set. */
interface EventPacket {
  event: number;
  at: number;
  duration: number;
  end: boolean;
}

const payload = createBytes(4);

function receive(receiver: EventReceiver, packet: EventPacket): number {
  payload[0] = packet.event;
  payload[1] = packet.end ? 0x8a : 0x0a;
  payload[2] = (packet.duration / 256) | 0;
  payload[3] = packet.duration % 256;
  return receiveEvent(receiver, payload, 0, packet.at);
}

/** The packets of one press: five updates and three ends. */
function press(event: number, at: number): EventPacket[] {
  const packets: EventPacket[] = [];
  for (let duration = 160; duration <= 800; duration += 160) {
    packets.push({ event, at, duration, end: false });
  }
  for (let times = 0; times < 3; times += 1) {
    packets.push({ event, at, duration: 960, end: true });
  }
  return packets;
}

/** The digits reported, joined by blanks. */
function digitsOf(packets: EventPacket[]): string {
  const receiver = createEventReceiver();
  const digits: string[] = [];
  for (const packet of packets) {
    const digit = receive(receiver, packet);
    if (digit >= 0) {
      digits.push(`${digit}`);
    }
  }
  return digits.join(" ");
}

describe("rtp/telephone-event, receiving", () => {
  it("reports a press once", () => {
    equal(digitsOf(press(5, 1000)), "5");
  });

  it("reports a press once, whichever of its packets arrive", () => {
    const packets = press(11, 1000);
    for (let chosen = 1; chosen < 256; chosen += 1) {
      const arrived: EventPacket[] = [];
      let bits = chosen;
      for (let index = 0; index < 8; index += 1) {
        if (bits % 2 === 1) {
          arrived.push(packets[index]);
        }
        bits = (bits / 2) | 0;
      }
      equal(digitsOf(arrived), "11", `packets ${chosen}`);
    }
  });

  it("reports all sixteen keys and no other event", () => {
    for (let event = 0; event < 256; event += 1) {
      equal(digitsOf(press(event, 1000)), event < 16 ? `${event}` : "", `event ${event}`);
    }
  });

  it("reports a key pressed again, however short the pause", () => {
    equal(digitsOf([...press(7, 1000), ...press(7, 1000 + 960 + 160), ...press(7, 4000)]), "7 7 7");
  });

  it("reports a key pressed again when only one packet of each press arrives", () => {
    for (let first = 0; first < 8; first += 1) {
      for (let second = 0; second < 8; second += 1) {
        equal(digitsOf([press(7, 1000)[first], press(7, 3000)[second]]), "7 7", `packets ${first} and ${second}`);
      }
    }
  });

  it("is not confused by ends that arrive behind the next press", () => {
    const first = press(1, 1000);
    const second = press(2, 2500);
    equal(digitsOf([first[0], first[5], second[0], first[6], second[1], first[7], second[5]]), "1 2");
    equal(digitsOf([first[0], second[0], press(1, 5000)[0], first[7], second[7]]), "1 2 1");
  });

  it("reports a key that is held down through several segments once", () => {
    const packets: EventPacket[] = [];
    for (let segment = 0; segment < 4; segment += 1) {
      const at = 1000 + segment * 0xffff;
      packets.push({ event: 4, at, duration: 160, end: false });
      packets.push({ event: 4, at, duration: 0xffff, end: false });
    }
    packets.push({ event: 4, at: 1000 + 4 * 0xffff, duration: 800, end: true });
    packets.push({ event: 4, at: 1000 + 3 * 0xffff, duration: 0xffff, end: false });
    equal(digitsOf(packets), "4");
  });

  it("reports a long press once although only the begin of each segment arrived", () => {
    const packets: EventPacket[] = [];
    for (let segment = 0; segment < 4; segment += 1) {
      packets.push({ event: 4, at: 1000 + segment * 0xffff, duration: 160, end: false });
    }
    equal(digitsOf(packets), "4");
  });

  it("reports a press once from a sender that moves the timestamp on with each packet", () => {
    const packets: EventPacket[] = [];
    for (let step = 0; step < 8; step += 1) {
      packets.push({ event: 9, at: 1000 + 160 * step, duration: 160 * (step + 1), end: step > 5 });
    }
    equal(digitsOf(packets), "9");
  });

  it("goes through the wrap of the timestamp", () => {
    equal(digitsOf([...press(3, 0x8000000 - 300), ...press(3, 5000)]), "3 3");
  });

  it("remembers the last eight presses against stragglers", () => {
    const packets: EventPacket[] = [];
    for (let digit = 0; digit < 8; digit += 1) {
      packets.push(press(digit, 1000 + 2000 * digit)[0]);
    }
    for (let digit = 0; digit < 8; digit += 1) {
      packets.push(press(digit, 1000 + 2000 * digit)[7]);
    }
    equal(digitsOf(packets), "0 1 2 3 4 5 6 7");
  });
});

/** Runs the sender for `samples` in pieces of at most `piece`; the payloads written, one a line. */
function run(sender: ReturnType<typeof createEventSender>, samples: number, piece: number): string {
  const bytes = createBytes(4);
  const lines: string[] = [];
  let left = samples;
  while (left > 0 && eventUnderWay(sender)) {
    const toStep = samplesToStep(sender);
    const count = piece < toStep ? piece : toStep;
    if (stepEvent(sender, count, bytes, 0)) {
      lines.push(hexOf(bytes, 0, 4));
    }
    left -= count;
  }
  return lines.join(" ");
}

describe("rtp/telephone-event, sending", () => {
  it("sends an update every 20 ms and the end three times", () => {
    for (const piece of [160, 80, 1, 7]) {
      const sender = createEventSender();
      equal(queueDigit(sender, 5, 100), Status.OK);
      beginEvent(sender, 1, 2);
      equal(
        run(sender, 4000, piece),
        "050a00a0 050a0140 050a01e0 050a0280 058a0320 058a0320 058a0320",
        `in pieces of ${piece}`,
      );
    }
  });

  it("keeps a pause behind each digit, in which speech goes on", () => {
    const sender = createEventSender();
    queueDigit(sender, 1, 40);
    queueDigit(sender, 2, 40);
    beginEvent(sender, 0, 0);
    equal(run(sender, 4 * 160, 160), "010a00a0 018a0140 018a0140 018a0140");
    isTrue(eventUnderWay(sender) && !replacesSpeech(sender), "in the pause");
    equal(run(sender, 3 * 160 - 1, 1), "");
    isTrue(eventUnderWay(sender), "still in the pause");
    equal(run(sender, 1, 1), "");
    isTrue(!eventUnderWay(sender), "the pause is over");
    beginEvent(sender, 0, 0);
    equal(run(sender, 160, 160), "020a00a0");
  });

  it("clips the length of a digit to 40 ms … 8 s", () => {
    const sender = createEventSender();
    queueDigit(sender, 1, 0);
    queueDigit(sender, 1, 100000);
    equal(sender.durations[0], 320);
    equal(sender.durations[1], 64000);
  });

  it("queues sixteen digits and refuses the seventeenth and what is no digit", () => {
    const sender = createEventSender();
    equal(queueDigit(sender, -1, 100), Status.MALFORMED);
    equal(queueDigit(sender, 16, 100), Status.MALFORMED);
    for (let digit = 0; digit < DIGIT_QUEUE_LENGTH; digit += 1) {
      equal(queueDigit(sender, digit, 40), Status.OK);
    }
    equal(queueDigit(sender, 1, 100), Status.FULL);
    for (let digit = 0; digit < DIGIT_QUEUE_LENGTH; digit += 1) {
      beginEvent(sender, 0, 0);
      equal(hexOf(sender.digits, sender.first, sender.first + 1), `0${"0123456789abcdef".charAt(digit)}`);
      run(sender, 8000, 160);
    }
    equal(sender.count, 0);
  });
});
