/** The larger chart of a hover. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hoverChart } from '../../../../src/common/inline/hoverChart.ts';
import { INKS } from '../../../../src/common/inline/inks.ts';
import type { ShownRun } from '../../../../src/common/inline/shownRun.ts';
import { runStart } from '../../../fixtures/runEvents.ts';

const run = (count: number, first = 1): ShownRun => ({
  status: 'completed',
  start: runStart(),
  evaluation: null,
  epochs: Array.from({ length: count }, (_, index) => ({
    epoch: first + index,
    metrics: { loss: 1 / (index + 1), val_loss: Math.abs(index - 4) + 1, rmse: null },
    durationMs: 1,
  })),
});

test('it has both curves, axes, and the best epoch of the validation marked and told', () => {
  const chart = hoverChart(run(20), 'loss', INKS.light);
  assert.match(chart?.svg ?? '', /training, last 0\.05000<.*validation, best 1\.000 at epoch 5, last 16\.00</);
  assert.match(chart?.svg ?? '', /<circle/);
  assert.match(chart?.svg ?? '', />epoch</);
  assert.equal(chart?.width, 420);
});

test('the epochs of a fork are counted from where it branched off', () => {
  assert.match(hoverChart(run(20, 61), 'loss', INKS.dark)?.svg ?? '', /best 1\.000 at epoch 65/);
});

test('a run of a hundred thousand epochs has a chart that a hover can hold', () => {
  const chart = hoverChart(run(100_000), 'loss', INKS.dark);
  assert.ok((chart?.svg.length ?? 0) < 100_000, `${chart?.svg.length} letters`);
});

test('a measure without a number has none', () => {
  assert.equal(hoverChart(run(3), 'rmse', INKS.dark), null);
  assert.equal(hoverChart(run(0), 'loss', INKS.dark), null);
});
