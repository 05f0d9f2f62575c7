/** The results of several runs side by side: columns, values, and which is best. */
import { formatDuration, formatNumber } from '../format.ts';
import { type BestEpoch, bestEpoch } from '../run/bestEpoch.ts';
import { metricDirection } from '../run/metricDirection.ts';
import type { ComparedRun } from './comparedRun.ts';
import { hasValidation, metricsOf } from './runCurve.ts';

/** What was measured by results, another number, or a word. */
type ColumnKind = 'measure' | 'fact' | 'word';

export interface ResultColumn {
  readonly id: string;
  /** `test rmse`, `best val_loss`, `epochs`. */
  readonly title: string;
  readonly kind: ColumnKind;
  /** Null where no direction is better, or none can be told. */
  readonly better: 'lower' | 'higher' | null;
  /** Of all its values. */
  readonly unit: string | null;
  value(run: ComparedRun): number | string | null;
  text(run: ComparedRun): string;
}

export function resultColumns(runs: readonly ComparedRun[]): ResultColumn[] {
  return [...testColumns(runs), ...metricsOf(runs).flatMap((metric) => curveColumns(runs, metric)), ...FACTS];
}

function testColumns(runs: readonly ComparedRun[]): ResultColumn[] {
  const tests = runs.flatMap(({ test }) => test ?? []);
  const primaries = tests.map(({ primary }) => primary.metric);
  const names = [...new Set([...primaries, ...tests.flatMap(({ metrics }) => Object.keys(metrics))])];
  const columns = names.map((name) => {
    const better = tests.find(({ primary }) => primary.metric === name)?.primary.better ?? metricDirection(name);
    return testColumn(runs, name, better);
  });
  return primaries.length === 0 ? columns : [...columns, BASELINE, VERDICT];
}

function testColumn(runs: readonly ComparedRun[], name: string, better: ResultColumn['better']): ResultColumn {
  const value = ({ test }: ComparedRun) => test?.metrics[name] ?? null;
  const units = new Set(runs.filter((run) => value(run) !== null).map((run) => unitOf(run, name)));
  const [unit = ''] = units;
  // Errors in dollars and in litres have no best.
  const isOneUnit = units.size <= 1;
  const text = (run: ComparedRun) => {
    const own = isOneUnit || value(run) === null ? '' : ` ${unitOf(run, name)}`;
    return `${formatNumber(value(run))}${own}`.trimEnd();
  };
  return {
    id: `test:${name}`,
    title: `test ${name}`,
    kind: 'measure',
    better: isOneUnit ? better : null,
    unit: isOneUnit && unit !== '' ? unit : null,
    value,
    text,
  };
}

/** The data's own unit for what is measured in it; a mean of squares or a share has none. */
function unitOf({ test }: ComparedRun, name: string): string {
  return name === 'rmse' || name === 'mae' || name === test?.primary.metric ? (test?.unit ?? '') : '';
}

const plain = { unit: null, better: null, kind: 'fact' } as const;

const BASELINE: ResultColumn = {
  ...plain,
  id: 'baseline',
  title: 'best baseline',
  value: ({ test }) => test?.baseline?.value ?? null,
  text: ({ test }) => (test === null || test.baseline === null ? '—' : `${formatNumber(test.baseline.value)}`),
};

const VERDICT: ResultColumn = {
  ...plain,
  kind: 'word',
  id: 'verdict',
  title: 'against it',
  value: (run) => beatsBaseline(run),
  text: (run) => beatsBaseline(run) ?? '—',
};

/** `better`, `worse` or `equal`; null without a result or a baseline. */
export function beatsBaseline({ test }: ComparedRun): 'better' | 'worse' | 'equal' | null {
  const ours = test?.metrics[test.primary.metric] ?? null;
  if (test === null || test.baseline === null || ours === null) {
    return null;
  }
  const ahead = test.primary.better === 'lower' ? test.baseline.value - ours : ours - test.baseline.value;
  return ahead > 0 ? 'better' : ahead < 0 ? 'worse' : 'equal';
}

