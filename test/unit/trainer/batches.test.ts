/** How samples are cut into batches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchRows, countBatches, loadBatch } from '../../../src/trainer/training/batches.ts';
import { startBackend } from './support/startBackend.ts';
import { bostonRecipe } from './support/toRecipe.ts';

const ORDER = Int32Array.of(6, 5, 4, 3, 2, 1, 0);

function cut(lastBatch: 'keep' | 'drop' | 'fill', order = ORDER): number[][] {
  const settings = { ...bostonRecipe().train, batchSize: 4, lastBatch };
  return Array.from({ length: countBatches(order.length, settings) }, (_, i) => [...batchRows(order, i, settings)]);
}

test('a short last batch is kept, dropped, or filled with the rows of the batch before at the same places', () => {
  assert.deepEqual(cut('keep'), [
    [6, 5, 4, 3],
    [2, 1, 0],
  ]);
  assert.deepEqual(cut('drop'), [[6, 5, 4, 3]]);
  assert.deepEqual(cut('fill'), [
    [6, 5, 4, 3],
    [2, 1, 0, 3],
  ]);
});

test('a single short batch has nothing to be filled with', () => {
  assert.deepEqual(cut('fill', Int32Array.of(1, 0)), [[1, 0]]);
});

test('windows of a series overlap in memory, and classes become one-hot', async () => {
  await startBackend('js');
  const samples = {
    count: 2,
    inputShape: [2, 2],
    matrix: Float32Array.of(1, 2, 3, 4, 5, 6),
    firstRow: Int32Array.of(0, 1),
    targetRow: Int32Array.of(2, 3),
    targets: Float32Array.of(2, 0),
    targetWidth: 1,
  };
  const { inputs, targets } = loadBatch(samples, Int32Array.of(1, 0), 3);
  assert.deepEqual(inputs.arraySync(), [
    [
      [3, 4],
      [5, 6],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  assert.deepEqual(targets.arraySync(), [
    [1, 0, 0],
    [0, 0, 1],
  ]);
});
