/** Damaged and hostile capsules get one clear error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Capsule, KEPT_STEPS, parseCapsule } from '../../../../src/common/capsule/capsule.ts';
import { pathInside } from '../../../../src/common/capsule/capsulePaths.ts';
import { packLosses, unpackLosses } from '../../../../src/node/capsule/packLosses.ts';

const HASH = 'a'.repeat(64);
const steps = (losses: readonly (number | null)[]) =>
  packLosses({ length: losses.length, at: (step) => losses[step] ?? null });

const CAPSULE: Capsule = {
  format: 'skillet-capsule',
  version: 1,
  name: 'Tiny',
  madeAt: '2026-01-01T00:00:00Z',
  recipe: { text: 'name: Tiny\n', folder: '', params: { units: 4 }, seed: 1 },
  data: { dataset: null, files: [{ file: 'tiny.csv', sha256: HASH, bytes: 3 }], hashedAt: 'run' },
  module: null,
  backend: { name: 'js', device: 'CPU', execution: 'eager', version: null },
  versions: { skillet: '0.1.0' },
  run: { startedAt: null, status: 'completed', message: '', epochs: 1, stepsPerEpoch: 2, batchSize: 8 },
  steps: steps([1.5, null]),
  epochs: [{ epoch: 1, metrics: { loss: 1.5 } }],
  evaluation: null,
  weights: { sha256: HASH, bytes: 12 },
};

test('a capsule is read as it was written', () => {
  assert.deepEqual(parseCapsule(JSON.stringify(CAPSULE), 'x'), CAPSULE);
});

const BROKEN: readonly [string, unknown, RegExp][] = [
  ['no object', [], /is no capsule/],
  ['nothing', null, /is no capsule/],
  ['another file', { name: 'x' }, /is no capsule/],
  ['a later version', { ...CAPSULE, version: 2 }, /is of version 2/],
  ['a huge count', { ...CAPSULE, steps: { ...CAPSULE.steps, count: 1e300 } }, /steps\.count/],
  ['a count beyond what is there', { ...CAPSULE, steps: { ...CAPSULE.steps, count: 1e12 } }, /were promised/],
  ['a count below 0', { ...CAPSULE, steps: { ...CAPSULE.steps, count: -1 } }, /steps\.count/],
  ['blocks of nothing', { ...CAPSULE, steps: { ...CAPSULE.steps, blockSteps: 0 } }, /steps\.blockSteps/],
  ['no base64', { ...CAPSULE, steps: { ...CAPSULE.steps, loss: '§§' } }, /steps\.loss/],
  ['a hash too short', { ...CAPSULE, weights: { sha256: 'ff', bytes: 1 } }, /weights\.sha256/],
  ['text for a number', { ...CAPSULE, run: { ...CAPSULE.run, epochs: '3' } }, /run\.epochs/],
  ['a list for a text', { ...CAPSULE, recipe: { ...CAPSULE.recipe, text: ['x'] } }, /recipe\.text/],
];

for (const [what, value, message] of BROKEN) {
  test(`a capsule with ${what} is refused`, () => {
    assert.throws(() => parseCapsule(JSON.stringify(value), 'x.capsule.json'), { code: 'capsule-unreadable', message });
  });
}

test('text that is no JSON is refused, however deep it is', () => {
  for (const text of ['', '{', '['.repeat(1_000_000), '\0']) {
    assert.throws(() => parseCapsule(text, 'x'), { code: 'capsule-unreadable', message: /is no JSON/ });
  }
});

test('losses come back to the bit, those that fit into float32 in half the room', () => {
  const some = [0.1, Math.fround(0.1), null, -0, 1e-45, 3e38];
  assert.equal(steps(some).encoding, 'float64');
  assert.deepEqual([...unpackLosses(steps(some))], [0.1, Math.fround(0.1), Number.NaN, -0, 1e-45, 3e38]);
  const floats = some.slice(1).map((value) => (value === null ? null : Math.fround(value)));
  assert.equal(steps(floats).encoding, 'float32');
  assert.deepEqual(
    [...unpackLosses(steps(floats))],
    floats.map((value) => value ?? Number.NaN),
  );
});

test('of a long run the first steps are kept, and a hash of each block behind them', () => {
  const at = (step: number) => Math.fround(1 / (step + 1));
  const long = packLosses({ length: KEPT_STEPS + 2500, at });
  assert.deepEqual([unpackLosses(long).length, long.blockSteps, long.blocks.length], [KEPT_STEPS, 1000, 3]);
  const isOther = (step: number) => step === KEPT_STEPS + 1700;
  const other = packLosses({ length: KEPT_STEPS + 2500, at: (step) => (isOther(step) ? 0.5 : at(step)) });
  assert.deepEqual(
    other.blocks.map((hash, block) => hash === long.blocks[block]),
    [true, false, true],
  );
  assert.deepEqual(parseCapsule(JSON.stringify({ ...CAPSULE, steps: long }), 'x').steps, long);
});

test('a path stays below its folder, or is refused', () => {
  assert.equal(pathInside('recipes', '../data/./a.csv'), 'data/a.csv');
  assert.equal(pathInside('', 'a\\b.csv'), 'a/b.csv');
  for (const file of ['../a', '/a', '\\\\host\\a', 'C:a', 'a/../..', '.', 'a\0b', 'a:stream']) {
    assert.throws(() => pathInside('', file), { code: 'capsule-path', path: file }, file);
  }
});
