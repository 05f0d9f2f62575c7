/** Reads a point in time: a plain number, or a date such as 2024-05-17. */

/** @returns The number itself, or milliseconds since 1970 for a date; NaN for anything else. A date without a zone is taken as UTC. */
export function parseTime(field: string): number {
  const value = Number(field);
  if (Number.isFinite(value)) {
    return value;
  }
  // A month of a year that may be counted from any beginning, as 1-01 to 3-12.
  const month = /^(\d{1,4})-(\d{1,2})$/.exec(field);
  if (month !== null) {
    return monthStart(Number(month[1]), Number(month[2]));
  }
  const ms = Date.parse(field);
  return hasZone(field) || Number.isNaN(ms) ? ms : asUtc(new Date(ms));
}

function monthStart(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, 1);
  return month >= 1 && month <= 12 ? date.getTime() : Number.NaN;
}

/** A plain ISO date counts as UTC by itself. */
function hasZone(field: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(field) || /(Z|GMT|UTC|[+-]\d\d:?\d\d)\s*(\(.*\))?$/i.test(field);
}

/** The clock time of the text, whatever zone this machine lies in: days must not be 23 or 25 hours long. */
function asUtc(local: Date): number {
  const [year, month, day] = [local.getFullYear(), local.getMonth(), local.getDate()];
  return Date.UTC(year, month, day, local.getHours(), local.getMinutes(), local.getSeconds(), local.getMilliseconds());
}