/** Of the validation rows where there are any, for that is what epochs are chosen by; of the training rows only the last. */
function curveColumns(runs: readonly ComparedRun[], metric: string): ResultColumn[] {
  const measured = hasValidation(runs, metric) ? `val_${metric}` : metric;
  const better = metricDirection(metric);
  const last = (name: string) => numbers(`last:${name}`, `last ${name}`, { better, kind: 'measure' }, lastOf(name));
  const best = numbers(`best:${measured}`, `best ${measured}`, { better, kind: 'measure' }, (run) => {
    return bestOf(run, measured)?.value ?? null;
  });
  const beside = measured === metric ? [] : [last(metric)];
  return [...(better === null ? [] : [best]), last(measured), ...beside];
}

const lastOf = (name: string) => (run: ComparedRun) => run.curves[name]?.findLast((value) => value !== null) ?? null;

function numbers(
  id: string,
  title: string,
  how: Pick<ResultColumn, 'better' | 'kind'>,
  value: (run: ComparedRun) => number | null,
): ResultColumn {
  return { id, title, ...how, unit: null, value, text: (run) => formatNumber(value(run)) };
}

/** The best value of a metric and its epoch. */
export function bestOf(run: ComparedRun, metric: string): BestEpoch | null {
  const values = run.curves[metric] ?? [];
  return bestEpoch(
    values.map((value, index) => ({ epoch: run.firstEpoch + index, value })),
    metric,
  );
}

const FACTS: readonly ResultColumn[] = [
  {
    ...plain,
    id: 'epochs',
    title: 'epochs',
    value: ({ epochsDone }) => epochsDone,
    text: ({ epochsDone, epochs }) => `${epochsDone}/${epochs ?? '?'}`,
  },
  {
    ...plain,
    id: 'time',
    title: 'training time',
    value: ({ trainingMs }) => trainingMs,
    text: ({ trainingMs }) => (trainingMs === null ? '—' : formatDuration(trainingMs)),
  },
  { ...plain, id: 'seed', title: 'seed', value: ({ seed }) => seed, text: ({ seed }) => String(seed ?? '—') },
  {
    ...plain,
    kind: 'word',
    id: 'backend',
    title: 'backend',
    value: ({ backend }) => backend,
    text: ({ backend }) => backend?.replace(/ on .*/s, '') ?? '—',
  },
  {
    ...plain,
    kind: 'word',
    id: 'status',
    title: 'status',
    value: ({ status }) => status,
    text: ({ status }) => status,
  },
];

/** The runs whose value is the best of a column; none where fewer than two have one. */
export function bestRuns({ better, value }: ResultColumn, runs: readonly ComparedRun[]): readonly ComparedRun[] {
  const found = runs.flatMap((run) => {
    const number = value(run);
    return typeof number === 'number' && Number.isFinite(number) ? [{ run, number }] : [];
  });
  if (better === null || found.length < 2) {
    return [];
  }
  const best = found
    .map(({ number }) => number)
    .reduce((a, b) => (better === 'lower' ? Math.min(a, b) : Math.max(a, b)));
  const winners = found.filter(({ number }) => number === best).map(({ run }) => run);
  // Where all are alike none is best.
  return winners.length === found.length ? [] : winners;
}

/** Runs without a value stand last, whichever way. */
export function sortRuns(
  runs: readonly ComparedRun[],
  column: ResultColumn | undefined,
  isDescending: boolean,
): readonly ComparedRun[] {
  if (column === undefined) {
    return runs;
  }
  const sign = isDescending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) {
      return Number(x === null) - Number(y === null);
    }
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)));
  });
}

/** A sentence where results cannot be compared at all; null where they can. */
export function testCaveat(runs: readonly ComparedRun[]): string | null {
  const tested = runs.filter(({ test }) => test !== null);
  const data = new Set(tested.map(({ recipe }) => JSON.stringify((recipe as { data?: unknown } | null)?.data ?? null)));
  const rows = new Set(tested.map(({ test }) => test?.rows));
  return data.size > 1 || rows.size > 1
    ? 'These runs do not share all settings of their data, so their test results may be of other rows.'
    : null;
}
