/** Numbers, times and shapes as people read them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatShape,
} from '../../../src/common/format.ts';

test('a number has about four significant digits', () => {
  const told: [number, string][] = [
    [0, '0.000'],
    [2.56789, '2.568'],
    [-2.56789, '-2.568'],
    [0.001234567, '0.001235'],
    [0.000999, '9.99e-4'],
    [-1e-9, '-1.00e-9'],
    [99.999, '100.0'],
    [1234.5, '1,235'],
    [-98_765.4, '-98,765'],
    [999_999, '999,999'],
    [1_000_000, '1.00e+6'],
  ];
  for (const [value, text] of told) {
    assert.equal(formatNumber(value), text);
  }
});

test('a number just below a thousand is not written as a power of ten', () => {
  assert.equal(formatNumber(999.96), '1,000');
  assert.equal(formatNumber(999.94), '999.9');
});

test('what is no finite number is a dash', () => {
  for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    assert.equal(formatNumber(value), '—');
  }
});

test('a duration has at most two units, and never sixty of one', () => {
  const told: [number, string][] = [
    [0, '0.0 s'],
    [440, '0.4 s'],
    [9_940, '9.9 s'],
    [12_300, '12 s'],
    [59_400, '59 s'],
    [59_600, '1 m 00 s'],
    [185_000, '3 m 05 s'],
    [3_599_600, '1 h 00 m'],
    [7_620_000, '2 h 07 m'],
    [360_000_000, '100 h 00 m'],
  ];
  for (const [ms, text] of told) {
    assert.equal(formatDuration(ms), text);
  }
});

test('an age has one unit, and a clock that is a little ahead makes no negative one', () => {
  const told: [number, string][] = [
    [-3000, '0 s ago'],
    [5_200, '5 s ago'],
    [60_000, '1 m ago'],
    [3_599_000, '59 m ago'],
    [7_200_000, '2 h ago'],
    [400_000_000, '4 d ago'],
  ];
  for (const [ms, text] of told) {
    assert.equal(formatAge(ms), text);
  }
});

test('shapes show open dimensions, counts their thousands', () => {
  assert.equal(formatShape([28, null, 1]), '[28, ?, 1]');
  assert.equal(formatShape([]), '[]');
  assert.equal(formatCount(4160), '4,160');
  assert.equal(formatCount(null), '?');
});

test('bytes are told in powers of ten', () => {
  const told: [number, string][] = [
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [18_174, '18 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [273_829_956, '274 MB'],
    [999_600_000, '1.0 GB'],
    [2_898_710_000, '2.9 GB'],
    [12_345_678_901, '12 GB'],
  ];
  for (const [bytes, text] of told) {
    assert.equal(formatBytes(bytes), text);
  }
});
