/** The groups of the Runs view. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_ANNOTATIONS } from '../../../../src/common/run/annotations.ts';
import { groupRuns } from '../../../../src/common/run/groupRuns.ts';
import type { RunSummary } from '../../../../src/common/run/runSummary.ts';
import { runSummary } from '../../../fixtures/manyRuns.ts';

const NOW = new Date(2026, 10, 25, 12).getTime();
const begun = (...when: [number, number, number, number?, number?]) => new Date(...when).toISOString();
const run = (number: number, part: Partial<RunSummary>) =>
  runSummary(number, { runFolder: `/r/${number}`, status: 'completed', annotations: NO_ANNOTATIONS, ...part });
const told = (runs: readonly RunSummary[], by: 'day' | 'recipe' | 'none') =>
  groupRuns(runs, { by, now: NOW }).map(
    ({ label, runs: all }) => `${label}: ${all.map((one) => one.runFolder.slice(3)).join('')}`,
  );

const runs = [
  run(0, { startedAt: begun(2026, 10, 25, 0, 1) }),
  run(1, { startedAt: begun(2026, 10, 24, 23, 59) }),
  run(2, { startedAt: begun(2026, 10, 24, 0, 0) }),
  run(3, { startedAt: begun(2026, 10, 19) }),
  run(4, { startedAt: begun(2026, 10, 18, 23) }),
  run(5, { startedAt: begun(2026, 9, 3), annotations: { ...NO_ANNOTATIONS, starred: true } }),
  run(6, { startedAt: begun(2026, 9, 2), status: 'running' }),
  run(7, { startedAt: begun(2025, 9, 1) }),
  run(8, { startedAt: null, status: 'interrupted' }),
];

test('by day: starred first, what trains is of today, then days and months', () => {
  assert.deepEqual(told(runs, 'day'), [
    'Starred: 5',
    'Today: 06',
    'Yesterday: 12',
    'Last 7 Days: 3',
    'November 2026: 4',
    'October 2025: 7',
    'Never Began: 8',
  ]);
});

test('by recipe: in the order of their newest run, two of one name in two folders apart', () => {
  const files = ['/a/x.recipe.yaml', '/b/x.recipe.yaml', '/a/x.recipe.yaml', null];
  const made = files.map((recipeFile, index) => run(index, { recipeFile, name: 'X' }));
  assert.deepEqual(told(made, 'recipe'), ['x: 02', 'x: 1', 'X: 3']);
});

test('not at all: one group, but for the starred', () => {
  assert.deepEqual(told(runs.slice(0, 6), 'none'), ['Starred: 5', 'All Runs: 01234']);
  assert.deepEqual(told([], 'none'), []);
});
