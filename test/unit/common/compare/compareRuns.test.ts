/** Runs beside each other: curves, ancestry, labels, looks, results and groups of seeds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ancestry } from '../../../../src/common/compare/ancestry.ts';
import { addEpochs, toComparedRun, toCurves } from '../../../../src/common/compare/comparedRun.ts';
import { runLabels } from '../../../../src/common/compare/compareText.ts';
import {
  beatsBaseline,
  bestOf,
  bestRuns,
  resultColumns,
  sortRuns,
  testCaveat,
} from '../../../../src/common/compare/resultTable.ts';
import { runCurve } from '../../../../src/common/compare/runCurve.ts';
import { giveSlots, LOOKS, RUN_COLORS } from '../../../../src/common/compare/runLooks.ts';
import { meanOf, seedGroups } from '../../../../src/common/compare/seedGroups.ts';
import type { RunEvent } from '../../../../src/common/run/events.ts';
import { emptyRun, reduceRun } from '../../../../src/common/run/reduceRun.ts';
import { drawnCurves, toColumns } from '../../../../src/webview/compare/drawnCurves.ts';
import { comparedRecipe, comparedRun, family, folderAt } from '../../../fixtures/comparedRuns.ts';
import { completedRun } from '../../../fixtures/runEvents.ts';

const fold = (events: readonly RunEvent[]) => events.reduce(reduceRun, emptyRun());
const place = { isInterrupted: false, forkPoint: null, recipe: null, fallbackName: 'x' };
const record = (epoch: number, loss: number | null) => ({ epoch, metrics: { loss }, durationMs: 10 });

test('a folded run is compared by its epochs, its result and its best baseline', () => {
  const run = toComparedRun(fold(completedRun), { ...place, runFolder: '/w/a' });
  assert.deepEqual(
    [run.name, run.epochsDone, run.firstEpoch, run.curves.loss?.length, run.trainingMs, run.backend],
    ['Boston housing', 100, 1, 100, 850, 'wasm on CPU (2 cores)'],
  );
  assert.deepEqual(run.test?.baseline, { label: 'linear regression', value: 4.816 });
  assert.equal(beatsBaseline(run), 'better');
});

test('epochs stand where their numbers say, with gaps and from a later one on', () => {
  assert.deepEqual(toCurves([record(41, 3), record(43, 1)]), { firstEpoch: 41, curves: { loss: [3, null, 1] } });
  assert.deepEqual(toCurves([]), { firstEpoch: 1, curves: {} });
});

test('a run that grows keeps what it had, and an epoch told again replaces the earlier one', () => {
  const run = { ...comparedRun({ number: 1 }), ...toCurves([record(1, 3), record(2, 2)]), trainingMs: 20 };
  const grown = addEpochs(run, [record(2, 1), record(3, 0.5)]);
  assert.deepEqual([grown.curves.loss, grown.epochsDone, grown.trainingMs], [[3, 1, 0.5], 3, 40]);
});

test("a fork's curve begins at its parent's value, or at its own first one where that is gone", () => {
  const [first, , , , fork] = family();
  assert.ok(first && fork);
  assert.deepEqual(runCurve(fork, 'loss'), {
    firstX: 40,
    values: [first.curves.loss?.[39], ...(fork.curves.loss ?? [])],
  });
  assert.equal(runCurve({ ...fork, forkPoint: null }, 'loss')?.firstX, 41);
  // Its first epochs could not be read: a line to the parent would stand for epochs that nobody has seen.
  assert.equal(runCurve({ ...fork, firstEpoch: 43 }, 'loss')?.firstX, 43);
  assert.equal(runCurve(fork, 'accuracy'), null);
});

test('forks stand below their parents, and runs that name each other are shown once', () => {
  assert.deepEqual(
    ancestry(family()).map(({ run, depth }) => [run.runFolder.slice(-20, -15), depth]),
    [
      [1, 0],
      [5, 1],
      [6, 2],
      [2, 0],
      [3, 0],
      [4, 0],
    ].map(([number, depth]) => [folderAt(number ?? 0).slice(-20, -15), depth]),
  );
  const fork = (run: string) => ({ run, epoch: 1, step: 1 });
  const ring = [
    { runFolder: 'C:\\w\\a', fork: fork('b') },
    { runFolder: 'C:\\w\\b', fork: fork('a') },
  ];
  assert.equal(ancestry(ring).length, 2);
});

test('runs are called by what tells them apart, else by their time', () => {
  assert.deepEqual(runLabels(family().slice(0, 3)), ['units 64, seed 0', 'units 64, seed 1', 'units 16, seed 0']);
  const twins = [comparedRun({ number: 1 }), comparedRun({ number: 2 })];
  assert.deepEqual(runLabels(twins), ['2026-11-24 12:01:00', '2026-11-24 12:02:00']);
  assert.deepEqual(runLabels([comparedRun({ number: 1 }, { runFolder: '/w/mine' })]), ['mine']);
});

test('a look is kept; pinned runs take one from the last that is not pinned', () => {
  const names = Array.from({ length: LOOKS + 2 }, (_, index) => `run${index}`);
  const first = giveSlots({}, names, []);
  assert.equal(Object.keys(first).length, LOOKS);
  assert.equal(first.run9, undefined);
  const pinned = giveSlots(first, names, ['run9']);
  assert.deepEqual([pinned.run9, pinned.run7, pinned.run0], [7, undefined, 0]);
  const left = giveSlots(first, names.slice(1), []);
  assert.deepEqual([left.run1, left.run8], [1, 0]);
});

/** WCAG 2.2's contrast of two colours, `#rrggbb`. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [r = 0, g = 0, blue = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test('every colour of a run can be read on the papers of the themes', () => {
  for (const color of RUN_COLORS.light) {
    assert.ok(contrast(color, '#ffffff') >= 3, color);
  }
  for (const color of RUN_COLORS.dark) {
    assert.ok(contrast(color, '#1f1f1f') >= 3 && contrast(color, '#000000') >= 3, color);
  }
});

test('of each metric the best and the last are told, with the better direction', () => {
  const runs = family();
  const titles = resultColumns(runs).map(({ title }) => title);
  assert.deepEqual(titles.slice(0, 9), [
    'test rmse',
    'best baseline',
    'against it',
    'best val_loss',
    'last val_loss',
    'last loss',
    'best val_rmse',
    'last val_rmse',
    'last rmse',
  ]);
  const [column] = resultColumns(runs);
  assert.ok(column);
  assert.equal(column.unit, 'thousand dollars');
  assert.deepEqual(
    bestRuns(column, runs).map(({ runFolder }) => runFolder),
    [folderAt(5)],
  );
  assert.equal(sortRuns(runs, column, true).at(-1)?.runFolder, folderAt(3), 'without a result it stands last');
  const accuracy = { ...runs[0], curves: { accuracy: [0.1, 0.9, 0.8] }, firstEpoch: 1 };
  assert.deepEqual(bestOf(accuracy as (typeof runs)[number], 'accuracy'), { epoch: 2, value: 0.9 });
});

test('errors in two units have no best, and other data are pointed out', () => {
  const [a] = family();
  assert.ok(a?.test);
  const recipe = { ...comparedRecipe(), data: { csv: 'b.csv', target: 'y' } };
  const b = comparedRun({ number: 2 }, { recipe, test: { ...a.test, unit: 'litres', metrics: { rmse: 1 } } });
  const [column] = resultColumns([a, b]);
  assert.ok(column);
  assert.deepEqual(bestRuns(column, [a, b]), []);
  assert.equal(column.text(b), '1.000 litres');
  assert.match(testCaveat([a, b]) ?? '', /do not share all settings of their data/);
  assert.equal(testCaveat(family()), null);
});

test('runs that differ in their seed alone are one group, with mean and sample standard deviation', () => {
  const [group, ...more] = seedGroups(family());
  assert.equal(more.length, 0);
  assert.deepEqual(
    group?.runs.map(({ runFolder }) => runFolder),
    [folderAt(1), folderAt(2)],
  );
  const values = [2, 4, 9];
  const runs = values.map((rmse, index) => {
    const run = comparedRun({ number: index, seed: index });
    return { ...run, test: run.test && { ...run.test, metrics: { rmse } } };
  });
  const [column] = resultColumns(runs);
  assert.ok(column);
  // numpy.std([2, 4, 9], ddof=1)
  assert.deepEqual(meanOf(column, runs), { count: 3, mean: 5, standardDeviation: 3.605551275463989 });
  assert.deepEqual(seedGroups([comparedRun({ number: 1 }), comparedRun({ number: 2 })]), [], 'the same seed twice');
  const [one, two] = [1, 2].map((seed) => comparedRun({ number: seed, seed }));
  assert.ok(one && two);
  const fork = { run: 'another', epoch: 40, step: 360 };
  assert.deepEqual(seedGroups([one, { ...two, fork }]), [], 'a fork repeats nothing');
  assert.equal(
    seedGroups([
      { ...one, fork },
      { ...two, fork },
    ]).length,
    1,
    'two forks of one epoch',
  );
});

test('long curves are thinned over shared epochs, and no peak is lost', () => {
  const loss = Array.from({ length: 10_000 }, (_, index) => (index === 6001 ? 99 : 1));
  const run = { ...comparedRun({ number: 1 }), firstEpoch: 1, curves: { loss } };
  const options = { smoothing: 0, scale: 'linear', points: 500, zoom: null } as const;
  const { x, columns } = toColumns(drawnCurves([run], 'loss', 'both'), options);
  assert.ok(x.length <= 500);
  assert.ok(columns[0]?.includes(99));
  const near = toColumns(drawnCurves([run], 'loss', 'both'), { ...options, zoom: [5990, 6010] });
  assert.ok(near.x.length < 30 && near.columns[0]?.includes(99));
});
