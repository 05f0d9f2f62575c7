/** Tries the trained network on the test rows and compares it with naive predictors, in the data's own unit. */
import { isClassification } from '../../common/recipe/checkTraining.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import { readsOwnPast } from '../../common/recipe/sequences.ts';
import type { Evaluation, Predictions } from '../../common/run/events.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { fromTarget } from '../data/targetUnits.ts';
import type { Network } from '../training/network.ts';
import { classBaselines, takeTargets, toldOf, valueBaselines } from './baselines.ts';
import { worstMistakes } from './mistakes.ts';
import { type Outputs, predictTest } from './predictTest.ts';
import { scoreClasses, scoreValues } from './scores.ts';
import { writeVerdict } from './verdict.ts';

const KEPT_ROWS = 2000;

export type Evaluated = Omit<Evaluation, 'type' | 'at'>;

/** @returns The evaluation, and a note on what was left out of it. */
export async function evaluate(
  recipe: Recipe,
  data: PreparedData,
  network: Network,
): Promise<{ evaluation: Evaluated; note: string | null }> {
  const outputs = await predictTest(recipe, data, network);
  return isClassification(recipe)
    ? { evaluation: evaluateClasses(data, outputs), note: null }
    : evaluateValues(recipe, data, outputs);
}

function evaluateValues(
  recipe: Recipe,
  data: PreparedData,
  { values, width }: Outputs,
): { evaluation: Evaluated; note: string | null } {
  const { targets, rowNumbers } = data;
  const { test } = toldOf(data);
  const predicted = targets.names.map((_, i) =>
    Float64Array.from({ length: test.count }, (_unused, row) =>
      fromTarget(targets, i, { row: test.targetRow[row] ?? 0, output: values[row * width + i] ?? Number.NaN }),
    ),
  );
  const actual = takeTargets(data, test.targetRow);
  const metrics = scoreValues({ actual, predicted }, recipe.train.metrics);
  const horizon = readsOwnPast(recipe.data) ? recipe.data.horizon : null;
  const { baselines, note } = valueBaselines(data, recipe.train.metrics, horizon);
  const primary = { metric: 'rmse', better: 'lower' } as const;
  const { unit } = recipe.data;
  const kept = evenly(test.count);
  const pick = (column: Float64Array | undefined) => kept.map((row) => column?.[row] ?? null);
  const predictions: Predictions = {
    kind: 'values',
    targets: targets.names.map((name, i) => ({ name, actual: pick(actual[i]), predicted: pick(predicted[i]) })),
    row: kept.map((row) => rowNumbers[test.targetRow[row] ?? 0] ?? 0),
  };
  const verdict = writeVerdict(metrics.rmse ?? Number.NaN, baselines, { ...primary, unit });
  const evaluation = { rows: test.count, metrics, baselines, primary, verdict, predictions };
  return { evaluation: unit === undefined ? evaluation : { ...evaluation, unit }, note };
}

/** At most so many rows, evenly taken. */
function evenly(count: number): number[] {
  const kept = Math.min(count, KEPT_ROWS);
  return Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
}

function evaluateClasses(data: PreparedData, { values, width }: Outputs): Evaluated {
  const { targets } = data;
  const { test } = toldOf(data);
  const classes = targets.classes ?? [];
  const actual = takeTargets(data, test.targetRow)[0] ?? new Float64Array();
  const outputsOf = (row: number) => values.subarray(row * width, (row + 1) * width);
  const predicted = actual.map((_, row) => likeliest(outputsOf(row)));
  const probability = predicted.map((code, row) => probabilityOf(outputsOf(row), code));
  const size = Math.max(classes.length, width);
  const confusion = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  actual.forEach((code, row) => {
    const counts = confusion[code];
    const said = predicted[row] ?? 0;
    if (counts !== undefined) {
      counts[said] = (counts[said] ?? 0) + 1;
    }
  });
  const metrics = scoreClasses(actual, predicted);
  const { mistakes, image, inputs } = worstMistakes(data, { actual, predicted, probability });
  const baselines = classBaselines(data);
  const primary = { metric: 'accuracy', better: 'higher' } as const;
  const names = Array.from({ length: size }, (_, code) => classes[code] ?? String(code));
  return {
    rows: test.count,
    metrics,
    baselines,
    primary,
    verdict: writeVerdict(metrics.accuracy, baselines, primary),
    predictions: {
      kind: 'classes',
      classes: names,
      confusion,
      mistakes,
      ...(image === null ? {} : { image }),
      ...(inputs === null ? {} : { inputs }),
    },
  };
}

/** One output divides two classes at 0.5; several outputs vote by the largest. */
function likeliest(outputs: Float32Array): number {
  return outputs.length === 1 ? Number((outputs[0] ?? 0) > 0.5) : outputs.indexOf(Math.max(...outputs));
}

function probabilityOf(outputs: Float32Array, code: number): number {
  const [only = 0] = outputs;
  return outputs.length > 1 ? (outputs[code] ?? 0) : code === 1 ? only : 1 - only;
}
