// What instrumented code calls (instrument.ts): which places ran, whether an index is inside its buffer and a stored number fits.
// In JavaScript a read outside is undefined and a store is cut; in Lua both are faults. Here they are faults too.

/** Places in the code; more than the firmware has. */
const PLACES_MAXIMUM = 1 << 16;
/** Places that one input may run through: a loop without end is a find, not a pause. */
const STEPS_MAXIMUM = 50_000_000;

const hits = new Uint8Array(PLACES_MAXIMUM);
const seen = new Uint8Array(PLACES_MAXIMUM);
const touched = new Uint32Array(PLACES_MAXIMUM);
let touchedCount = 0;
let steps = 0;
let places = 0;

/** A count of hits as one bit: 1, 2, 3, 4 … 7, 8 … 15, 16 … 31, 32 … 127, 128 and more. */
function bucketOf(count: number): number {
  return count < 4 ? 1 << (count - 1) : 1 << Math.min(7, Math.floor(Math.log2(count)) + 1);
}

/** Forgets the last input's hits. */
export function beginInput(): void {
  for (let index = 0; index < touchedCount; index += 1) {
    hits[touched[index]] = 0;
  }
  touchedCount = 0;
  steps = 0;
}

/** Counts the places, or numbers of times in a place, that no input before reached. */
export function countNews(): number {
  let news = 0;
  for (let index = 0; index < touchedCount; index += 1) {
    const place = touched[index];
    const bucket = bucketOf(hits[place]);
    if ((seen[place] & bucket) === 0) {
      places += seen[place] === 0 ? 1 : 0;
      seen[place] |= bucket;
      news += 1;
    }
  }
  return news;
}

/** The places that the last input reached. */
export function lastPlaces(): number[] {
  return [...touched.subarray(0, touchedCount)];
}

/** Places that some input reached. */
export function placesReached(): number {
  return places;
}

function hit(place: number): void {
  if (hits[place] === 0) {
    touched[touchedCount] = place;
    touchedCount += 1;
  }
  if (hits[place] < 255) {
    hits[place] += 1;
  }
  steps += 1;
  if (steps > STEPS_MAXIMUM) {
    throw new Error(`no end after ${STEPS_MAXIMUM} steps`);
  }
}

interface Numbered {
  readonly length: number;
}

function inside(buffer: Numbered, index: number): number {
  if (!(index >>> 0 === index && index < buffer.length)) {
    throw new RangeError(`index ${index} is outside a buffer of ${buffer.length}`);
  }
  return index;
}

function stored<T>(buffer: Numbered, value: T): T {
  const number = value as unknown as number;
  const fits =
    buffer instanceof Uint8Array
      ? (number & 0xff) === number
      : buffer instanceof Uint16Array
        ? (number & 0xffff) === number
        : buffer instanceof Int16Array
          ? (number << 16) >> 16 === number
          : true;
  if (!fits) {
    throw new RangeError(`${number} does not fit into a ${(buffer as object).constructor.name}`);
  }
  return value;
}

Object.assign(globalThis, { __hit: hit, __inside: inside, __stored: stored });
