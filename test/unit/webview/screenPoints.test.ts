/** From series of any length to what a screen can show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepSeries } from '../../../src/common/run/stepSeries.ts';
import { emptyPoints, fillPoints, type PointsWanted } from '../../../src/webview/charts/screenPoints.ts';

function seriesOf(values: ArrayLike<number | null>): StepSeries {
  const series = new StepSeries();
  series.append(values);
  return series;
}

function pointsOf(series: readonly StepSeries[], part: Partial<PointsWanted> = {}) {
  const points = emptyPoints();
  fillPoints(points, series, { zoom: null, width: 800, scale: 'linear', ...part });
  return points;
}

test('every peak and trough of a million steps is shown, within two points a pixel', () => {
  const values = Float32Array.from({ length: 1_000_000 }, (_, index) => Math.sin(index));
  values[123_456] = 50;
  values[654_321] = -50;
  const { x, columns } = pointsOf([seriesOf(values)]);
  assert.ok(x.length > 400 && x.length <= 1601, `${x.length} points`);
  assert.equal(x.at(-1), 1_000_000);
  for (const [value, step] of [
    [50, 123_457],
    [-50, 654_322],
  ] as const) {
    const found = x[columns[0]?.indexOf(value) ?? -1] ?? Number.NaN;
    assert.ok(Math.abs(found - step) < 1_000_000 / 400, `${value} at ${found}`);
  }
  assert.deepEqual(
    x,
    [...new Set(x)].sort((a, b) => a - b),
  );
});

test('in a bucket the lowest and the highest stand in their own order', () => {
  const rising = pointsOf([seriesOf([1, 2, 3, 4])], { width: 1 });
  const falling = pointsOf([seriesOf([4, 3, 2, 1])], { width: 1 });
  assert.deepEqual([rising.x, rising.columns, falling.columns], [[1, 3, 4], [[1, 4, 4]], [[4, 1, 1]]]);
});

test('what was drawn stays as it was while the run grows within a power of two', () => {
  const values = Float32Array.from({ length: 100_000 }, (_, index) => Math.cos(index * index));
  const [before, after] = [90_000, 100_000].map((length) => pointsOf([seriesOf(values.subarray(0, length))]));
  const same = (before?.x.length ?? 0) - 3;
  assert.deepEqual(after?.x.slice(0, same), before?.x.slice(0, same));
  assert.deepEqual(after?.columns[0]?.slice(0, same), before?.columns[0]?.slice(0, same));
});

test('zoomed into, a million steps are told step by step, and one beyond each border', () => {
  const series = seriesOf(Float32Array.from({ length: 1_000_000 }, (_, index) => index));
  const { x, columns } = pointsOf([series], { zoom: [500_000, 500_200] });
  assert.deepEqual([x[0], x.at(-1), x.length], [499_999, 500_201, 203]);
  assert.deepEqual(
    columns[0],
    x.map((step) => step - 1),
  );
});

test('short series are shown as they are, several side by side, gaps where one has no value', () => {
  const { x, columns } = pointsOf([seriesOf([5, null, 4]), seriesOf([1])]);
  assert.deepEqual(
    [x, columns],
    [
      [1, 2, 3],
      [
        [5, null, 4],
        [1, null, null],
      ],
    ],
  );
});

test('a logarithmic axis leaves out zero and below', () => {
  const series = seriesOf([1, 0, -2, null, 3]);
  assert.deepEqual(pointsOf([series], { scale: 'log' }).columns, [[1, null, null, null, 3]]);
  assert.deepEqual(pointsOf([series], { scale: 'log', width: 1 }).columns, [[3, 3, 3]]);
});

test('lists that are filled again hold nothing of before', () => {
  const points = emptyPoints();
  fillPoints(points, [seriesOf([1, 2, 3]), seriesOf([4])], { zoom: null, width: 9, scale: 'linear' });
  fillPoints(points, [seriesOf([7])], { zoom: null, width: 9, scale: 'linear' });
  assert.deepEqual(points, { x: [1], columns: [[7]] });
});

test('a series with a gap of any length is shown in as many points as any other', () => {
  const series = seriesOf([1]);
  series.skipTo(2 ** 50);
  series.append([2]);
  const { x, columns } = pointsOf([series]);
  assert.ok(x.length <= 1601, `${x.length} points`);
  assert.deepEqual([columns[0]?.[0], columns[0]?.at(-1)], [1, 2]);
});
