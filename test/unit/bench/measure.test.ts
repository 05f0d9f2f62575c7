/** Rounds of a workload, on made-up engines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureWorkload } from '../../bench/measure.mjs';

const quiet = { busy: () => 0, report: () => undefined };
const made = (
  label: string,
  peer: 'keras' | null,
  rates: (number | null | Error)[],
  obstacle: string | null = null,
) => {
  const modes: string[] = [];
  return {
    ...{ label, peer, modes },
    obstacle: () => obstacle,
    run(_workload: string, mode: 'cold' | 'steady') {
      modes.push(mode);
      const rate = mode === 'cold' ? null : (rates.shift() ?? null);
      if (rate instanceof Error) {
        throw rate;
      }
      return {
        wallSeconds: 2,
        loss: 5,
        epochsPerSecond: rate,
        notices: label === 'ours' ? ['one operation at a time'] : [],
      };
    },
  };
};

test('engines take turns, cold before steady; the rate is in the unit of the workload', () => {
  const lines: string[] = [];
  const [ours, keras] = [made('ours', null, [10, 12, 11]), made('Keras', 'keras', [1, 1, 1])];
  const result = measureWorkload('boston', [ours, keras], {
    rounds: 3,
    busy: () => 0,
    report: (line) => lines.push(line),
  });
  assert.deepEqual(ours.modes, ['cold', 'steady', 'cold', 'steady', 'cold', 'steady']);
  assert.deepEqual(
    lines.map((line) => line.split(/ {2,}/)[1]),
    ['ours', 'Keras', 'ours', 'Keras', 'ours', 'Keras'],
  );
  // 404 rows in batches of 50 are 9 steps.
  assert.deepEqual(result.rows[0]?.steady, { median: 99, lowest: 90, highest: 108 });
  assert.deepEqual(result.notes, ['ours said: one operation at a time']);
  assert.equal(result.hasFailed, false);
});

test('samples a second are counted where the workload is measured in them', () => {
  const result = measureWorkload('lstm', [made('Keras', 'keras', [1.5])], { rounds: 1, ...quiet });
  assert.equal(result.rows[0]?.steady.median, 3000);
});

test('an engine that cannot train the workload is left out with its reason, without being started', () => {
  const wasm = made('wasm', null, [1], 'it lacks conv2d');
  const result = measureWorkload('cnn', [wasm], { rounds: 2, ...quiet });
  assert.deepEqual([result.rows, result.notes, wasm.modes], [[], ['wasm left out: it lacks conv2d'], []]);
  assert.equal(result.hasFailed, false);
});

test('an engine that fails in a later round has no row, and the others go on', () => {
  const failing = made('Keras', 'keras', [1, new Error('exit 1: no memory'), 1]);
  const result = measureWorkload('boston', [failing, made('ours', null, [9, 9, 9])], {
    rounds: 3,
    ...quiet,
  });
  assert.deepEqual(
    result.rows.map(({ label, steady }) => [label, steady.median]),
    [['ours', 81]],
  );
  assert.ok(result.notes.includes('Keras left out: it failed in round 2: exit 1: no memory'));
  assert.deepEqual([result.hasFailed, failing.modes.length], [true, 4]);
});

test('a steady run that tells no rate counts as failed', () => {
  const result = measureWorkload('boston', [made('Keras', 'keras', [null])], { rounds: 1, ...quiet });
  assert.deepEqual([result.rows, result.notes], [[], ['Keras left out: it failed in round 1: no rate: null']]);
});

test('a machine that others used in any round is told, a quiet one is not', () => {
  const notesAt = (shares: number[]) =>
    measureWorkload('boston', [made('Keras', 'keras', [1, 1])], {
      ...quiet,
      rounds: 2,
      busy: () => shares.shift() ?? 0,
    }).notes;
  assert.deepEqual(notesAt([0.05, 0.1]), []);
  assert.deepEqual(notesAt([0.63, 0.02]), [
    '**Busy machine**: other programs used up to 63 % of it, which slows engines of many threads most.',
  ]);
});
