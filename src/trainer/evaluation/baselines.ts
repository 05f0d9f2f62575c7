/** Naive predictors on the same test rows: a number without its baseline says little. */
import type { MetricName } from '../../common/recipe/schema.ts';
import type { Baseline } from '../../common/run/events.ts';
import type { PreparedData } from '../data/prepareData.ts';
import type { Samples } from '../data/samples.ts';
import { fromTarget } from '../data/targetUnits.ts';
import { linearRegression } from './linearRegression.ts';
import { scoreClasses, scoreValues } from './scores.ts';

/** @param horizon Of a series, whose last known value is a predictor too; null for independent rows. */
export function valueBaselines(
  data: PreparedData,
  metrics: readonly MetricName[],
  horizon: number | null,
): { baselines: Baseline[]; note: string | null } {
  const { targets } = data;
  const { train, test } = toldOf(data);
  const actual = takeTargets(data, test.targetRow);
  const score = (predicted: readonly Float64Array[]) => scoreValues({ actual, predicted }, metrics);
  const baselines: Baseline[] = [];
  if (horizon !== null) {
    const last = takeTargets(
      data,
      test.targetRow.map((row) => row - horizon),
    );
    baselines.push({ name: 'lastValue', label: 'the last value alone', metrics: score(last) });
  }
  const means = takeTargets(data, train.targetRow).map((values) => values.reduce((a, b) => a + b, 0) / values.length);
  const constant = means.map((mean) => new Float64Array(test.count).fill(mean));
  baselines.push({ name: 'trainingMean', label: 'the training mean alone', metrics: score(constant) });
  // Codes of texts are no amounts that a line could run through.
  const line = data.inputs.text === undefined ? linearRegression(train, test) : null;
  if (line !== null) {
    const predicted = line.predicted.map((values, i) =>
      values.map((output, k) => fromTarget(targets, i, { row: test.targetRow[k] ?? 0, output })),
    );
    const part = line.rowsUsed < train.count ? ` fitted on ${line.rowsUsed} of ${train.count} rows` : '';
    baselines.push({ name: 'linearRegression', label: `linear regression${part}`, metrics: score(predicted) });
  }
  const inputs = train.inputShape.reduce((product, length) => product * length, 1);
  const note =
    line === null && data.inputs.text === undefined
      ? `Linear regression was left out: ${inputs} inputs are too many for ${train.count} rows.`
      : null;
  return { baselines, note };
}

/** What is told one by one: samples, or the steps of sequences. */
export function toldOf({ train, test, steps }: PreparedData): { readonly train: Samples; readonly test: Samples } {
  return steps ?? { train, test };
}

/** Each target at these rows of the table, in the data's unit. */
export function takeTargets({ targets }: PreparedData, rows: Int32Array): Float64Array[] {
  return targets.columns.map((column) => Float64Array.from(rows, (row) => column[row] ?? Number.NaN));
}

export function classBaselines(data: PreparedData): Baseline[] {
  const counts = new Map<number, number>();
  const { train, test } = toldOf(data);
  for (const code of takeTargets(data, train.targetRow)[0] ?? []) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const [majority] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0]);
  const actual = takeTargets(data, test.targetRow)[0] ?? [];
  const name = data.targets.classes?.[majority] ?? String(majority);
  const predicted = new Float64Array(actual.length).fill(majority);
  return [{ name: 'majorityClass', label: `always saying ${name}`, metrics: scoreClasses(actual, predicted) }];
}
