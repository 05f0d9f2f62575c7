/** Bytes per second, over the last few seconds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTransferRate } from '../../../../src/node/runtime/transferRate.ts';

test('it is the mean of the last five seconds, and nothing at first', () => {
  let at = 0;
  const rate = createTransferRate(() => at);
  const after = (ms: number, bytes: number) => {
    at += ms;
    return rate(bytes);
  };
  assert.equal(after(0, 0), 0);
  assert.equal(after(100, 1000), 0, 'too early to say');
  assert.equal(after(900, 10_000), 10_000);
  for (let second = 2; second <= 10; second += 1) {
    after(1000, 10_000 + (second - 1) * 1000);
  }
  assert.equal(after(1000, 20_000), 1000, 'the quick beginning is forgotten');
});
