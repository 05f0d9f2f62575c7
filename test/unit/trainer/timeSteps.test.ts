/** How fast a model trains on the current backend, as `auto` finds it out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Samples } from '../../../src/trainer/data/samples.ts';
import { timeSteps } from '../../../src/trainer/timeSteps.ts';
import { canStart } from './support/startBackend.ts';
import { toRecipe } from './support/toRecipe.ts';

const RECIPE = toRecipe(`
name: Too fast
data: { csv: x.csv, target: y }
model: [dense: { units: 1 }]
train: { loss: meanSquaredError, optimizer: { sgd: { learningRate: 1e+6 } }, batchSize: 4 }
`);

const COUNT = 4;
const samples: Samples = {
  count: COUNT,
  inputShape: [2],
  matrix: Float32Array.from({ length: COUNT * 2 }, (_, i) => Math.sin(1.7 * i)),
  firstRow: Int32Array.from({ length: COUNT }, (_, i) => i),
  targetRow: Int32Array.from({ length: COUNT }, (_, i) => i),
  targets: Float32Array.from({ length: COUNT }, (_, i) => Math.cos(i)),
  targetWidth: 1,
};

test('a model that diverges while it is timed is not counted for steps that were not done', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  let looks = 0;
  const monotonicMs = () => {
    looks += 1;
    return looks; // A millisecond at each look, of which every call takes two.
  };
  const rate = await timeSteps({
    network: { recipe: RECIPE, inputShape: [2], targetUnits: [1] },
    samples,
    classCount: null,
    rows: Int32Array.of(0, 1, 2, 3),
    replicas: [null],
    clock: { monotonicMs },
  });
  assert.ok(rate > 0);
  assert.ok(rate * (looks / 1000) < 20, `${rate} steps a second for ${looks} ms, though it breaks after a few steps`);
});
