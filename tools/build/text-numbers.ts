// The constant texts of a bundle, numbered when it is built: one call of `createText` (firmware/bytes/text.ts) makes all of
// them, and a constant is the number that this call gives it. Equal texts share a number.

/** Between the texts in the literal of that call, and so in no text itself. */
const SEPARATOR = "`";

/** Where `createText` is, as a path of the project. */
export const TEXT_FILE = "firmware/bytes/text.ts";

/** The function that makes texts. */
export const CREATE_TEXT = "createText";

/** The function that makes room for so many octets and texts. */
export const CREATE_TABLE = "createTextTable";

/** Letters that are one octet in every literal of every bundle. */
const PLAIN = /^[\t\n\r -_a-~]*$/;

/** The number of the first text. */
export const FIRST_NUMBER = 1;

/** Numbers texts from 1 on, in the order in which they come. */
export class TextNumbers {
  readonly #numbers = new Map<string, number>();

  /** The number of a text; undefined when it is no plain ASCII and has to be made by a call of its own. */
  numberOf(text: string): number | undefined {
    if (!PLAIN.test(text)) {
      return undefined;
    }
    const number = this.#numbers.get(text) ?? this.#numbers.size + FIRST_NUMBER;
    this.#numbers.set(text, number);
    return number;
  }

  /** What the table has to hold. */
  get size(): { octets: number; texts: number } {
    const octets = [...this.#numbers.keys()].reduce((sum, text) => sum + text.length, 0);
    return { octets, texts: this.#numbers.size };
  }

  /** The literals of at most some `letters`, or of one text, that make all of them in their order. */
  literals(letters: number): string[] {
    const groups: string[][] = [];
    let length = letters;
    for (const text of this.#numbers.keys()) {
      length += SEPARATOR.length + text.length;
      if (length > letters) {
        groups.push([]);
        length = text.length;
      }
      groups[groups.length - 1].push(text);
    }
    return groups.map((group) => group.join(SEPARATOR));
  }

  /** The literal that makes all of them; undefined when there is none. */
  get literal(): string | undefined {
    return this.#numbers.size === 0 ? undefined : [...this.#numbers.keys()].join(SEPARATOR);
  }
}
