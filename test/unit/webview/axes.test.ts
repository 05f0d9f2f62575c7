/** Axes of a study: places, numbers and words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyStudy, reduceStudy } from '../../../src/common/study/reduceStudy.ts';
import { objectiveScale, paramAxis } from '../../../src/webview/study/axes.ts';
import { linePath } from '../../../src/webview/study/lines.ts';
import { goodness, nextSorting, sortTrials } from '../../../src/webview/study/sortTrials.ts';
import { toView } from '../../../src/webview/study/studyView.ts';
import * as made from '../../fixtures/studyEvents.ts';

const texts = (range: Parameters<typeof paramAxis>[1]) => paramAxis('p', range).ticks.map(({ text }) => text);

test('both ends are told, and round numbers between them by the scale', () => {
  assert.deepEqual(texts({ type: 'int', min: 8, max: 128, scale: 'linear' }), ['8', '50', '100', '128']);
  assert.deepEqual(texts({ type: 'double', min: 0.0001, max: 0.1, scale: 'log' }), ['1e-4', '0.001', '0.01', '0.1']);
  assert.deepEqual(texts({ type: 'double', min: 0.5, max: 0.999, scale: 'reverseLog' }), [
    '0.5',
    '0.66',
    '0.79',
    '0.9',
    '0.999',
  ]);
  assert.deepEqual(texts({ type: 'int', min: 1, max: 2, scale: 'linear' }), ['1', '2']);
  assert.deepEqual(texts({ type: 'categorical', values: ['relu', true, 3] }), ['relu', 'true', '3']);
  assert.deepEqual(texts({ type: 'discrete', values: [16, 17, 64], scale: 'linear' }), ['16', '64']);
});

test('numbers never stand closer than they can be read', () => {
  for (const max of [2, 7, 33, 999, 123_456, 1e9]) {
    for (const scale of ['linear', 'log', 'reverseLog'] as const) {
      const places = paramAxis('p', { type: 'double', min: 0.001, max, scale }).ticks.map(({ position }) => position);
      const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
      assert.ok(Math.min(...gaps) >= 0.09 - 1e-9, `${scale} to ${max}: ${places}`);
    }
  }
});

test('a brush on whole numbers and on words reads as what it holds', () => {
  const units = paramAxis('units', { type: 'int', min: 8, max: 128, scale: 'linear' });
  assert.equal(units.textAt(0.5), '68');
  const words = paramAxis('word', { type: 'categorical', values: ['a', 'b'] });
  assert.deepEqual([words.textAt(0), words.textAt(0.6), words.textAt(1)], ['a', 'b', 'b']);
});

test('an objective over many powers of ten has a logarithmic axis, one with negative values an even one', () => {
  assert.equal(objectiveScale([1, 49]).scale, 'linear');
  assert.equal(objectiveScale([1, 51]).scale, 'log');
  assert.equal(objectiveScale([-1, 1000]).scale, 'linear');
  assert.deepEqual(objectiveScale([]), { min: 0, max: 1, scale: 'linear' });
});

test('a line breaks where a trial has no place', () => {
  const frame = { width: 200, height: 100, left: 0, right: 0, top: 0, bottom: 0, axes: 3 };
  assert.equal(linePath([0, 1, null], frame), 'M0.0 100.0L100.0 0.0');
  assert.equal(linePath([0, null, 1], frame), 'M0.0 100.0M200.0 0.0');
});

test('trials are sorted both ways, those without a value last, and the better end comes first', () => {
  const study = [...made.liveStudy].reduce(reduceStudy, emptyStudy());
  const order = (descending: boolean) =>
    sortTrials(study.trials, { by: 'value', descending }).map(({ number }) => number);
  assert.equal(order(false)[0], 24);
  assert.deepEqual(order(false).slice(-3), [5, 25, 26]);
  assert.deepEqual(order(true).slice(-3), [5, 25, 26]);
  assert.deepEqual(nextSorting({ by: 'number', descending: false }, 'value', 'maximize'), {
    by: 'value',
    descending: true,
  });
  assert.equal(goodness(study).get(24), 0);
  assert.equal(goodness(study).has(5), false);
});

test('a kept view that does not fit is forgotten', () => {
  const start = { brushes: {}, order: [], hidden: [], sorting: { by: 'number', descending: false } };
  assert.deepEqual(toView(undefined), start);
  assert.deepEqual(toView({ brushes: { a: [[1]] }, order: [1], hidden: 'x', sorting: { by: 1 } }), start);
  const kept = { ...start, brushes: { a: [[0, 1]] }, hidden: ['b'] };
  assert.deepEqual(toView(kept), kept);
});
