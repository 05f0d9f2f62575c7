/** Labels of the axes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortTick } from '../../../../src/common/chart/ticks.ts';

test('ticks are short and exact, from tiny to huge', () => {
  const told = [0, 0.1 + 0.2, 2.5, 1000, 25_000, 150_000, 1e6, 0.0005, 2.5e-7, -4000].map(shortTick);
  assert.deepEqual(told, ['0', '0.3', '2.5', '1,000', '25,000', '1.5e5', '1e6', '5e-4', '2.5e-7', '-4,000']);
});
