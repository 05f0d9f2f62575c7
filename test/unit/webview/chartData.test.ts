/** Which curves a chart has, where its axis ends, and which point is best. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { axisEnd, type ChartView, chartData, lastValue, stampOf } from '../../../src/webview/charts/chartData.ts';
import { createEpochCurves, type EpochCurves } from '../../../src/webview/charts/epochCurves.ts';
import { createPastCurves } from '../../../src/webview/charts/pastCurves.ts';
import { createSmoother } from '../../../src/webview/charts/smoothing.ts';
import { listed } from '../../fixtures/listed.ts';
import { at, launch, epochs as made, runEnd, runStart } from '../../fixtures/runEvents.ts';

const byEpoch: ChartView = { by: 'epoch', scale: 'linear', smoothing: 0 };
const fold = (events: readonly RunEvent[]) => events.reduce<RunState>(reduceRun, emptyRun());
const runOf = (last: number, validation: boolean) => fold([launch, runStart(), ...made(1, last, { validation })]);

function dataOf(run: RunState, metric: string, options: { view?: ChartView; epochs?: EpochCurves } = {}) {
  const { view = byEpoch, epochs = createEpochCurves() } = options;
  epochs.follow(run);
  return chartData({ run, epochs, past: [], smoothers: [createSmoother(), createSmoother()] }, metric, view);
}

test('the axis is laid out for the whole run from its first epoch', () => {
  assert.equal(dataOf(runOf(1, false), 'loss').end, 100);
});

test('the axis of a long run doubles as it goes, and ends with the run', () => {
  assert.deepEqual(
    [1, 200, 201, 900, 4000, 5000].map((reached) => axisEnd(reached, 5000, 200)),
    [200, 200, 400, 1600, 5000, 5000],
  );
});

test('the axis of a run that stopped early ends with its last epoch', () => {
  const run = runOf(17, true);
  assert.equal(dataOf(run, 'loss').end, runStart().epochs);
  reduceRun(run, runEnd);
  assert.equal(dataOf(run, 'loss').end, 17);
});

test('the best epoch is the lowest validation value, where there is validation', () => {
  const run = runOf(60, true);
  const values = run.epochs.map((epoch) => epoch.metrics.val_rmse ?? Infinity);
  const lowest = Math.min(...values);
  assert.deepEqual(dataOf(run, 'rmse').best, { x: values.indexOf(lowest) + 1, value: lowest });
});

test('of accuracy, more is better', () => {
  const run = fold([runStart({ metrics: ['loss', 'accuracy'] })]);
  for (const [index, accuracy] of [0.3, 0.8, 0.5].entries()) {
    reduceRun(run, { type: 'epochEnd', at: '', epoch: index + 1, metrics: { accuracy }, durationMs: 1 });
  }
  assert.deepEqual(dataOf(run, 'accuracy').best, { x: 2, value: 0.8 });
});

test('epochs taken up as they come are those of the whole run, over a resume too', () => {
  const live = createEpochCurves();
  const run = emptyRun();
  const { backend } = runStart();
  const resume: RunEvent = { type: 'runResume', at: at(1), epoch: 20, step: 180, backend };
  for (const event of [launch, runStart(), ...made(1, 40, { validation: true }), resume, ...made(21, 30)]) {
    reduceRun(run, event);
    live.follow(run);
  }
  const anew = createEpochCurves();
  anew.follow(run);
  for (const name of ['loss', 'rmse', 'val_rmse']) {
    assert.deepEqual(live.series(name), anew.series(name), name);
    assert.deepEqual(live.best(name), anew.best(name), name);
  }
  assert.equal(live.series('loss')?.length, 30);
  assert.equal(live.series('val_loss')?.length, 20);
});

test('the epochs of a fork begin where the other run was left', () => {
  const fork = { run: 'first', epoch: 10, step: 90 };
  const run = fold([launch, runStart({ fork }), ...made(11, 13)]);
  const { curves, length } = dataOf(run, 'loss');
  assert.equal(length, 13);
  assert.deepEqual(
    listed(curves[0]?.series).map((value) => value !== null),
    [...Array.from({ length: 10 }, () => false), true, true, true],
  );
});

test('an epoch that nobody planned does not make the chart long', () => {
  const run = fold([launch, runStart(), ...made(1, 2)]);
  reduceRun(run, { type: 'epochEnd', at: '', epoch: 2 ** 50, metrics: { loss: 1 }, durationMs: 1 });
  assert.equal(dataOf(run, 'loss').length, 3);
});

test('a run that has not changed is not drawn again: steps change the curve by step alone', () => {
  const run = runOf(5, true);
  const epochs = createEpochCurves();
  const stamps = () =>
    (['epoch', 'step'] as const).map((by) => stampOf(dataOf(run, 'loss', { view: { ...byEpoch, by }, epochs })));
  const before = stamps();
  assert.deepEqual(stamps(), before);
  reduceRun(run, { type: 'steps', at: '', first: 45, loss: [1], metrics: {}, stepsPerSecond: 1 });
  const after = stamps();
  assert.deepEqual([after[0] === before[0], after[1] === before[1]], [true, false]);
});

test('steps that were taken back and done again are drawn again', () => {
  const run = runOf(5, true);
  const view = { ...byEpoch, by: 'step' as const };
  const before = stampOf(dataOf(run, 'loss', { view }));
  reduceRun(run, { type: 'steps', at: '', first: 44, loss: [1], metrics: {}, stepsPerSecond: 1 });
  assert.notEqual(stampOf(dataOf(run, 'loss', { view })), before);
});

test('smoothed, the curve as measured stays behind it', () => {
  const { curves } = dataOf(runOf(9, true), 'rmse', { view: { ...byEpoch, smoothing: 0.6 } });
  assert.deepEqual(
    curves.map(({ role }) => role),
    ['trainRaw', 'train', 'validation'],
  );
});

test('an earlier run is drawn by its validation, from its first epoch on, NaN as a gap', () => {
  const past = createPastCurves([
    {
      runFolder: '/a',
      label: 'a',
      params: [],
      firstEpoch: 3,
      curves: { loss: Float32Array.of(1, 2), val_loss: Float32Array.of(5, Number.NaN, 6) },
    },
  ]);
  assert.deepEqual(listed(past.of('loss')[0]?.series), [null, null, 5, null, 6]);
  assert.deepEqual(past.of('rmse'), []);
  const again = past.of('loss');
  assert.equal(past.of('loss'), again, 'made once: its picture is kept for as long as the list is the same');
});

test('the last value is the newest that is one', () => {
  const run = fold([
    launch,
    runStart(),
    { type: 'steps', at: '', first: 0, loss: [1, 2, null], metrics: {}, stepsPerSecond: 1 },
  ]);
  assert.equal(lastValue(run.stepLoss), 2);
});
