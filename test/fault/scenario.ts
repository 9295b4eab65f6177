// A simulated time of faults: visitors press, people call, answer, refuse, open the door and hang up, while the network
// loses, doubles, delays and reorders, cables are pulled, names do not resolve or lead to machines that are not there, the
// switchboard dies and comes back knowing nobody, the door gets another address, or is switched off in a call. What happens
// when comes from the seed alone.

import { SeededRandom } from "../../hal/node/random";
import { FAIR, World } from "./world";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Mean pauses between two of a kind, milliseconds. */
const CALL_PAUSE = 150 * SECOND;
const STORM_PAUSE = 2 * HOUR;
const CABLE_PAUSE = 3 * HOUR;
const OUTAGE_PAUSE = 8 * HOUR;
const NAMES_PAUSE = 6 * HOUR;
const DEAD_PAUSE = 6 * HOUR;
const MOVE_PAUSE = 8 * HOUR;
const REBOOT_PAUSE = 12 * HOUR;
/** What nobody waits longer for: a call that hangs is ended by the person. */
const PATIENCE = 25 * SECOND;
/** After the last fault, until everything has to be as it was. */
const QUIET = 20 * MINUTE;

export interface Outcome {
  presses: number;
  incoming: number;
  /** Calls in which both sides talked. */
  talks: number;
  releases: number;
  storms: number;
  cables: number;
  outages: number;
  nameOutages: number;
  deadTargets: number;
  moves: number;
  reboots: number;
  /** Presses in fair weather with everybody registered, and how many of them led to a talk although they were to. */
  fairPresses: number;
  fairTalks: number;
  /** The longest time from the end of a fault to a right registration, milliseconds. */
  slowestRecovery: number;
  /** The same for a switchboard that was restarted and says to nobody that it forgot them. */
  slowestDiscovery: number;
  messages: number;
  trace: string;
  pools: string[];
  /** What is wrong at the end; empty when nothing is. */
  problems: string[];
}

class Scenario {
  readonly world: World;
  readonly outcome: Outcome;
  private readonly random: SeededRandom;
  private over = false;
  private stormy = false;
  private broken = 0;
  /** What the phone does with the next call that rings. */
  private answers: "answers" | "refuses" | "waits" = "answers";
  private opens = false;

  constructor(
    seed: number,
    private readonly duration: number,
  ) {
    this.random = new SeededRandom(seed ^ 0x5eed);
    this.world = new World(seed);
    this.outcome = {
      presses: 0,
      incoming: 0,
      talks: 0,
      releases: 0,
      storms: 0,
      cables: 0,
      outages: 0,
      nameOutages: 0,
      deadTargets: 0,
      moves: 0,
      reboots: 0,
      fairPresses: 0,
      fairTalks: 0,
      slowestRecovery: 0,
      slowestDiscovery: 0,
      messages: 0,
      trace: "",
      pools: [],
      problems: [],
    };
    this.world.setWeather(FAIR);
    this.world.phone.onChange = () => this.watchPhone();
  }

  run(): Outcome {
    const { world, outcome } = this;
    const { clock } = world;
    clock.runFor(10 * SECOND);
    const idle = world.poolsInUse().join("; ");
    this.repeat(CALL_PAUSE, () => this.call());
    this.repeat(STORM_PAUSE, () => this.storm());
    this.repeat(CABLE_PAUSE, () => this.pullCable());
    this.repeat(OUTAGE_PAUSE, () => this.stopSwitchboard());
    this.repeat(NAMES_PAUSE, () => this.stopNames());
    this.repeat(DEAD_PAUSE, () => this.addDeadTarget());
    this.repeat(MOVE_PAUSE, () => this.move());
    this.repeat(REBOOT_PAUSE, () => this.reboot());
    clock.run(this.duration);
    this.over = true;
    clock.runFor(QUIET);
    world.setWeather(FAIR);
    clock.runFor(QUIET);
    // A refresh of the registration may be under way, or linger in Timer K.
    clock.runUntil(() => world.poolsInUse().join("; ") === idle, QUIET);
    outcome.messages = world.messages;
    outcome.trace = world.trace();
    outcome.releases = world.releases;
    outcome.pools = world.poolsInUse();
    this.judge(idle);
    return outcome;
  }

  /** What the door has to be like when the faults are over. */
  private judge(idle: string): void {
    const { world, outcome } = this;
    const problems = outcome.problems;
    if (outcome.pools.join("; ") !== idle) {
      problems.push(`pools in use: ${outcome.pools.join("; ")}; before: ${idle}`);
    }
    if (!world.isDoorRegistered) {
      problems.push("the door is not registered");
    }
    if (!world.isDoorIdle) {
      problems.push("the door is not idle");
    }
    if (!world.isDoorSilent) {
      problems.push("the door's microphone, speaker or RTP session runs");
    }
    const talks = outcome.talks;
    this.answers = "answers";
    world.door.press(0);
    if (!world.clock.runUntil(() => outcome.talks > talks && world.isDoorTalking, 10 * SECOND)) {
      problems.push("a last press led to no talk");
    }
  }

  private chance(of: number): boolean {
    return this.random.fraction() < of;
  }

  private between(least: number, most: number): number {
    return least + this.random.fraction() * (most - least);
  }

  /** Does something again and again, after pauses of that mean. */
  private repeat(pause: number, action: () => void): void {
    this.world.clock.after(-Math.log(1 - this.random.fraction()) * pause, () => {
      if (!this.over) {
        action();
        this.repeat(pause, action);
      }
    });
  }

