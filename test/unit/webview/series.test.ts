/** Curves: smoothing, thinning, and which point is best. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { axisEnd, type ChartView, chartData, positiveOnly, smooth, thin } from '../../../src/webview/charts/series.ts';
import { epochs, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';

const view: ChartView = { by: 'epoch', scale: 'linear', smoothing: 0 };

function runOf(last: number, validation: boolean) {
  return [launch, runStart(), ...epochs(1, last, { validation })].reduce(reduceRun, emptyRun());
}

test('a smoothed constant stays what it is from its first value on', () => {
  assert.deepEqual(
    smooth([3, 3, null, 3], 0.9).map((value) => (value === null ? null : Number(value.toFixed(12)))),
    [3, 3, null, 3],
  );
});

test('smoothing weighs the past as Adam does: two values, weight one half', () => {
  assert.deepEqual(smooth([0, 3], 0.5), [0, 1.5 / 0.75]);
});

test('thinning keeps every peak and trough of a million steps', () => {
  const values = Array.from({ length: 1_000_000 }, (_, index) => Math.sin(index));
  values[123_456] = 50;
  values[654_321] = -50;
  const { x, values: kept } = thin(values, 800);
  assert.equal(x.at(-1), 1_000_000);
  assert.ok(x.length <= 803, `${x.length} points`);
  assert.equal(kept[x.indexOf(123_457)], 50);
  assert.equal(kept[x.indexOf(654_322)], -50);
  assert.deepEqual(
    x,
    x.toSorted((a, b) => a - b),
  );
});

test('zoomed into, a long series is told step by step', () => {
  const values = Array.from({ length: 100_000 }, (_, index) => index);
  const { x, values: kept } = thin(values, 800, [5000, 5200]);
  assert.deepEqual([x[0], x.at(-1), x.length], [4999, 5201, 203]);
  assert.deepEqual(
    kept,
    x.map((step) => step - 1),
  );
});

test('short series are not thinned', () => {
  assert.deepEqual(thin([5, null, 4], 800), { x: [1, 2, 3], values: [5, null, 4] });
});

test('the axis is laid out for the whole run from its first epoch', () => {
  assert.equal(chartData(runOf(1, false), 'loss', { view, pastRuns: [], points: 500, version: 0 }).end, 100);
});

test('the axis of a long run doubles as it goes, and ends with the run', () => {
  assert.deepEqual(
    [1, 200, 201, 900, 4000, 5000].map((reached) => axisEnd(reached, 5000, 200)),
    [200, 200, 400, 1600, 5000, 5000],
  );
});

test('the axis of a run that stopped early ends with its last epoch', () => {
  const run = runOf(17, true);
  const endOf = () => chartData(run, 'loss', { view, pastRuns: [], points: 500, version: 0 }).end;
  assert.equal(endOf(), runStart().epochs);
  reduceRun(run, runEnd);
  assert.equal(endOf(), 17);
});

test('the best epoch is the lowest validation value, where there is validation', () => {
  const run = runOf(60, true);
  const values = run.epochs.map((epoch) => epoch.metrics.val_rmse ?? Infinity);
  const lowest = Math.min(...values);
  const { best } = chartData(run, 'rmse', { view, pastRuns: [], points: 500, version: 0 });
  assert.deepEqual(best, { x: values.indexOf(lowest) + 1, value: lowest });
});

test('of accuracy, more is better', () => {
  const run = emptyRun();
  reduceRun(run, runStart({ metrics: ['loss', 'accuracy'] }));
  for (const [index, accuracy] of [0.3, 0.8, 0.5].entries()) {
    reduceRun(run, { type: 'epochEnd', at: '', epoch: index + 1, metrics: { accuracy }, durationMs: 1 });
  }
  assert.deepEqual(chartData(run, 'accuracy', { view, pastRuns: [], points: 500, version: 0 }).best, {
    x: 2,
    value: 0.8,
  });
});

test('a logarithmic axis leaves out zero and below', () => {
  assert.deepEqual(positiveOnly([1, 0, -2, null, 3]), [1, null, null, null, 3]);
});
