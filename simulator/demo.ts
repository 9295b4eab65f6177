// One call by itself, and the verdict on it: a press, an answer, both voices measured at their frequency, the code pressed at
// the indoor station, the relay's pulse, the end. With somebody else's phone a person does what the indoor station does.

import { StationEvent } from "../firmware/intercom/event-log";
import { StationState } from "../firmware/intercom/station";
import { EndCause } from "../firmware/sip/invite-session";
import { RegistrationState } from "../firmware/sip/registration";
import type { LevelMeter } from "../hal/node/level-meter";
import type { Desk } from "./desk";
import { INDOOR_HERTZ, TONE_LEVEL } from "./desk-options";
import { END_CAUSES, keyOf } from "./event-prose";
import { octetText } from "./switchboard/octet-text";
import { createVerdict, type HeardTone, type Verdict } from "./verdict";

const REGISTER_MS = 4000;
const ANSWER_MS = 3000;
/** A person takes longer: until the station's own ring limit, of a minute when the settings say nothing. */
const PERSON_ANSWER_MS = 125_000;
/** Longer than the window of a level meter, and than the jitter buffer. */
const SETTLE_MS = 500;
const LISTEN_MS = 2000;
const PERSON_LISTEN_MS = 5000;
const RELEASE_MS = 3000;
const PERSON_RELEASE_MS = 30_000;
const END_MS = 2000;
/** What a busy machine may add to a pulse, or cut from it, milliseconds. */
const PULSE_TOLERANCE = 250;
/** The settings allow up to a minute. */
const LONGEST_PULSE_MS = 61_000;
/** What a tone is off the level at which it was spoken, decibels, when no frame of it was lost: G.711. */
const LEVEL_CLOSE = 0.5;
/** What it may be off: a busy machine loses frames. */
const LEVEL_TOLERANCE = 3;
/** How far below the tone of the other side one's own has to be, decibels: else it is an echo. */
const ECHO_DISTANCE = 20;
/** The least level that counts as a voice, dBov. */
const VOICE_LEVEL = -50;

/** What one side should hear. */
interface Expectation {
  meter: LevelMeter;
  /** Of the other side's tone; 0: a voice, of which any sound will do. */
  hertz: number;
  /** Of the tone, dBov. */
  level: number;
  /** The listener's own tone, which must not come back; 0: none. */
  own: number;
}

function rounded(level: number): number {
  return Math.round(10 * level) / 10;
}

/** What is heard, when it is as expected; null when it is not. */
function heard({ meter, hertz, level, own }: Expectation, tolerance: number): HeardTone | null {
  if (hertz === 0) {
    return meter.level() > VOICE_LEVEL ? { hertz, level: rounded(meter.level()) } : null;
  }
  const found = meter.levelAt(hertz);
  const isClean = own === 0 || own === hertz || found - meter.levelAt(own) > ECHO_DISTANCE;
  return Math.abs(found - level) <= tolerance && isClean ? { hertz, level: rounded(found) } : null;
}

function toneName(hertz: number): string {
  return hertz === 0 ? "anything" : `${hertz} Hz`;
}

class Demo {
  readonly verdict: Verdict;
  private readonly door: Expectation;
  private readonly indoor: Expectation | undefined;
  private pulseStart = 0;
  private readonly events: { event: number; first: number; second: number }[];

  constructor(private readonly desk: Desk) {
    this.verdict = createVerdict(desk.indoor !== undefined);
    const { audio } = desk.station.settings;
    const visitor = desk.plan.microphone.hertz;
    this.door = {
      meter: desk.station.speaker,
      hertz: desk.indoor === undefined ? 0 : INDOOR_HERTZ,
      level: TONE_LEVEL + audio.volume,
      own: visitor,
    };
    this.indoor =
      desk.indoor === undefined
        ? undefined
        : {
            meter: desk.indoor.board.speaker,
            hertz: visitor,
            level: TONE_LEVEL + audio.microphoneGain,
            own: INDOOR_HERTZ,
          };
    this.events = desk.station.log.events;
    desk.station.onOutput(({ kind, index, value, time }) => {
      if (kind === "relay" && value === 1) {
        this.verdict.relay = index + 1;
        this.pulseStart = time;
      } else if (kind === "relay") {
        this.verdict.pulse = Math.round(time - this.pulseStart);
      }
    });
  }

  async run(): Promise<Verdict> {
    if ((await this.register()) && (await this.call())) {
      await this.listen();
      await this.release();
      await this.end();
    }
    this.verdict.good = this.verdict.missing.length === 0;
    return this.verdict;
  }

  private until(condition: () => boolean, limit: number): Promise<boolean> {
    return this.desk.network.until(condition, limit);
  }

  private miss(what: string): false {
    this.verdict.missing.push(what);
    return false;
  }

  private get isTalking(): boolean {
    return this.desk.station.state === StationState.TALKING;
  }

