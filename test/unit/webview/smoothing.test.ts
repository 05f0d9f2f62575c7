/** Smoothing: what it gives, and that carrying it on gives the same as beginning anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepSeries } from '../../../src/common/run/stepSeries.ts';
import { createSmoother } from '../../../src/webview/charts/smoothing.ts';
import { listed } from '../../fixtures/listed.ts';

function seriesOf(values: readonly (number | null)[]): StepSeries {
  const series = new StepSeries();
  series.append(values);
  return series;
}

const smooth = (values: readonly (number | null)[], weight: number) =>
  listed(createSmoother().follow(seriesOf(values), weight));

test('a smoothed constant stays what it is from its first value on', () => {
  assert.deepEqual(smooth([3, 3, null, 3], 0.9), [3, 3, null, 3]);
});

test('smoothing weighs the past as Adam does: two values, weight one half', () => {
  assert.deepEqual(smooth([0, 3], 0.5), [0, 1.5 / 0.75]);
});

test('carried on piece by piece, over a gap and after steps were taken back, it is the same as begun anew', () => {
  const source = new StepSeries();
  const smoother = createSmoother();
  const values = Array.from({ length: 10_000 }, (_, step) => (step % 7 === 0 ? null : Math.sin(step / 50)));
  for (let first = 0; first < values.length; first += 333) {
    source.append(values.slice(first, first + 333));
    smoother.follow(source, 0.9);
  }
  assert.deepEqual(listed(smoother.follow(source, 0.9)), smooth(values, 0.9));
  source.truncate(5000);
  source.skipTo(5100);
  source.append([1, 2]);
  const cut = [...values.slice(0, 5000), ...Array.from({ length: 100 }, () => null), 1, 2];
  assert.deepEqual(listed(smoother.follow(source, 0.9)), smooth(cut, 0.9));
  assert.deepEqual(listed(smoother.follow(source, 0.5)), smooth(cut, 0.5));
});

test('a gap that no memory could hold is passed over', () => {
  const source = seriesOf([1]);
  source.skipTo(2 ** 50);
  source.append([1]);
  assert.equal(
    createSmoother()
      .follow(source, 0.5)
      .at(2 ** 50),
    1,
  );
});
