/** Places of values in their ranges. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionOf, rangePosition, valueAt } from '../../../../src/common/study/scalePosition.ts';
import { space } from '../../../fixtures/studyEvents.ts';

test('the middle of a range is where its scale has it', () => {
  assert.equal(valueAt(0.5, { min: 0, max: 10, scale: 'linear' }), 5);
  assert.ok(Math.abs(valueAt(0.5, { min: 0.0001, max: 0.01, scale: 'log' }) - 0.001) < 1e-12);
  assert.ok(valueAt(0.5, { min: 0.5, max: 0.999, scale: 'reverseLog' }) > 0.75, 'dense at the upper end');
});

test('a value comes back from its place, on every scale', () => {
  for (const scale of ['linear', 'log', 'reverseLog'] as const) {
    for (const value of [0.5, 0.6, 0.9, 0.999]) {
      const range = { min: 0.5, max: 0.999, scale };
      assert.ok(Math.abs(valueAt(positionOf(value, range), range) - value) < 1e-12, `${scale} ${value}`);
    }
  }
});

test('words stand evenly apart, and a word of no range has no place', () => {
  const { activation } = space;
  assert.ok(activation !== undefined);
  assert.equal(rangePosition('tanh', activation), 0.5);
  assert.equal(rangePosition('elu', activation), null);
});

test('a number outside a logarithm has no place', () => {
  assert.equal(rangePosition(-1, { type: 'double', min: 0.1, max: 1, scale: 'log' }), null);
});
