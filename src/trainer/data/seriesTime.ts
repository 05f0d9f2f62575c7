/** The time of each row of a series: whether the rows follow each other in equal steps, and what comes after the last. */

import { parseTime } from '../../common/data/parseTime.ts';
import { SkilletError } from '../../common/errors.ts';
import type { CategoryColumn } from './columns.ts';

export interface SeriesTime {
  /** The text of each row. */
  readonly labels: readonly string[];
  /** As `parseTime` reads them. */
  readonly values: readonly number[];
  /** Whether the values are milliseconds since 1970. */
  readonly isDate: boolean;
}

export interface TimeColumn {
  readonly name: string;
  readonly column: CategoryColumn;
  /** Number in the file of each row. */
  readonly rowNumbers: Int32Array;
}

/** @throws {SkilletError} `data-time`: a field is neither a number nor a date. */
export function readTime({ name, column, rowNumbers }: TimeColumn): SeriesTime {
  const labels = Array.from(column.codes, (code) => column.categories[code] ?? '');
  const values = labels.map(parseTime);
  const isDate = !isNumber(labels[0] ?? '');
  const odd = values.findIndex((value, row) => !Number.isFinite(value) || isNumber(labels[row] ?? '') === isDate);
  if (odd !== -1) {
    const what =
      odd > 0 && Number.isFinite(values[odd]) ? `unlike "${labels[0]}" above` : 'which is neither a date nor a number';
    throw refuse(name, `Row ${rowNumbers[odd]} has "${labels[odd]}", ${what}.`, {
      remedy: 'Write all as dates (2024-01-31 or 2024-01), or number the steps.',
    });
  }
  return { labels, values, isDate };
}

/**
 * @param span Rows of one series, `from` inclusive, `to` exclusive.
 * @throws {SkilletError} `data-time`: a row comes before the one above it, at the same time, or (unless allowed) after a gap.
 */
export function checkOrder(
  { labels, values, isDate }: SeriesTime,
  { name, rowNumbers }: TimeColumn,
  { from, to, gaps }: { readonly from: number; readonly to: number; readonly gaps: 'refuse' | 'allow' },
): void {
  for (let row = from + 1; row < to; row += 1) {
    const [before = 0, now = 0] = [values[row - 1], values[row]];
    if (now <= before) {
      const what = now === before ? 'the same time as' : 'which is earlier than';
      throw refuse(
        name,
        `Row ${rowNumbers[row]} has ${labels[row]}, ${what} row ${rowNumbers[row - 1]} (${labels[row - 1]}).`,
        {
          remedy:
            now === before
              ? 'Leave one row for each time; several series in one file are marked by data.sequences.by.'
              : `Sort the file by ${name}, oldest first.`,
        },
      );
    }
  }
  const pace = findPace(values.slice(from, to), isDate);
  const odd = pace.positions.findIndex((position, i) => i > 0 && !pace.fits(position - (pace.positions[i - 1] ?? 0)));
  if (gaps === 'refuse' && odd !== -1) {
    const row = from + odd;
    const step = (pace.positions[odd] ?? 0) - (pace.positions[odd - 1] ?? 0);
    throw refuse(
      name,
      `Row ${rowNumbers[row]} has ${labels[row]}, ${inUnits(step, pace.unit)} after row ${rowNumbers[row - 1]} (${labels[row - 1]}), where ${inUnits(pace.step, pace.unit)} is usual.`,
      {
        remedy: `Add the rows that are missing, or write time: { column: ${name}, gaps: allow } to count rows and not time.`,
      },
    );
  }
}

const isNumber = (label: string): boolean => Number.isFinite(Number(label));

function refuse(name: string, message: string, { remedy }: { readonly remedy: string }): SkilletError {
  return new SkilletError('data-time', `data.time: column ${name}`, { message, remedy });
}

type Unit = 'number' | 'month' | 'business day' | 'day' | 'second';

/** In what units a series goes on, and by how many of them. */
interface Pace {
  readonly unit: Unit;
  readonly positions: readonly number[];
  /** The commonest step. */
  readonly step: number;
  /** Share of the steps that are as long. */
  readonly share: number;
  fits(step: number): boolean;
}

const DAY_MS = 86_400_000;

/** The way of counting in which most steps are alike: 31 and 28 days are both a month, Friday to Monday is a business day. */
function findPace(values: readonly number[], isDate: boolean): Pace {
  const ways: [Unit, number[] | null][] = isDate
    ? [
        ['month', countMonths(values)],
        values.every((ms) => ms % DAY_MS === 0)
          ? ['day', values.map((ms) => ms / DAY_MS)]
          : ['second', toSeconds(values)],
        ['business day', countBusinessDays(values)],
      ]
    : [['number', [...values]]];
  const paces = ways.flatMap(([unit, positions]) => (positions === null ? [] : [toPace(unit, positions)]));
  return paces.reduce((best, pace) => (pace.share > best.share ? pace : best), paces[0] ?? toPace('number', []));
}

