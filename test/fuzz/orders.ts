// An input of a station target is a list of orders, read from the front: each octet chooses. What is not there is 0, so that every
// input means something and half of one means its first half.

export class Orders {
  private at = 0;

  constructor(private readonly input: Uint8Array) {}

  /** Whether something is left. */
  left(): boolean {
    return this.at < this.input.length;
  }

  next(): number {
    this.at += 1;
    return this.input[this.at - 1] ?? 0;
  }

  /** Two octets, the higher one first. */
  nextPair(): number {
    return 256 * this.next() + this.next();
  }

  choose<T>(from: readonly T[]): T {
    return from[this.next() % from.length];
  }

  /** None to `most` of a table. */
  chooseSome<T>(from: readonly T[], most: number): T[] {
    const chosen: T[] = [];
    for (let count = this.next() % (most + 1); count > 0; count -= 1) {
      chosen.push(this.choose(from));
    }
    return chosen;
  }

  /** The next octets as they are, as many as there are. */
  take(count: number): Uint8Array {
    this.at += count;
    return this.input.slice(this.at - count, this.at);
  }
}
