// A device on a board that is not there: what the memory report boots to count the pools. Nothing is ever sent or heard.

import { createStationLimits } from "../../firmware/limits";
import { createDevice, type WholeDevice } from "../../firmware/main";
import { createSettings } from "../../firmware/settings/settings";
import type { AudioIn, AudioOut } from "../../hal/audio";
import type { Board } from "../../hal/board";
import type { Digital } from "../../hal/digital";
import { takeAllNews } from "../../hal/news";
import { CONNECTION_ENDED, type Tcp } from "../../hal/tcp";
import type { Udp } from "../../hal/udp";

/** `Led` of hal/board.ts has as many. */
const LED_COUNT = 3;

function createSocket(port: number): Udp {
  return {
    local: { family: 4, address: new Uint8Array(16), port },
    local6: { family: 0, address: new Uint8Array(16), port: 0 },
    read: () => -1,
    write: () => 0,
  };
}

function createStreams(): Tcp {
  return {
    count: 0,
    connect: () => -1,
    waiting: () => 0,
    accept: () => -1,
    read: () => CONNECTION_ENDED,
    write: () => CONNECTION_ENDED,
    close: () => undefined,
  };
}

function createPin(): Digital {
  return { read: () => 0, write: () => undefined };
}

function createAudio(): AudioIn & AudioOut {
  return { start: () => undefined, stop: () => undefined, read: () => 0, write: () => 0 };
}

function createBoard(): Board {
  return {
    clock: { now: () => 0 },
    random: { fill: () => undefined },
    storage: { read: () => 0, write: () => -1 },
    watchdog: { feed: () => undefined },
    log: { event: () => undefined, message: () => undefined },
    takeNews: takeAllNews,
    sip: createSocket(5060),
    network: { isUp: () => true, changes: () => 0 },
    streams: createStreams(),
    names: createSocket(5053),
    media: [{ rtp: createSocket(5004), rtcp: createSocket(5005) }],
    audioIn: createAudio(),
    audioOut: createAudio(),
    buttons: [createPin()],
    leds: Array.from({ length: LED_COUNT }, () => createPin()),
    relays: [createPin()],
  };
}

/** A door station with the limits and the settings that it has before anyone sets one. */
export function createReportedDevice(): WholeDevice {
  return createDevice(createBoard(), createStationLimits(), createSettings());
}
