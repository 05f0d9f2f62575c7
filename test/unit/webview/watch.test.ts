/** Figures, bars and lines of the layers, from looks that are known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureRow, figureText, momentText, percentText, shortFigure } from '../../../src/common/run/layerFigures.ts';
import { legendOf, marksOf, placeOn, scaleOf } from '../../../src/webview/network/watch.ts';
import { layers } from '../../fixtures/runEvents.ts';

const samples = [1, 2, 4].map((epoch) => layers(epoch));
const marks = (measure: Parameters<typeof scaleOf>[1], place = 0) =>
  marksOf(samples[place] ?? layers(1), { samples, measure, scale: scaleOf(samples, measure) });

test('gradients stand on a scale of whole powers of ten around all that was seen', () => {
  // From 0.01 / 4 to 1.
  assert.deepEqual(scaleOf(samples, 'gradient'), { low: 0.001, high: 1, isLog: true });
  assert.equal(marks('gradient').get('dense3')?.bar?.to, 1);
  assert.ok(Math.abs((marks('gradient').get('dense1')?.bar?.to ?? 0) - 1 / 3) < 1e-9);
  assert.equal(marks('gradient').get('dense1')?.text, '‖∇‖ 0.01');
  assert.match(legendOf('gradient', scaleOf(samples, 'gradient')), /0\.001 to 1, logarithmic/);
});

test('a layer without weights, or that learns nothing, has no gradient to show', () => {
  const [first] = layers(1).layers;
  assert.ok(first !== undefined);
  const none = layers(1, {
    layers: [
      { ...first, gradientNorm: null },
      { ...first, layer: 'still', gradientNorm: 0 },
    ],
  });
  const scale = scaleOf([none], 'gradient');
  assert.deepEqual(scale, { low: 0.1, high: 1, isLog: true });
  const found = marksOf(none, { samples: [none], measure: 'gradient', scale });
  assert.deepEqual([found.get('dense1')?.text, found.get('dense1')?.bar], ['—', null]);
  assert.deepEqual([found.get('still')?.text, found.get('still')?.bar], ['‖∇‖ 0', { from: 0, to: 0 }]);
});

test('ranges reach from the smallest to the largest output, with 0 where it lies', () => {
  const scale = scaleOf(samples, 'activation');
  assert.deepEqual(scale, { low: -4, high: 12, isLog: false });
  assert.deepEqual(marks('activation', 2).get('dense3'), {
    text: '-4 … 12',
    bar: { from: 0, to: 1 },
    zero: 0.25,
    trend: [3, 6, 12].map((max, index) => ({ x: index / 2, y: placeOn(scale, max) })),
  });
});

test('shares are shares of the whole; of thousands of looks a line keeps the first, the last and few between', () => {
  assert.deepEqual(marks('dead').get('dense2'), { ...marks('dead').get('dense2'), text: '1 % dead', bar: { from: 0, to: 0.01 } }); // biome-ignore format: one line
  assert.equal(marks('dead').get('dense3')?.text, '—');
  assert.equal(marks('time').get('dense1')?.text, '50 % of time');
  const many = Array.from({ length: 5000 }, (_, index) => layers(index + 1));
  const { trend } = marksOf(layers(1), { samples: many, measure: 'dead', scale: scaleOf(many, 'dead') }).get('dense1') ?? { trend: [] }; // biome-ignore format: one line
  assert.ok(trend.length <= 48);
  assert.deepEqual(
    [trend[0], trend.at(-1)],
    [
      { x: 0, y: 0.01 },
      { x: 1, y: 1 },
    ],
  );
});

test('a run without looks has a scale too', () => {
  assert.deepEqual(scaleOf([], 'gradient'), { low: 0.1, high: 1, isLog: true });
  const empty = scaleOf([], 'activation');
  assert.ok(placeOn(empty, 1) >= 0);
  assert.ok(legendOf('activation', empty).length > 0);
});

test('figures are short, and the moment says epoch and step', () => {
  assert.deepEqual([0, 0.00012, 3.216, 123456, null].map(shortFigure), ['0', '1.2e-4', '3.22', '1.2e+5', '—']);
  assert.deepEqual([0, 0.001, 0.5, 1, null].map(percentText), ['0 %', '<1 %', '50 %', '100 %', '—']);
  const schedule = { epochs: 100, stepsPerEpoch: 9 };
  assert.equal(momentText({ epoch: 3, step: 27 }, schedule), 'epoch 3 of 100');
  assert.equal(momentText({ epoch: 3, step: 30 }, schedule), 'epoch 4 of 100, step 3 of 9');
  const [first] = layers(2).layers;
  assert.ok(first !== undefined);
  assert.equal(figureText('activation', { ...first, activation: null }), null);
  assert.deepEqual(figureRow(first), ['dense1', '0.005000', '4.000', '0 … 6', '0.5000', '1.500', '2 %', '50 %']);
});
