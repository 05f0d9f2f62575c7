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
  const lines = [actual, predicted, continued];
  const write = writerFor([...known, ...ahead].flatMap((place) => lines.map((line) => line[place] ?? 0)));
  const show = (place: number) => [
    steps[place] ?? '',
    ...lines.map((line) => (line[place] == null ? '' : write(line[place]))),
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

/** The same decimals for all, so that they stand below each other: four digits of the largest. */
function writerFor(values: readonly number[]): (value: number) => string {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest >= 1e9 || (largest > 0 && largest < 1e-3)) {
    return formatNumber;
  }
  const decimals = largest === 0 ? 0 : Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(largest))));
  return (value) => {
    // Rounded first, so that no zero keeps a sign.
    const rounded = Number(value.toFixed(decimals)) + 0;
    return rounded.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
