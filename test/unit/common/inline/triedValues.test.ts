/** What was tried before, and what it gave. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TriedRun, triedLine, triedValues } from '../../../../src/common/inline/triedValues.ts';

const tried = (params: TriedRun['params'], value: number | null, metric = 'rmse'): TriedRun => ({
  params,
  result: { metric, value },
});

test('values stand in their order, each with its best result', () => {
  const runs = [
    tried({ units: 64 }, 3.6),
    tried({ units: 128 }, 3.62),
    tried({ units: 64 }, 3.51),
    tried({ units: 32 }, 3.71),
  ];
  const line = triedLine(runs, ['units']);
  assert.equal(line?.text, 'tried 32 → 3.710 · 64 → 3.510 · 128 → 3.620 (test rmse)');
  assert.deepEqual(line?.sparks, [{ kind: 'tried', results: [3.71, 3.51, 3.62], best: 1 }]);
  assert.deepEqual(
    triedValues(runs, ['units'])?.params[0]?.values.map(({ value, runs: count }) => [value, count]),
    [
      [32, 1],
      [64, 2],
      [128, 1],
    ],
  );
});

test('of accuracies the highest is best', () => {
  const runs = [tried({ units: 8 }, 0.9, 'accuracy'), tried({ units: 16 }, 0.8, 'accuracy')];
  assert.equal(triedValues(runs, ['units'])?.params[0]?.best.value, 8);
});

test('of more than four values the best is told', () => {
  const runs = [1, 2, 3, 4, 5].map((units) => tried({ units }, units === 3 ? 1 : 2));
  assert.equal(triedLine(runs, ['units'])?.text, 'tried 5 values, best 3 → 1.000 (test rmse)');
});

test('several parameters on one line are named, and those that never varied left out', () => {
  const runs = [tried({ units: 8, rate: 0.1, seed: 1 }, 3), tried({ units: 16, rate: 0.2, seed: 1 }, 4)];
  const line = triedLine(runs, ['units', 'rate', 'seed']);
  assert.equal(line?.text, 'tried units 8 → 3.000 · 16 → 4.000 | rate 0.1 → 3.000 · 0.2 → 4.000 (test rmse)');
  assert.equal(line?.sparks.length, 2);
});

test('where nothing varied, the values are told once with their result', () => {
  const line = triedLine([tried({ units: 8, rate: 0.1 }, 3)], ['units', 'rate']);
  assert.deepEqual(line, { sparks: [], text: 'tried 8, 0.1 → 3.000 (test rmse)' });
});

test('runs without a result, with another measure or without the parameter do not count', () => {
  const runs = [
    tried({ units: 1 }, null),
    { params: { units: 2 }, result: null },
    tried({ units: 3 }, 5),
    tried({ units: 4 }, 0.9, 'accuracy'),
    tried({ other: 5 }, 1),
  ];
  assert.deepEqual(triedValues(runs, ['units'])?.params[0]?.values, [{ value: 3, result: 5, runs: 1 }]);
  assert.equal(triedLine(runs.slice(0, 2), ['units']), null);
  assert.equal(triedLine([], ['units']), null);
});

test('a parameter may be called as what every object has', () => {
  assert.equal(triedLine([tried({ units: 1 }, 2)], ['constructor', 'toString']), null);
});