function toPace(unit: Unit, positions: readonly number[]): Pace {
  const steps = positions.slice(1).map((position, i) => position - (positions[i] ?? 0));
  const isLike = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
  const [step, count] = commonest(steps, unit === 'number' ? isLike : Object.is);
  const share = steps.length === 0 ? 1 : count / steps.length;
  return { unit, positions, step, share, fits: (found) => isLike(found, step) };
}

/** The commonest value and how often it comes, among values of which neighbours in size may be alike; `[1, 0]` of none. */
function commonest(values: readonly number[], isAlike: (a: number, b: number) => boolean): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  let best: [number, number] = [1, 0];
  let from = 0;
  for (let to = 1; to <= sorted.length; to += 1) {
    const [first = 0, next] = [sorted[from], sorted[to]];
    if (next === undefined || !isAlike(next, first)) {
      best = to - from > best[1] ? [first, to - from] : best;
      from = to;
    }
  }
  return best;
}

const toSeconds = (values: readonly number[]): number[] => values.map((ms) => ms / 1000);

/** Null unless all fall on one day of the month, or on the last where a month is too short for it. */
function countMonths(values: readonly number[]): number[] | null {
  const dates = values.map((ms) => new Date(ms));
  const anchor = latestDay(values);
  const time = (values[0] ?? 0) % DAY_MS;
  const isOnDay = (date: Date) =>
    date.getUTCDate() === Math.min(anchor, daysInMonth(date.getUTCFullYear(), date.getUTCMonth()));
  return dates.every((date) => isOnDay(date) && date.getTime() % DAY_MS === time)
    ? dates.map((date) => date.getUTCFullYear() * 12 + date.getUTCMonth())
    : null;
}

/** Of the month. */
function latestDay(values: readonly number[]): number {
  return values.reduce((latest, ms) => Math.max(latest, new Date(ms).getUTCDate()), 1);
}

function daysInMonth(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month + 1, 0);
  return last.getUTCDate();
}

/** Null where a day is a Saturday or Sunday. */
function countBusinessDays(values: readonly number[]): number[] | null {
  // Day 0 of 1970 was a Thursday.
  const days = values.map((ms) => Math.floor(ms / DAY_MS) + 3);
  return days.every((day) => mod(day, 7) < 5) && values.every((ms) => ms % DAY_MS === 0)
    ? days.map((day) => Math.floor(day / 7) * 5 + mod(day, 7))
    : null;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function inUnits(count: number, unit: Unit): string {
  const text = String(Number(count.toPrecision(6)));
  return unit === 'number' ? text : `${text} ${unit}${count === 1 ? '' : 's'}`;
}

/**
 * The times that follow the last, written as the last is written; `+1`, `+2` where that is not known.
 *
 * @param time Null where the steps have no names: then they are numbered on from `rows`.
 */
export function nextLabels(time: SeriesTime | null, rows: number, count: number): string[] {
  const ahead = Array.from({ length: count }, (_, i) => i + 1);
  if (time === null) {
    return ahead.map((k) => String(rows + k));
  }
  const label = time.labels.at(-1) ?? '';
  const last = time.values.at(-1) ?? 0;
  const pace = findPace(time.values, time.isDate);
  if (pace.share < 1) {
    return ahead.map((k) => `+${k}`);
  }
  const write = labelWriter(label, pace.unit);
  return ahead.map((k) => write?.(addSteps(last, k * pace.step, { unit: pace.unit, values: time.values })) ?? `+${k}`);
}

function addSteps(
  last: number,
  count: number,
  { unit, values }: { readonly unit: Unit; readonly values: readonly number[] },
): number {
  switch (unit) {
    case 'number':
      return last + count;
    case 'month': {
      const anchor = latestDay(values);
      const date = new Date(last);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + count];
      date.setUTCDate(1);
      date.setUTCFullYear(year, month, Math.min(anchor, daysInMonth(year, month)));
      return date.getTime();
    }
    case 'business day': {
      const day = Math.floor(last / DAY_MS) + 3;
      const place = mod(day, 7) + count;
      return (Math.floor(day / 7) * 7 + Math.floor(place / 5) * 7 + mod(place, 5) - 3) * DAY_MS;
    }
    case 'day':
      return last + count * DAY_MS;
    case 'second':
      return last + count * 1000;
  }
}

/** Null where the way a time is written is not one of ours. */
function labelWriter(label: string, unit: Unit): ((value: number) => string) | null {
  if (unit === 'number') {
    return (value) => String(Number(value.toPrecision(12)));
  }
  const month = /^(\d{1,4})-(\d{1,2})$/.exec(label);
  if (month !== null) {
    const [yearWidth, monthWidth] = [
      month[1]?.startsWith('0') ? month[1].length : 0,
      label.length - label.indexOf('-') - 1,
    ];
    return (value) => {
      const date = new Date(value);
      const year = String(date.getUTCFullYear()).padStart(yearWidth, '0');
      return `${year}-${String(date.getUTCMonth() + 1).padStart(monthWidth, '0')}`;
    };
  }
  const isIso = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$/.test(label);
  return isIso
    ? (value) =>
        new Date(value)
          .toISOString()
          .slice(0, label.length)
          .replace('T', label[10] ?? 'T')
    : null;
}