  /** One call, of one of the kinds that people make. */
  private call(): void {
    const { world, outcome } = this;
    const { phone } = world;
    const call = outcome.presses + outcome.incoming + 1;
    /** Does something to this call, if it is still the latest. */
    const later = (delay: number, action: () => void): void => {
      world.clock.after(delay, () => {
        if (outcome.presses + outcome.incoming === call) {
          action();
        }
      });
    };
    this.opens = this.chance(0.4);
    const talkTime = this.between(1, 4) * SECOND;
    if (phone.state !== "idle" || !world.isDoorIdle) {
      return; // people meet a busy line
    }
    if (this.chance(0.25)) {
      outcome.incoming += 1;
      phone.call("sip:door@192.0.2.1");
      later(this.chance(0.2) ? this.between(0, 200) : talkTime + SECOND, () => phone.hangUp());
      return;
    }
    const dice = this.random.fraction();
    this.answers = dice < 0.8 ? "answers" : dice < 0.9 ? "refuses" : "waits";
    outcome.presses += 1;
    const fair = this.isFair() && this.answers === "answers";
    const talks = outcome.talks;
    world.door.press(0);
    if (this.chance(0.1)) {
      later(this.between(0, talkTime), () => world.door.hangUp());
    } else if (fair) {
      outcome.fairPresses += 1;
      world.clock.after(6 * SECOND, () => {
        outcome.fairTalks += outcome.talks > talks || !this.isFair() ? 1 : 0;
      });
    }
    later(this.chance(0.5) ? talkTime + 4 * SECOND : PATIENCE, () => phone.hangUp());
  }

  private isFair(): boolean {
    return !this.stormy && this.broken === 0 && this.world.isDoorRegistered && this.world.isPhoneRegistered;
  }

  /** The person at the phone. */
  private watchPhone(): void {
    const { phone, clock } = this.world;
    if (phone.state === "ringing" && this.answers !== "waits") {
      const answers = this.answers;
      clock.after(this.between(200, 3000), () => {
        if (phone.state === "ringing") {
          answers === "answers" ? phone.answer() : phone.reject();
        }
      });
      this.answers = "waits"; // until the next call says otherwise
    } else if (phone.state === "talking" && this.talkingSince !== phone.since) {
      this.talkingSince = phone.since;
      this.outcome.talks += 1;
      if (this.opens) {
        clock.after(800, () => phone.press("42#"));
      }
    }
  }

  private talkingSince = -1;

  /** The network is bad for a while, up to a loss of 30 %. */
  private storm(): void {
    const { world, outcome } = this;
    if (this.stormy) {
      return;
    }
    outcome.storms += 1;
    this.stormy = true;
    const part = () => this.random.fraction() ** 2;
    world.setWeather({ loss: 0.3 * part(), duplication: 0.1 * part(), reordering: 0.1 * part(), jitter: 100 * part() });
    world.clock.after(this.between(5, 60) * MINUTE, () => {
      this.stormy = false;
      world.setWeather(FAIR);
    });
  }

  private pullCable(): void {
    const { world } = this;
    this.outcome.cables += 1;
    this.breakFor(
      this.between(1, 600) * SECOND,
      () => world.setCable(false),
      () => world.setCable(true),
    );
  }

  /** The switchboard is away, and comes back knowing nobody. */
  private stopSwitchboard(): void {
    const { world } = this;
    this.outcome.outages += 1;
    this.breakFor(
      this.between(10, 1800) * SECOND,
      () => world.closeSwitchboard(),
      () => world.openSwitchboard(),
      true,
    );
  }

  /** Names do not resolve for a while; what is known already goes on. */
  private stopNames(): void {
    this.outcome.nameOutages += 1;
    this.breakFor(
      this.between(1, 60) * MINUTE,
      () => this.world.setNameServer(false),
      () => this.world.setNameServer(true),
    );
  }

  /** The name of the switchboard leads first to a machine that is not there. */
  private addDeadTarget(): void {
    this.outcome.deadTargets += 1;
    this.breakFor(
      this.between(10, 60) * MINUTE,
      () => this.world.setDeadTarget(true),
      () => this.world.setDeadTarget(false),
    );
  }

  private move(): void {
    if (this.broken === 0) {
      this.outcome.moves += 1;
      this.world.moveDoor();
      this.awaitRegistration();
    }
  }

  private reboot(): void {
    this.outcome.reboots += 1;
    this.world.bootDoor();
    this.awaitRegistration();
  }

  private breakFor(time: number, begin: () => void, end: () => void, isForgetful = false): void {
    if (this.broken > 0) {
      return;
    }
    this.broken += 1;
    begin();
    this.world.clock.after(time, () => {
      this.broken -= 1;
      end();
      this.awaitRegistration(isForgetful);
    });
  }

  /** Measures how long it takes until the registration is right. */
  private awaitRegistration(isForgetful = false): void {
    const { world, outcome } = this;
    const start = world.clock.elapsed();
    const look = (): void => {
      if (world.isDoorRegistered) {
        if (!this.stormy) {
          const measure = isForgetful ? "slowestDiscovery" : "slowestRecovery";
          outcome[measure] = Math.max(outcome[measure], world.clock.elapsed() - start);
        }
      } else if (this.broken === 0) {
        world.clock.after(100, look);
      }
    };
    look();
  }
}

/** Runs the faults of a seed for `duration` milliseconds of simulated time. */
export function runFaults(seed: number, duration: number): Outcome {
  return new Scenario(seed, duration).run();
}