  private async register(): Promise<boolean> {
    const { station, indoor } = this.desk;
    const { registrar } = station.settings.accounts[0];
    const first = () => station.accounts.find(({ index }) => index === 0);
    const done = await this.until(
      () =>
        (registrar.start === registrar.end || first()?.state === RegistrationState.REGISTERED) &&
        (indoor?.isRegistered ?? true),
      REGISTER_MS,
    );
    if (done) {
      return true;
    }
    const code = first()?.statusCode ?? 0;
    return this.miss(`the station could not register${code === 0 ? ": the registrar did not answer" : ` (${code})`}`);
  }

  private async call(): Promise<boolean> {
    const { station, indoor, network } = this.desk;
    const pressed = network.scheduler.elapsed();
    const limit = indoor === undefined ? PERSON_ANSWER_MS : ANSWER_MS;
    station.press(0);
    await this.until(() => station.state !== StationState.IDLE, END_MS);
    const begun = station.state !== StationState.IDLE;
    await this.until(() => this.isTalking || station.state === StationState.IDLE, limit);
    if (this.isTalking) {
      this.verdict.answeredBy = station.calledPerson;
      this.verdict.answeredAfter = Math.round(network.scheduler.elapsed() - pressed);
      return true;
    }
    if (!begun) {
      return this.miss("the press of button 1 made no call");
    }
    const over = this.events.findLast(({ event }) => event === StationEvent.ENDED);
    return this.miss(
      over === undefined
        ? "nobody answered in time"
        : `nobody answered: ${END_CAUSES[over.first as EndCause]}${over.second >= 300 ? ` (${over.second})` : ""}`,
    );
  }

  private async listen(): Promise<void> {
    const { door, indoor, verdict } = this;
    const sides = indoor === undefined ? [door] : [door, indoor];
    // The meters first hear the beginning of the talk, with silence before it.
    await this.until(() => false, SETTLE_MS);
    await this.until(
      () => sides.every((side) => heard(side, LEVEL_CLOSE) !== null),
      indoor === undefined ? PERSON_LISTEN_MS : LISTEN_MS,
    );
    verdict.doorHears = heard(door, LEVEL_TOLERANCE);
    if (verdict.doorHears === null) {
      this.miss(`the door does not hear ${toneName(door.hertz)}`);
    }
    if (indoor !== undefined) {
      verdict.indoorHears = heard(indoor, LEVEL_TOLERANCE);
      if (verdict.indoorHears === null) {
        this.miss(`the indoor station does not hear ${toneName(indoor.hertz)}`);
      }
    }
  }

  private async release(): Promise<void> {
    const { indoor, station } = this.desk;
    const keys = station.settings.relays
      .map(({ code }) => octetText(code.bytes, code.start, code.end))
      .find((code) => code !== "");
    if (keys === undefined) {
      this.miss("the settings have no code that releases a door");
      return;
    }
    indoor?.press(keys);
    await this.until(
      () => this.verdict.relay !== 0 || !this.isTalking,
      indoor === undefined ? PERSON_RELEASE_MS : RELEASE_MS,
    );
    if (this.verdict.relay === 0) {
      this.miss(indoor === undefined ? `nobody released the door with ${keys}` : `${keys} did not release the door`);
    } else if (!(await this.until(() => this.verdict.pulse > 0, LONGEST_PULSE_MS))) {
      this.miss(`relay ${this.verdict.relay} did not fall back`);
    }
    this.verdict.keys = this.events
      .filter(({ event }) => event === StationEvent.DIGIT)
      .map(({ first }) => keyOf(first))
      .join("");
    this.judgePulse();
  }

  private judgePulse(): void {
    const { relay, pulse } = this.verdict;
    const wanted = relay === 0 ? 0 : 1000 * this.desk.station.settings.relays[relay - 1].pulse;
    if (pulse > 0 && Math.abs(pulse - wanted) > PULSE_TOLERANCE) {
      this.miss(`relay ${relay} was released for ${pulse} ms in place of ${wanted} ms`);
    }
  }

  /** The indoor station hangs up, where the door has not done so after the release. */
  private async end(): Promise<void> {
    const { indoor, station } = this.desk;
    indoor?.hangUp();
    // Where neither side of the desk can hang up, the person does.
    const isPersons = indoor === undefined && station.hangUp() !== "";
    const isOver = await this.until(
      () => station.state === StationState.IDLE && (indoor === undefined || indoor.state === "idle"),
      isPersons ? PERSON_RELEASE_MS : END_MS,
    );
    const over = this.events.findLast(({ event }) => event === StationEvent.ENDED);
    if (over === undefined || !isOver) {
      this.verdict.ended = "the call did not end";
      this.miss("the call did not end");
      return;
    }
    const byIndoor = indoor !== undefined && over.first === EndCause.REMOTE;
    this.verdict.ended = byIndoor ? "the indoor station hung up" : END_CAUSES[over.first as EndCause];
    if (over.first !== EndCause.REMOTE && over.first !== EndCause.LOCAL) {
      this.miss("nobody ended the call");
    }
  }
}

/** Runs the call on a desk that was just opened. */
export function runDemo(desk: Desk): Promise<Verdict> {
  return new Demo(desk).run();
}
