/** Reads a point in time: a plain number, or a date such as 2024-05-17. */

/** @returns The number itself, or milliseconds since 1970 for a date; NaN for anything else. */
export function parseTime(field: string): number {
  const value = Number(field);
  return Number.isFinite(value) ? value : Date.parse(field);
}
