/** The order of runs: stable, with what has no value last. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSummary } from '../../../../src/common/run/runSummary.ts';
import { byFolderName, sortRuns } from '../../../../src/common/run/sortRuns.ts';
import { runSummaries, runSummary } from '../../../fixtures/manyRuns.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const made = (...list: Partial<RunSummary>[]) =>
  list.map((part, index) => runSummary(index, { runFolder: `/r/${index}`, ...part }));
const order = (runs: readonly RunSummary[], by: string, descending = false) =>
  sortRuns(runs, { by, descending }, NOW)
    .map(({ runFolder }) => runFolder.slice(3))
    .join('');

const value = (result: number | null) => ({
  result: result === null ? null : { metric: 'rmse', value: result, baseline: null, better: 'lower' as const },
});

test('numbers go by size, and runs without one stand last whichever way', () => {
  const runs = made(value(10), value(null), value(9), value(null), value(-1));
  assert.equal(order(runs, 'result'), '42013');
  assert.equal(order(runs, 'result', true), '02413');
});

test('equal values keep the order they came in, both ways', () => {
  const runs = made({ seed: 2 }, { seed: 1 }, { seed: 2 }, { seed: 1 }, { seed: 2 });
  assert.equal(order(runs, 'seed'), '13024');
  assert.equal(order(runs, 'seed', true), '02413');
});

test('words go without regard to size of letters, and numbers in them by size', () => {
  const names = ['beta', 'Alpha', 'run 10', 'run 9', 'BETA'];
  assert.equal(order(made(...names.map((name) => ({ name }))), 'name'), '10432');
});

test('a parameter that is a number here and a word there is sorted with numbers first', () => {
  const runs = made(
    { params: { x: 'wide' } },
    { params: {} },
    { params: { x: 3 } },
    { params: { x: true } },
    { params: { x: -2 } },
  );
  assert.equal(order(runs, 'param:x'), '43201');
});

test('sorting twice by one column after another keeps the first within the second', () => {
  const runs = runSummaries(2000);
  const byUnits = sortRuns(
    sortRuns(runs, { by: 'name', descending: false }, NOW),
    { by: 'param:units', descending: true },
    NOW,
  );
  for (const [index, run] of byUnits.slice(1).entries()) {
    const before = byUnits[index];
    const units = [Number(before?.params.units), Number(run.params.units)] as const;
    assert.ok(units[0] >= units[1]);
    if (units[0] === units[1]) {
      assert.ok(String(before?.name).localeCompare(run.name) <= 0);
    }
  }
});

test('every column sorts 10,000 runs without losing one', () => {
  const runs = runSummaries(10_000);
  for (const by of ['name', 'started', 'duration', 'result', 'tags', 'starred', 'param:units', 'param:none', 'none']) {
    assert.equal(new Set(sortRuns(runs, { by, descending: false }, NOW)).size, 10_000, by);
  }
});

test('the newest folder comes first', () => {
  const runs = ['/a/20260102-x', '/b/20260103-x', '/a/20260101-x'].map((runFolder) => runSummary(0, { runFolder }));
  assert.deepEqual(
    byFolderName(runs).map(({ runFolder }) => runFolder),
    ['/b/20260103-x', '/a/20260102-x', '/a/20260101-x'],
  );
});
