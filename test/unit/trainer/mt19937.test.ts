/** The random stream against NumPy and the reference implementation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mt19937 } from '../../../src/trainer/random/mt19937.ts';

test('the stream of seed 0 is NumPy RandomState(0)', () => {
  const stream = new Mt19937(0);
  assert.deepEqual(
    Array.from({ length: 3 }, () => stream.nextDouble()),
    [0.5488135039273248, 0.7151893663724195, 0.6027633760716439],
  );
});

test('several seeds give the reference stream of init_by_array', () => {
  // First numbers of mt19937ar.out by Matsumoto and Nishimura.
  const stream = new Mt19937([0x123, 0x234, 0x345, 0x456]);
  assert.deepEqual(
    Array.from({ length: 5 }, () => stream.nextUint32()),
    [1067595299, 955945823, 477289528, 4107218783, 4228976476],
  );
});

test('the first word of seed 5489 is the reference one', () => {
  assert.equal(new Mt19937(5489).nextUint32(), 3499211612);
});

test('a restored stream goes on where it was saved', () => {
  const stream = new Mt19937(7);
  for (let i = 0; i < 700; i += 1) {
    stream.nextUint32();
  }
  const saved = JSON.parse(JSON.stringify(stream.save()));
  const expected = Array.from({ length: 1300 }, () => stream.nextUint32());
  const other = new Mt19937(0);
  other.restore(saved);
  assert.deepEqual(
    Array.from({ length: 1300 }, () => other.nextUint32()),
    expected,
  );
});

test('a permutation holds each number once and is NumPy RandomState(0).permutation', () => {
  assert.deepEqual(Array.from(new Mt19937(0).permutation(10)), [2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
});
