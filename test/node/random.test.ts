// Randomness: the seeded source repeats itself, the secure one does not; both fill what they are asked to and no more.

import assert from "node:assert/strict";
import { createSecureRandom, SeededRandom } from "../../hal/node/random";

describe("node/random", () => {
  it("gives the same octets for the same seed and others for another", () => {
    const draw = (seed: number): string => {
      const buffer = new Uint8Array(64);
      new SeededRandom(seed).fill(buffer, 0, 64);
      return Buffer.from(buffer).toString("hex");
    };
    assert.equal(draw(7), draw(7));
    assert.notEqual(draw(7), draw(8));
    assert.notEqual(draw(0), draw(1));
  });

  it("spreads evenly: of 256,000 octets each value comes about 1,000 times", () => {
    const buffer = new Uint8Array(256_000);
    new SeededRandom(1).fill(buffer, 0, buffer.length);
    const counts = new Array<number>(256).fill(0);
    for (const octet of buffer) {
      counts[octet] += 1;
    }
    // Five standard deviations.
    assert.ok(
      Math.min(...counts) > 842 && Math.max(...counts) < 1158,
      `${Math.min(...counts)} … ${Math.max(...counts)}`,
    );
  });

  it("keeps fractions below 1 with a mean of a half", () => {
    const random = new SeededRandom(3);
    let sum = 0;
    for (let count = 0; count < 10_000; count += 1) {
      const fraction = random.fraction();
      assert.ok(fraction >= 0 && fraction < 1);
      sum += fraction;
    }
    assert.ok(Math.abs(sum / 10_000 - 0.5) < 0.02);
  });

  for (const [name, random] of [
    ["the secure source", createSecureRandom()],
    ["the seeded source", new SeededRandom(1)],
  ] as const) {
    it(`${name} fills the range asked for and leaves the rest`, () => {
      const buffer = new Uint8Array(48);
      random.fill(buffer, 8, 40);
      assert.ok(buffer.subarray(0, 8).every((octet) => octet === 0));
      assert.ok(buffer.subarray(40).every((octet) => octet === 0));
      assert.ok(buffer.subarray(8, 40).some((octet) => octet !== 0));
    });
  }

  it("the secure source does not repeat itself", () => {
    const buffers = [new Uint8Array(16), new Uint8Array(16)];
    for (const buffer of buffers) {
      createSecureRandom().fill(buffer, 0, 16);
    }
    assert.notDeepEqual(buffers[0], buffers[1]);
  });
});
