// The parts of a fake board: pins, sound, storage, log and watchdog, each as a test drives and reads it.

import { type Bytes, copyBytes, createBytes, type Samples } from "../../firmware/bytes/bytes";
import type { AudioIn, AudioOut } from "../../hal/audio";
import type { Digital } from "../../hal/digital";
import type { Log } from "../../hal/log";
import type { Network } from "../../hal/network";
import type { Storage, StorageRecord } from "../../hal/storage";
import type { Watchdog } from "../../hal/watchdog";
import type { FakeClock } from "./time";

const SAMPLES_A_MILLISECOND = 8;
const CREST_STEP = 5;
/** Room of the loudspeaker's queue: two frames of 20 ms. */
const QUEUE_SAMPLES = 320;

export class FakePin implements Digital {
  level: number;
  /** Every change: "time:level". */
  changes: string[] = [];

  constructor(
    private readonly clock: FakeClock,
    level: number,
  ) {
    this.level = level;
  }

  read(): number {
    return this.level;
  }

  write(value: number): void {
    if (value !== this.level) {
      this.level = value;
      this.changes.push(`${this.clock.elapsed}:${value}`);
    }
  }

  /** The changes since the last call, separated by blanks. */
  takeChanges(): string {
    const text = this.changes.join(" ");
    this.changes = [];
    return text;
  }
}

/** A microphone in a silent room: it leaves the zeros that are in the device's buffer. */
export class FakeAudioIn implements AudioIn {
  running = false;
  private startedAt = 0;
  private taken = 0;

  constructor(private readonly clock: FakeClock) {}

  start(): void {
    this.running = true;
    this.startedAt = this.clock.elapsed;
    this.taken = 0;
  }

  stop(): void {
    this.running = false;
  }

  read(_samples: Samples, count: number): number {
    const there = (this.clock.elapsed - this.startedAt) * SAMPLES_A_MILLISECOND;
    if (!this.running || there < this.taken + count) {
      return 0;
    }
    this.taken += count;
    return count;
  }
}

/** A loudspeaker that measures how loud it gets. */
export class FakeAudioOut implements AudioOut {
  running = false;
  /** The greatest of every fifth sample since the test set it to 0. */
  crest = 0;
  private startedAt = 0;
  private queued = 0;

  constructor(private readonly clock: FakeClock) {}

  start(): void {
    this.running = true;
    this.startedAt = this.clock.elapsed;
    this.queued = 0;
  }

  stop(): void {
    this.running = false;
  }

  write(samples: Samples, count: number): number {
    const played = (this.clock.elapsed - this.startedAt) * SAMPLES_A_MILLISECOND;
    if (!this.running || this.queued + count > played + QUEUE_SAMPLES) {
      return 0;
    }
    for (let index = 0; index < count; index += CREST_STEP) {
      if (samples[index] > this.crest) {
        this.crest = samples[index];
      }
    }
    this.queued += count;
    return count;
  }
}

/** An event of the station and when it came. */
export interface LoggedEvent {
  time: number;
  event: number;
  first: number;
  second: number;
}

export class FakeLog implements Log {
  events: LoggedEvent[] = [];

  constructor(private readonly clock: FakeClock) {}

  event(event: number, first: number, second: number): void {
    this.events.push({ time: this.clock.elapsed, event, first, second });
  }

  message(): void {
    // The wire has them.
  }

  /** How often an event came. */
  count(event: number): number {
    let count = 0;
    for (let index = 0; index < this.events.length; index += 1) {
      count += this.events[index].event === event ? 1 : 0;
    }
    return count;
  }

  /** The numbers and the time of the last event of a kind: "first second time"; "" when it never came. */
  last(event: number): string {
    for (let index = this.events.length - 1; index >= 0; index -= 1) {
      const logged = this.events[index];
      if (logged.event === event) {
        return `${logged.first} ${logged.second} ${logged.time}`;
      }
    }
    return "";
  }
}

/** A network that a test takes away, gives back and changes. */
export class FakeNetwork implements Network {
  private up = true;
  private count = 0;

  isUp(): boolean {
    return this.up;
  }

  changes(): number {
    return this.count;
  }

  /** @param up whether there is a network now */
  change(up: boolean): void {
    this.up = up;
    this.count += 1;
  }
}

export class FakeWatchdog implements Watchdog {
  fed = 0;

  feed(): void {
    this.fed += 1;
  }
}

/** Storage with one record in it. */
export class FakeStorage implements Storage {
  private record: Bytes = createBytes(0);

  read(_record: StorageRecord, buffer: Bytes): number {
    if (this.record.length > buffer.length) {
      return -1;
    }
    copyBytes(buffer, 0, this.record, 0, this.record.length);
    return this.record.length;
  }

  write(_record: StorageRecord, buffer: Bytes, length: number): number {
    const record = createBytes(length);
    copyBytes(record, 0, buffer, 0, length);
    this.record = record;
    return 0;
  }
}
