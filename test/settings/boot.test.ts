// Boot from a board's own storage: the settings text takes effect as a whole, or the device boots safely without it.

import { StationEvent } from "../../firmware/intercom/event-log";
import { createBoardDevice } from "../../firmware/main";
import type { Board } from "../../hal/board";
import { describe, equal, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { Door } from "../rig/door";

/** The board of a door, with `text` in its storage; a length of -1 stands for storage that is damaged. */
function boardWith(door: Door, text: string, damaged: boolean): Board {
  const board = door.device.board;
  const octets = bytesOf(text);
  return {
    clock: board.clock,
    random: board.random,
    watchdog: board.watchdog,
    log: board.log,
    takeNews: board.takeNews,
    network: board.network,
    sip: board.sip,
    streams: board.streams,
    names: board.names,
    media: board.media,
    audioIn: board.audioIn,
    audioOut: board.audioOut,
    buttons: board.buttons,
    leds: board.leds,
    relays: board.relays,
    storage: {
      read: (_record, buffer) => {
        for (let index = 0; index < octets.length; index += 1) {
          buffer[index] = octets[index];
        }
        return damaged ? -1 : octets.length;
      },
      write: () => -1,
    },
  };
}

describe("boot from storage", () => {
  it("takes the settings text that the board keeps", () => {
    const device = createBoardDevice(boardWith(new Door([]), "account.user = gate\ncall.ring-limit = 25\n", false));
    const user = device.settings.accounts[0].user;
    equal(textOf(user.bytes, user.start, user.end), "gate", "user");
    equal(device.settings.call.ringLimit, 25, "ring limit");
  });

  it("boots on the initial values and logs the line when the text is refused", () => {
    const door = new Door([]);
    const device = createBoardDevice(boardWith(door, "call.ring-limit = 25\ncall.talk-limit = 3x\n", false));
    equal(device.settings.call.ringLimit, 60, "ring limit");
    equal(door.log.last(StationEvent.SETTINGS_REFUSED), "2 -1 0", "line, status, time");
  });

  it("boots on the initial values when storage is damaged", () => {
    const door = new Door([]);
    const device = createBoardDevice(boardWith(door, "call.ring-limit = 25\n", true));
    equal(device.settings.call.ringLimit, 60, "ring limit");
    equal(door.log.last(StationEvent.SETTINGS_REFUSED), "0 -1 0", "line, status, time");
  });
});
