// Counts what a device is made of: its records, and the elements of its records and lists. Whatever grows behind boot shows, to the one
// element. Buffers have one length for ever, and which of them a view is of changes; the parts of the fake board are objects of classes.

function isRecordOrList(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** Records and lists that can be reached from `root`, and their elements. */
export function census(root: object): number {
  const seen = new Set<object>([root]);
  const open: object[] = [root];
  let count = 0;
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const values: unknown[] = Object.values(item);
    count += 1 + values.length;
    for (const value of values) {
      if (typeof value === "object" && value !== null && !seen.has(value) && isRecordOrList(value)) {
        seen.add(value);
        open.push(value);
      }
    }
  }
  return count;
}
