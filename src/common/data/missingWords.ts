/** The words that stand for a missing value in a data file. */

const MISSING = new Set(['', 'NA', 'NaN', 'nan', '?']);

/** Space around it does not count, be it quoted or a no-break space: JavaScript reads such a blank as the number 0. */
export function isMissing(field: string): boolean {
  const first = field.charCodeAt(0);
  const isPlain = first > 0x20 && first < 0x80;
  return MISSING.has(field) || (!isPlain && MISSING.has(field.trim()));
}
