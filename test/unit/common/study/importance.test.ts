/** Which parameter matters, in cases where the answer is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Importance, paramImportance } from '../../../../src/common/study/importance.ts';
import { emptyStudy, reduceStudy } from '../../../../src/common/study/reduceStudy.ts';
import type { SearchSpace } from '../../../../src/common/study/studyEvents.ts';
import * as made from '../../../fixtures/studyEvents.ts';

const double = { type: 'double', min: 0, max: 1, scale: 'linear' } as const;
const ROOTS = [2, 3, 5, 7, 11, 13];

/** `count` trials spread evenly over the unit cube, valued by a function of their place. */
function importance(
  names: readonly string[],
  count: number,
  measure: (params: Record<string, number>, trial: number) => number | null,
): Importance {
  const space: SearchSpace = Object.fromEntries(names.map((name) => [name, double]));
  const study = emptyStudy();
  reduceStudy(study, made.studyStart({ space }));
  for (let trial = 1; trial <= count; trial += 1) {
    const params = Object.fromEntries(
      names.map((name, index) => [name, (trial * Math.sqrt(ROOTS[index] ?? 2)) % 1] as const),
    );
    reduceStudy(study, { ...made.trialStart(trial), params });
    reduceStudy(study, made.trialEnd(trial, { value: measure(params, trial) }));
  }
  return paramImportance(study);
}

function sharesOf(found: Importance): Record<string, number> {
  assert.ok(found.kind === 'known', found.kind);
  return Object.fromEntries(found.shares.map(({ name, share }) => [name, share]));
}

test('one parameter that makes the value alone has nearly all of it', () => {
  const { a = 0, b = 1, c = 1 } = sharesOf(importance(['a', 'b', 'c'], 40, (params) => params.a ?? 0));
  assert.ok(a > 0.95 && b < 0.03 && c < 0.03, `${a} ${b} ${c}`);
});

test('a weighted sum shares its variance as the squares of the weights, 4 to 1', () => {
  const found = importance(['b', 'a'], 200, ({ a = 0, b = 0 }) => 2 * a + b);
  const { a = 0, b = 0 } = sharesOf(found);
  assert.ok(Math.abs(a - 0.8) < 0.06 && Math.abs(b - 0.2) < 0.06, `${a} ${b}`);
  assert.equal(found.kind === 'known' ? found.shares[0]?.name : '', 'a');
});

test('an optimum in the middle counts, though neither end is better than the other', () => {
  const { a = 0 } = sharesOf(importance(['a', 'b'], 60, (params) => ((params.a ?? 0) - 0.5) ** 2));
  assert.ok(a > 0.9, String(a));
});

test('what only two parameters together explain belongs to neither', () => {
  const found = importance(['a', 'b'], 120, ({ a = 0, b = 0 }) => (a > 0.5 === b > 0.5 ? 0 : 1));
  assert.ok(found.kind === 'known' && found.together > 0.7, JSON.stringify(found));
});

test('values that no parameter has made are called unclear, not important', () => {
  // A generator's numbers, unrelated to the places: x ← 16807·x mod 2³¹ - 1 (Park and Miller 1988).
  let state = 42;
  const found = importance(['a', 'b', 'c'], 40, () => {
    state = (state * 16807) % 2147483647;
    return state;
  });
  assert.equal(found.kind, 'unclear');
});

test('few trials tell nothing, and more are needed where there are more parameters', () => {
  assert.deepEqual(
    importance(['a'], 9, ({ a = 0 }) => a),
    { kind: 'tooFew', trials: 9, needed: 10 },
  );
  assert.deepEqual(
    importance(ROOTS.map(String), 12, () => 1),
    { kind: 'tooFew', trials: 12, needed: 18 },
  );
  const half = importance(['a'], 18, ({ a = 0 }, trial) => (trial % 2 === 0 ? null : a));
  assert.deepEqual(half, { kind: 'tooFew', trials: 9, needed: 10 });
});

test('a value that is the same everywhere is unclear', () => {
  assert.equal(importance(['a', 'b'], 20, () => 3).kind, 'unclear');
});

test('one trial that ran away does not hide the others', () => {
  const found = importance(['a', 'b'], 60, ({ a = 0 }, trial) => (trial === 30 ? 1e12 : a));
  const { a = 0 } = sharesOf(found);
  assert.ok(a > 0.85, String(a));
});

test('words, listed numbers, whole numbers and logarithms are measured in their own way', () => {
  const study = emptyStudy();
  const events = [made.studyStart(), ...made.trials(1, 60)];
  for (const event of events) {
    const value = (trial: number) =>
      ({ relu: 1, tanh: 2, sigmoid: 5 })[String(made.trialParams(trial).activation)] ?? 0;
    reduceStudy(study, event.type === 'trialEnd' ? { ...event, value: value(event.trial) } : event);
  }
  const shares = sharesOf(paramImportance(study));
  assert.ok((shares.activation ?? 0) > 0.95, JSON.stringify(shares));
  for (const event of events.filter(({ type }) => type === 'trialEnd')) {
    reduceStudy(study, event);
  }
  const natural = sharesOf(paramImportance(study));
  assert.ok((natural.learningRate ?? 0) > 3 * (natural.activation ?? 0), JSON.stringify(natural));
});

test('the same trials give the same answer', () => {
  const find = () => importance(['a', 'b'], 30, ({ a = 0, b = 0 }) => a * b);
  assert.deepEqual(find(), find());
});
