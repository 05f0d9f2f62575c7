/** What counts as a difference between a capsule and its run done again, without training either. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { BLOCK_STEPS, type Capsule, KEPT_STEPS } from '../../../../src/common/capsule/capsule.ts';
import { createComparison } from '../../../../src/node/capsule/compareRun.ts';
import { makeCapsule } from '../../../../src/node/capsule/makeCapsule.ts';
import { packLosses } from '../../../../src/node/capsule/packLosses.ts';
import { deadPid } from '../../../fixtures/processes.ts';
import { at, epochs, evaluation, launch, runEnd, runStart } from '../../../fixtures/runEvents.ts';
import { TINY_RECIPE, writeRun } from '../../../fixtures/runFolders.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const HASH = 'a'.repeat(64);
const LOSSES = [4, 3, 2, 1];
const EXACT = { relative: 0, why: '' };
const LOOSE = { relative: 1e-3, why: '' };

function capsuleOf(losses: readonly number[] = LOSSES): Capsule {
  return {
    ...{ format: 'skillet-capsule', version: 1, name: 'Tiny', madeAt: at(0) },
    recipe: { text: 'name: Tiny\n', folder: '', params: {}, seed: 1 },
    data: { dataset: null, files: [], hashedAt: 'run' },
    module: null,
    backend: { name: 'js', device: 'CPU', execution: 'eager', version: null },
    versions: {},
    run: {
      ...{ startedAt: null, status: 'completed', message: '' },
      ...{ epochs: 2, stepsPerEpoch: losses.length / 2, batchSize: 8 },
    },
    steps: packLosses({ length: losses.length, at: (step) => losses[step] ?? null }),
    epochs: [],
    evaluation: { rows: 10, metrics: { rmse: 3 }, primary: 'rmse' },
    weights: { sha256: HASH, bytes: 12 },
  };
}

interface Again {
  readonly losses?: readonly number[];
  readonly rmse?: number;
  readonly weights?: string | null;
}

/** What is found where a run comes out so. */
function compare(capsule: Capsule, tolerance: typeof EXACT, { losses = LOSSES, rmse = 3, weights = HASH }: Again) {
  const comparison = createComparison(capsule, tolerance);
  comparison.add({ type: 'steps', at: at(1), first: 0, loss: [...losses], metrics: {}, stepsPerSecond: 1 });
  comparison.add(evaluation({ metrics: { rmse } }));
  comparison.add(runEnd);
  comparison.addWeights(weights);
  return comparison.found();
}

test('a run that comes out the same has no difference, and all of it was compared', () => {
  const { firstInexact, firstBeyond, compared } = compare(capsuleOf(), EXACT, {});
  assert.deepEqual([firstInexact, firstBeyond], [null, null]);
  assert.deepEqual(compared, { steps: 4, epochs: 0, evaluation: true, weights: true });
});

test('the first step that differs is named, and not a later one that differs more', () => {
  const { firstInexact, firstBeyond, largest } = compare(capsuleOf(), EXACT, { losses: [4, 3.001, 2.5, 9] });
  assert.deepEqual([firstInexact?.step, firstBeyond?.step, largest?.step], [1, 1, 3]);
  assert.deepEqual([firstBeyond?.epoch, firstBeyond?.expected, firstBeyond?.actual], [1, 3, 3.001]);
});

test('within a tolerance only what is beyond it makes a run another one', () => {
  const within = compare(capsuleOf(), LOOSE, { losses: [4, 3.002, 2, 1] });
  assert.deepEqual([within.firstInexact?.step, within.firstBeyond], [1, null]);
  const beyond = compare(capsuleOf(), LOOSE, { losses: [4, 3.002, 2.003, 1] });
  assert.deepEqual([beyond.firstInexact?.step, beyond.firstBeyond?.step], [1, 2]);
});

test('the same losses with another result or other weights are no same run', () => {
  const result = compare(capsuleOf(), EXACT, { rmse: 3.1 });
  assert.deepEqual([result.firstBeyond?.what, result.firstBeyond?.metric], ['evaluation', 'rmse']);
  for (const weights of ['b'.repeat(64), null]) {
    assert.equal(compare(capsuleOf(), EXACT, { weights }).firstBeyond?.what, 'weights');
    const loose = compare(capsuleOf(), LOOSE, { weights });
    assert.deepEqual([loose.firstInexact?.what, loose.firstBeyond], ['weights', null]);
  }
});

test('a run that is longer than what is kept step by step is compared by the hashes of its blocks', () => {
  const losses = Array.from({ length: KEPT_STEPS + 2 * BLOCK_STEPS + 10 }, (_, step) => 1 / (step + 1));
  const capsule = capsuleOf(losses.map(Math.fround));
  const again = losses.map(Math.fround);
  assert.equal(compare(capsule, EXACT, { losses: again }).firstInexact, null);
  for (const [step, block] of [
    [KEPT_STEPS + BLOCK_STEPS + 7, KEPT_STEPS + BLOCK_STEPS],
    [losses.length - 1, KEPT_STEPS + 2 * BLOCK_STEPS],
  ] as const) {
    const { firstBeyond } = compare(capsule, EXACT, { losses: again.with(step, 0.5) });
    assert.deepEqual([firstBeyond?.what, firstBeyond?.step], ['steps', block]);
  }
});

test('no capsule is made of a fork, of a run whose data changed, or of one that still trains', async (t) => {
  const folder = tempFolder(t);
  const file = (sha256: string) => [{ file: 'data.csv', sha256, bytes: 3 }];
  const start = runStart();
  const again = { ...launch, at: at(59) };
  const resumed = { type: 'runResume' as const, at: at(60), epoch: 1, step: 9, backend: start.backend };
  const begun = { ...start, data: { ...start.data, files: file(HASH) } };
  const dead = { ...launch, pid: await deadPid() };
  const cases = [
    [
      'fork',
      [launch, { ...start, fork: { run: 'other', epoch: 1, step: 0 } }, ...epochs(2, 3), runEnd],
      /goes on from/,
    ],
    [
      'changed',
      [dead, begun, ...epochs(1, 1), again, { ...resumed, files: file('b'.repeat(64)) }, ...epochs(2, 3), runEnd],
      /data was changed/,
    ],
    ['live', [{ ...launch, host: 'another' }, start, ...epochs(1, 2)], /still training/],
  ] as const;
  for (const [name, events, message] of cases) {
    const run = writeRun(path.join(folder, name), [...events]);
    await assert.rejects(makeCapsule(run, { now: new Date(0) }), { code: 'capsule-run', message }, name);
  }
});

test('a capsule without its data can be made when that is gone, and says so', async (t) => {
  const folder = tempFolder(t);
  const start = runStart();
  const data = { ...start.data, files: [{ file: 'tiny.csv', sha256: HASH, bytes: 3 }] };
  const begun = { ...launch, recipeFile: path.join(folder, 'tiny.recipe.yaml') };
  const run = writeRun(path.join(folder, 'run'), [begun, { ...start, data }, ...epochs(1, 3), runEnd], TINY_RECIPE);
  const made = await makeCapsule(run, { now: new Date(0) });
  assert.deepEqual(made.notes, ['tiny.csv is gone since the run has read it.']);
  await assert.rejects(makeCapsule(run, { withData: true, now: new Date(0) }), {
    code: 'capsule-data',
    path: 'tiny.csv',
  });
});
