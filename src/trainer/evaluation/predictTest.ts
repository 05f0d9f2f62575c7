/** What the network says of samples in evaluation mode: of rows, windows, whole sequences, or a series step by step. */
import { tidy } from '@tensorflow/tfjs-core';
import type { Recipe } from '../../common/recipe/schema.ts';
import { cutOf } from '../../common/recipe/sequences.ts';
import { joinFloats } from '../data/joinFloats.ts';
import type { PreparedData } from '../data/prepareData.ts';
import type { Samples } from '../data/samples.ts';
import { createStatefulRun } from '../model/statefulRun.ts';
import { loadBatch } from '../training/batches.ts';
import { planBatches } from '../training/batchPlan.ts';
import { type Network, predict } from '../training/network.ts';
import { read } from '../training/readTensors.ts';

/** [places, width], row-major. */
export interface Outputs {
  readonly values: Float32Array;
  readonly width: number;
}

/**
 * Each test step of a series is told from the actual values before it, with the state carried on, as one would ask the network
 * month after month.
 *
 * @returns One place for each sample, or for each step that counts, in the order of `data.steps.test`.
 */
export async function predictTest(recipe: Recipe, data: PreparedData, network: Network): Promise<Outputs> {
  const cut = cutOf(recipe.data);
  if (cut !== null) {
    const from = data.test.firstRow[0] ?? 0;
    // The state begins with the last whole sequence before the test.
    const warmUp = Math.min(from, cut.length);
    const said = await runRows(data, { network, from: from - warmUp, to: from + data.test.count });
    const width = said.length / (warmUp + data.test.count);
    return { values: said.subarray(warmUp * width), width };
  }
  return data.test.filling === undefined
    ? predictSamples(network, data.test, recipe.train.batchSize)
    : predictFilled(network, data.test, recipe);
}

async function runRows(
  { inputs }: PreparedData,
  { network, from, to }: { readonly network: Network; readonly from: number; readonly to: number },
): Promise<Float32Array> {
  const run = createStatefulRun(network.built.model, inputs.width);
  try {
    return await run.run(inputs.values.subarray(from * inputs.width, to * inputs.width));
  } finally {
    run.dispose();
  }
}

/** Sample after sample, each with all its outputs. */
export async function predictSamples(network: Network, samples: Samples, batchSize: number): Promise<Outputs> {
  const parts: Float32Array[] = [];
  for (let from = 0; from < samples.count; from += batchSize) {
    const rows = Int32Array.from({ length: Math.min(batchSize, samples.count - from) }, (_, i) => from + i);
    parts.push(await predictRows(network, samples, rows));
  }
  const values = joinFloats(parts);
  return { values, width: values.length / samples.count };
}

async function predictRows(network: Network, samples: Samples, rows: Int32Array): Promise<Float32Array> {
  const outputs = tidy(() => predict(network.built.model, loadBatch(samples, rows, null), { training: false }));
  const [values = new Float32Array()] = await read([outputs]);
  outputs.dispose();
  return values;
}

/** The steps of sequences that count, in the order of the samples. */
async function predictFilled(network: Network, samples: Samples, recipe: Recipe): Promise<Outputs> {
  const { filling } = samples;
  const order = Int32Array.from({ length: samples.count }, (_, sample) => sample);
  const plan = planBatches(samples, { ...recipe.train, lastBatch: 'keep' });
  const parts: Float32Array[] = new Array(samples.count);
  let width = 1;
  for (let index = 0; index < plan.count; index += 1) {
    const rows = plan.rows(order, index);
    const values = await predictRows(network, samples, rows);
    const steps = filling?.filled[rows[0] ?? 0] ?? 1;
    width = values.length / (rows.length * steps);
    rows.forEach((sample, i) => {
      const own = filling?.steps[sample] ?? 0;
      const first = filling?.counts === 'last' ? own - 1 : 0;
      parts[sample] = values.subarray((i * steps + first) * width, (i * steps + own) * width);
    });
  }
  return { values: joinFloats(parts), width };
}
