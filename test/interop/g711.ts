// G.711 in floating-point-free plain arithmetic for the judge's side: written apart from the firmware's tables, so that a
// fault there is not judged by itself. ITU-T G.711 tables 1 and 2, one octet at a time; speed is no concern here.

export type Law = "PCMU" | "PCMA";

/** The static payload types of RFC 3551 table 4. */
export const PAYLOAD_TYPE: Record<Law, number> = { PCMU: 0, PCMA: 8 };

function decodeMu(octet: number): number {
  const code = ~octet & 0xff;
  const segment = (code >> 4) & 7;
  const magnitude = ((((code & 15) << 1) + 33) << segment) - 33;
  return (code & 0x80 ? -magnitude : magnitude) * 4;
}

function decodeA(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = ((code & 15) << 1) + 1;
  const magnitude = segment === 0 ? step : (step + 32) << (segment - 1);
  return (code & 0x80 ? magnitude : -magnitude) * 8;
}

const DECODE: Record<Law, number[]> = { PCMU: [], PCMA: [] };
for (let octet = 0; octet < 256; octet += 1) {
  DECODE.PCMU.push(decodeMu(octet));
  DECODE.PCMA.push(decodeA(octet));
}

/** 16-bit linear samples of G.711 octets. */
export function decode(law: Law, octets: Uint8Array): Int16Array {
  return Int16Array.from(octets, (octet) => DECODE[law][octet]);
}

/** G.711 octets whose decoded values lie nearest to 16-bit linear samples. */
export function encode(law: Law, samples: Int16Array): Uint8Array {
  const table = DECODE[law];
  const order = table.map((_, octet) => octet).sort((left, right) => table[left] - table[right]);
  return Uint8Array.from(samples, (sample) => {
    let low = 0;
    let high = 255;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (table[order[middle]] <= sample) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return sample - table[order[low]] < table[order[high]] - sample ? order[low] : order[high];
  });
}
