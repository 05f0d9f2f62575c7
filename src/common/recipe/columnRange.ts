/** Writes out ranges of columns: `p0..p63` stands for p0, p1, … p63. */

/** Beyond this a range is a slip. */
const MOST_COLUMNS = 100_000;

/** A name that is no rising range of numbers behind the same letters stays as it is. */
export function expandRanges(names: readonly string[]): string[] {
  return names.flatMap(expandRange);
}

function expandRange(name: string): string[] {
  const [, before = '', first = '', after = '', last = ''] = /^(.*?)(\d+)\.\.(.*?)(\d+)$/.exec(name) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (first === '' || before !== after || count < 1 || count > MOST_COLUMNS) {
    return [name];
  }
  const digits = first.startsWith('0') ? first.length : 1;
  return Array.from({ length: count }, (_, i) => `${before}${String(Number(first) + i).padStart(digits, '0')}`);
}
