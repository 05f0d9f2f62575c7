/** The words that stand for a missing value in a data file. */

const MISSING = new Set(['', 'NA', 'NaN', 'nan', '?']);

export function isMissing(field: string): boolean {
  return MISSING.has(field);
}
