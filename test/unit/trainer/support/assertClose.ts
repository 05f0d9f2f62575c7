/** Compares numbers within a tolerance, element by element. */
import assert from 'node:assert/strict';

type Nested = number | readonly Nested[] | ArrayLike<number>;

/** Absolute difference at most `tolerance`, relative where the number is larger than 1. */
export function assertClose(actual: Nested, expected: Nested, tolerance: number, what = 'value'): void {
  const found = flatten(actual);
  const wanted = flatten(expected);
  assert.equal(found.length, wanted.length, `${what}: length`);
  wanted.forEach((value, i) => {
    const allowed = tolerance * Math.max(1, Math.abs(value));
    const difference = Math.abs((found[i] ?? Number.NaN) - value);
    assert.ok(difference <= allowed, `${what}[${i}]: ${found[i]} is not ${value} ± ${allowed}`);
  });
}

function flatten(value: Nested): number[] {
  return typeof value === 'number' ? [value] : Array.from(value as ArrayLike<Nested>).flatMap(flatten);
}
