/** Draws a series beside what the network says of it, in the data's unit, and goes on past its end. */
import { formatNumber } from '../../common/format.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { Forecast } from '../../common/run/events.ts';
import type { PreparedData } from '../data/prepareData.ts';
import type { Samples } from '../data/samples.ts';
import { nextLabels } from '../data/seriesTime.ts';
import { fromTarget } from '../data/targetUnits.ts';
import type { Network } from '../training/network.ts';
import { continueSeries } from './continueSeries.ts';
import type { Evaluated } from './evaluate.ts';
import { type Outputs, predictSamples, predictTest } from './predictTest.ts';

/** Of a longer series the end is told. */
const MOST_STEPS = 2000;

export type Foretold = Omit<Forecast, 'type' | 'at'>;

/** One value or null for each step, for each target. */
type Lines = (number | null)[][];

/** @returns One for each target; none where the recipe does not ask for it. */
export async function forecastSeries(
  recipe: Recipe,
  data: PreparedData,
  { network, evaluation }: { readonly network: Network; readonly evaluation: Evaluated },
): Promise<Foretold[]> {
  const { forecast, unit } = recipe.data;
  if (forecast === undefined) {
    return [];
  }
  const { targets, time, train, validation, test } = data;
  const rows = data.rowNumbers.length;
  const all = rows + forecast.steps;
  const fitted = emptyLines(data, all);
  for (const samples of validation === null ? [train] : [train, validation]) {
    const outputs = await predictSamples(network, samples, recipe.train.batchSize);
    place(fitted, data, { samples, outputs });
  }
  const predicted = emptyLines(data, all);
  place(predicted, data, { samples: test, outputs: await predictTest(recipe, data, network) });
  const testFrom = test.targetRow[0] ?? rows;
  const { continued, obstacle } = await continueSeries(recipe, data, { network, from: testFrom, to: all });
  const labels = [
    ...(time?.labels ?? Array.from(data.rowNumbers, String)),
    ...nextLabels(time, data.rowNumbers.at(-1) ?? rows, forecast.steps),
  ];
  const remarks = [...remarksOn(recipe, data, { evaluation, labels }), ...(obstacle === null ? [] : [obstacle])];
  const cut = Math.max(0, rows - MOST_STEPS);
  return targets.names.map((target, i) => ({
    target,
    ...(unit === undefined ? {} : { unit }),
    steps: labels.slice(cut),
    actual: [...(targets.columns[i] ?? []), ...new Array<null>(forecast.steps).fill(null)].slice(cut),
    fitted: fitted[i]?.slice(cut) ?? [],
    predicted: predicted[i]?.slice(cut) ?? [],
    continued: continued[i]?.slice(cut) ?? [],
    validationFrom: validation === null ? null : Math.max(0, (validation.targetRow[0] ?? 0) - cut),
    testFrom: Math.max(0, testFrom - cut),
    remarks: cut === 0 ? remarks : [...remarks, `Only the last ${MOST_STEPS} of ${rows} steps are told.`],
  }));
}

function emptyLines({ targets }: PreparedData, length: number): Lines {
  return targets.names.map(() => new Array<number | null>(length).fill(null));
}

/** Puts outputs where their targets stand in the series; a sample has one target, or one for each of its steps. */
function place(
  lines: Lines,
  { targets }: PreparedData,
  { samples, outputs }: { readonly samples: Samples; readonly outputs: Outputs },
): void {
  const steps = samples.targetShape?.[0] ?? 1;
  const width = targets.names.length;
  for (let sample = 0; sample < samples.count; sample += 1) {
    for (let step = 0; step < steps; step += 1) {
      const row = (samples.targetRow[sample] ?? 0) + step;
      lines.forEach((line, i) => {
        const output = outputs.values[(sample * steps + step) * width + i] ?? Number.NaN;
        const value = fromTarget(targets, i, { row, output });
        line[row] = Number.isFinite(value) ? value : null;
      });
    }
  }
}

function remarksOn(
  { data: { scaleFit, scale, scaleTarget, time } }: Recipe,
  { test, rowNumbers }: PreparedData,
  { evaluation, labels }: { readonly evaluation: Evaluated; readonly labels: readonly string[] },
): string[] {
  const isScaled = scale !== 'none' || scaleTarget !== 'none';
  const { metric } = evaluation.primary;
  const own = evaluation.metrics[metric] ?? Number.POSITIVE_INFINITY;
  const [best] = evaluation.baselines
    .flatMap(({ label, metrics }) => ({ label, value: metrics[metric] ?? Number.POSITIVE_INFINITY }))
    .toSorted((a, b) => a.value - b.value);
  const unused = (test.targetRow.at(-1) ?? 0) + 1;
  return [
    ...(scaleFit === 'all' && isScaled
      ? ['The scaler was fitted on the whole series, so the forecast has seen its future.']
      : []),
    ...(best !== undefined && best.value < own
      ? [
          `${best.label.charAt(0).toUpperCase()}${best.label.slice(1)} does better: ${metric.toUpperCase()} ${formatNumber(best.value)} against ${formatNumber(own)}.`,
        ]
      : []),
    ...(unused < rowNumbers.length
      ? [`Steps ${labels[unused]} to ${labels[rowNumbers.length - 1]} are neither learnt from nor tested on.`]
      : []),
    ...(time?.gaps === 'allow' ? ['Steps of unequal length are allowed: rows are counted, and not time.'] : []),
  ];
}
