// The panel: the whole desk as one frame of text. A function of the view and the size; it keeps nothing.

import { beside, box, fitLine, type Line, type Style, span } from "./frame";
import type { DeskView, HistoryLine, SideView } from "./view";

/** The smallest frame that still shows everything. */
export const LEAST_COLUMNS = 60;
export const LEAST_ROWS = 14;

/** Lines of the boxes of the two sides, borders included. */
const SIDE_ROWS = 9;
/** dBov at the left end of a level meter. */
const FLOOR = -60;
const METER_COLUMNS = 16;
/** dBov from which a meter turns yellow, and red. */
const LOUD = -12;
const OVERLOADED = -3;

/** Of a box's upper border, around the title. */
const TITLE_COLUMNS = 6;
const LABEL_COLUMNS = 9;

const LIGHTS = ["call", "talk", "door"];

const ARROWS: Record<HistoryLine["kind"], string> = { sent: "→", received: "←", event: "·" };
const HISTORY_STYLES: Record<HistoryLine["kind"], Style> = { sent: "sent", received: "received", event: "plain" };

function label(text: string): Line[number] {
  return span(text.padEnd(LABEL_COLUMNS), "faint");
}

/** `m:ss`, from an hour on `h:mm:ss`. */
export function clockText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function stateLine(side: SideView): Line {
  const style: Style = side.isTalking ? "good" : side.isIdle ? "faint" : "busy";
  const time = side.isTalking ? ` ${clockText(side.time)}` : "";
  return [label("state"), span(side.isIdle ? "○ " : "● ", style), span(`${side.state}${time}`, style)];
}

function levelLine(level: number): Line {
  const share = Math.min(1, Math.max(0, (level - FLOOR) / -FLOOR));
  const lit = Math.round(share * METER_COLUMNS);
  const style: Style = level > OVERLOADED ? "alarm" : level > LOUD ? "busy" : "good";
  const number = level <= FLOOR ? "silence" : `${level.toFixed(0)} dBov`;
  return [
    label("hears"),
    span("█".repeat(lit), style),
    span("░".repeat(METER_COLUMNS - lit), "faint"),
    span(` ${number}`),
  ];
}

function registrationLine(side: SideView): Line {
  return [label("account"), span(side.registration, side.isRegistered ? "good" : "busy")];
}

function glyph(lit: boolean, on: string, off: string): string {
  return lit ? on : off;
}

/** The device's name, with what it is where there is room. */
function stationTitle(about: string, room: number): string {
  const title = about === "" ? "Station" : `Station: ${about}`;
  return title.length > room ? about.slice(0, room) : title;
}

function stationBox(view: DeskView, width: number): Line[] {
  const { station } = view;
  const relays = station.relays.flatMap(({ released, code }, index) => {
    const text = `${glyph(released, "■", "□")} ${index + 1}${released ? " released" : code === "" ? "" : ` (${code})`}  `;
    return span(text, released ? "alarm" : "plain");
  });
  const lights = station.lights.map((lit, index) =>
    span(`${glyph(lit, "●", "○")} ${LIGHTS[index]}  `, lit ? "busy" : "faint"),
  );
  return box(
    stationTitle(station.about, width - TITLE_COLUMNS),
    [
      stateLine(station),
      station.isIdle && station.text !== "" ? [label("text"), span(station.text)] : [label("with"), span(station.peer)],
      registrationLine(station),
      [label(""), span(station.account, "faint")],
      levelLine(station.level),
      [label("relays"), ...relays],
      [label("lights"), ...lights],
    ],
    width,
    SIDE_ROWS,
  );
}

function switchboardLine(view: DeskView): Line {
  const { switchboard } = view;
  const text = switchboard === undefined ? "none" : `${switchboard.address} (${switchboard.phones} phones)`;
  return [label("exchange"), span(text)];
}

function indoorBox(view: DeskView, width: number): Line[] {
  const { indoor } = view;
  if (indoor === undefined) {
    const buttons = view.targets.map(
      (target, index): Line => [
        label(`button ${index + 1}`),
        target === "" ? span("calls nobody", "faint") : span(target),
      ],
    );
    return box("Phones", [...buttons, switchboardLine(view)], width, SIDE_ROWS);
  }
  return box(
    "Indoor station",
    [
      stateLine(indoor),
      [label("with"), span(indoor.peer)],
      registrationLine(indoor),
      [label("last"), span(indoor.end, "faint")],
      levelLine(indoor.level),
      [label("keys"), span(indoor.keys)],
      switchboardLine(view),
    ],
    width,
    SIDE_ROWS,
  );
}

function historyLine({ time, kind, text }: HistoryLine): Line {
  return [
    span(`${(time / 1000).toFixed(3).padStart(9)} `, "faint"),
    span(`${ARROWS[kind]} `, HISTORY_STYLES[kind]),
    span(text, HISTORY_STYLES[kind]),
  ];
}

/** A key and what it does, by the keys' own table in keys.ts. */
function helpLine(pairs: [string, string][]): Line {
  return pairs.flatMap(([key, meaning]) => [span(` ${key}`, "strong"), span(` ${meaning} `, "faint")]);
}

function helpLines(view: DeskView): Line[] {
  const codes = view.station.relays.flatMap(({ code }, index) =>
    code === "" ? [] : `${code} opens relay ${index + 1}`,
  );
  if (view.notice !== "") {
    return [[span(` ${view.notice}`, "busy")], []];
  }
  const door = helpLine([
    ["b 1-4", "press"],
    ["h", "hang up"],
    ["q", "quit"],
  ]);
  // A device of its own can be cut off; there a shorter line says what the keys are for.
  const isDevice = view.station.about !== "";
  const device = isDevice
    ? helpLine([
        ["p", "power"],
        ["k", "cable"],
      ])
    : [];
  if (view.indoor === undefined) {
    return [door, [...device, span(` ${codes.join(", ")}`, "faint")]];
  }
  const keys = `keys of the indoor station${isDevice ? "" : " while it talks"}`;
  return [
    [
      ...door,
      span("  indoor:", "faint"),
      ...helpLine([
        ["a", "answer"],
        ["r", "reject"],
        ["x", "hang up"],
        ["c", "call"],
      ]),
    ],
    [...device, span(" 0-9 * #", "strong"), span(` ${keys}: ${codes.join(", ")}`, "faint")],
  ];
}

/** The frame for a terminal of that size. */
export function renderPanel(view: DeskView, columns: number, rows: number): Line[] {
  const width = Math.max(LEAST_COLUMNS, columns);
  const height = Math.max(LEAST_ROWS, rows);
  const left = Math.ceil(width / 2);
  const historyRows = height - SIDE_ROWS - 3;
  const lines = view.history.slice(-(historyRows - 2)).map(historyLine);
  const time = clockText(view.time);
  return [
    [
      span(" Doorline ", "strong"),
      ...fitLine([span(` ${view.address}`)], width - 11 - time.length),
      span(`${time} `, "faint"),
    ],
    ...beside(stationBox(view, left), indoorBox(view, width - left)),
    ...box("Messages", lines, width, historyRows),
    ...helpLines(view).map((line) => fitLine(line, width)),
  ];
}
