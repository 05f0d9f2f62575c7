/** A forecast as a terminal shows it: the test steps and what comes after the series, with what a reader must know. */
import { formatNumber } from '../common/format.ts';
import type { Forecast } from '../common/run/events.ts';
import { formatTable } from './table.ts';

/** Most rows of the test, and of the time to come. */
const MOST_ROWS = 12;

const HEAD = ['step', 'actual', 'predicted', 'continued'];

export function forecastLines(forecast: Forecast): string[] {
  const { target, unit, steps, actual, predicted, continued, testFrom, remarks } = forecast;
  const end = actual.findLastIndex((value) => value !== null) + 1;
  const known = range(testFrom, end);
  const ahead = range(end, steps.length);
  const show = (place: number) => [
    steps[place] ?? '',
    ...[actual, predicted, continued].map((line) => (line[place] == null ? '' : formatNumber(line[place]))),
  ];
  const skipped = (count: number) => (count > 0 ? [[`… ${count} more`, '', '', '']] : []);
  const rows = [
    HEAD,
    ...skipped(known.length - MOST_ROWS),
    ...known.slice(-MOST_ROWS).map(show),
    ...ahead.slice(0, MOST_ROWS).map(show),
    ...skipped(ahead.length - MOST_ROWS),
  ];
  return [
    '',
    `Forecast of ${target}${unit === undefined ? '' : ` (${unit})`}`,
    ...formatTable(rows, [1, 2, 3]).map((row) => `  ${row}`),
    'predicted: each step from the actual values before it, without training again',
    ...(continued.some((value) => value !== null) ? ['continued: each step from what was continued before it'] : []),
    ...remarks,
  ];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
