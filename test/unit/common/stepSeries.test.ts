/** Series by step: as a plain list would hold them, whatever is done to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepSeries } from '../../../src/common/run/stepSeries.ts';
import { listed } from '../../fixtures/listed.ts';

/** A generator of numbers from 0 up to 1, always the same ones. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Value = number | null;

/** By looking at every value. */
function bruteExtremes(values: readonly Value[], first: number, end: number) {
  const inside = values.flatMap((value, step) =>
    value === null || step < first || step >= end ? [] : [{ value, step }],
  );
  if (inside.length === 0) {
    return null;
  }
  const low = inside.reduce((best, one) => (one.value < best.value ? one : best));
  const high = inside.reduce((best, one) => (one.value > best.value ? one : best));
  return { low: low.value, lowStep: low.step, high: high.value, highStep: high.step };
}

const floats = (random: () => number, count: number): Value[] =>
  Array.from({ length: count }, () => (random() < 0.1 ? null : Math.fround(random() * 100)));

test('random operations leave what they leave of a plain list', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = createRandom(seed);
    const series = new StepSeries();
    let model: Value[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      const kind = random();
      if (kind < 0.7) {
        const values = floats(random, Math.floor(random() * 2000));
        series.append(random() < 0.5 ? values : Float32Array.from(values, (value) => value ?? Number.NaN));
        model.push(...values);
      } else if (kind < 0.85) {
        const length = Math.floor(random() * (model.length + 100));
        series.truncate(length);
        model = model.slice(0, length);
      } else {
        const gap = Math.floor(random() * 5000);
        series.skipTo(model.length + gap);
        model.push(...Array.from({ length: gap }, () => null));
      }
      const first = Math.floor(random() * model.length);
      const end = first + Math.floor(random() * (model.length - first + 10));
      assert.deepEqual(
        series.extremes(first, end),
        bruteExtremes(model, first, end),
        `seed ${seed}: ${first} to ${end}`,
      );
    }
    assert.deepEqual(listed(series), model, `seed ${seed}`);
    const target = new Float32Array(3000);
    series.read(500, target);
    assert.deepEqual(
      Array.from(target, (value) => (Number.isNaN(value) ? null : value)),
      Array.from(target, (_, index) => model[500 + index] ?? null),
    );
  }
});

test('the extremes of every range of a short series are those that looking at each value gives', () => {
  const values = floats(createRandom(7), 150);
  const series = new StepSeries();
  series.append(values);
  for (let first = 0; first <= 150; first += 1) {
    for (let end = first; end <= 150; end += 1) {
      assert.deepEqual(series.extremes(first, end), bruteExtremes(values, first, end), `${first} to ${end}`);
    }
  }
});

test('cut and grown again, a series equals one that was never cut', () => {
  const values = floats(createRandom(3), 20_000);
  const whole = new StepSeries();
  whole.append(values);
  for (const length of [0, 1, 15, 16, 64, 65, 4095, 4096, 4097, 12_345]) {
    const parted = new StepSeries();
    parted.append(values.slice(0, 15_000));
    parted.truncate(length);
    parted.append(values.slice(length));
    assert.deepEqual(parted, whole, `cut to ${length}`);
    assert.deepEqual([parted.cuts, whole.cuts], [1, 0]);
  }
});

test('another history gives another series', () => {
  const [one, two] = [new StepSeries(), new StepSeries()];
  one.append([1, 2, 3]);
  two.append([1, 2, 4]);
  assert.notDeepEqual(one, two);
});

test('beyond its bound a series keeps the newest half, and every peak and trough of the rest', () => {
  const limit = 1 << 16;
  const series = new StepSeries(limit);
  const piece = new Float32Array(1000);
  for (let first = 0; first < 2_000_000; first += piece.length) {
    for (let index = 0; index < piece.length; index += 1) {
      piece[index] = Math.sin((first + index) / 1000);
    }
    if (first === 123_000) {
      piece[456] = 50;
      piece[457] = -50;
    }
    series.append(piece);
  }
  const kept = Object.values(series)
    .flat()
    .filter((part) => typeof part === 'object') as { values: Float32Array }[];
  const bytes = kept.reduce((sum, { values }) => sum + values.byteLength + 4 * 511, 0);
  assert.ok(bytes <= 4.5 * limit + 5000, `${bytes} bytes`);
  assert.equal(series.length, 2_000_000);
  const { low, high, lowStep, highStep } = series.extremes(0, 2_000_000) ?? assert.fail('empty');
  assert.deepEqual([low, high], [-50, 50]);
  assert.ok(Math.abs(lowStep - 123_457) < 256 && Math.abs(highStep - 123_456) < 256, `${lowStep}, ${highStep}`);
  for (let step = 2_000_000 - limit / 2; step < 2_000_000; step += 97) {
    assert.equal(series.at(step), Math.fround(Math.sin(step / 1000)));
  }
  for (let step = 0; step < 1_900_000; step += 9973) {
    const value = series.at(step) ?? assert.fail(`no value at ${step}`);
    assert.ok(Math.abs(value) === 50 || Math.abs(value - Math.sin(step / 1000)) < 0.3, `${value} at ${step}`);
  }
});

test('folded values can be cut into, and go on one by one', () => {
  const series = new StepSeries(1 << 15);
  series.append(new Float32Array(400_000).fill(1));
  series.truncate(100_001);
  series.append([7, 8]);
  assert.deepEqual([series.length, series.at(100_000), series.at(100_001), series.at(100_002)], [100_003, 1, 7, 8]);
  assert.equal(series.extremes(0, 100_001)?.high, 1);
  assert.equal(series.extremes(0, 100_003)?.high, 8);
});

test('a gap of any length costs nothing and is passed over', () => {
  const series = new StepSeries();
  series.append([1]);
  series.skipTo(2 ** 50);
  series.append([2, 3]);
  assert.deepEqual(series.extremes(5, 2 ** 51), { low: 2, lowStep: 2 ** 50, high: 3, highStep: 2 ** 50 + 1 });
  assert.deepEqual(
    [0, 1, 2 ** 50, 2 ** 50 + 2].map((step) => series.nextFrom(step)),
    [0, 2 ** 50, 2 ** 50, null],
  );
});

test('three thousand gaps stay within the bound', () => {
  const series = new StepSeries(1 << 15);
  for (let step = 0; step < 3000; step += 1) {
    series.skipTo(step * 1000);
    series.append([step]);
  }
  assert.equal(series.extremes(0, 3_000_000)?.high, 2999);
  assert.equal(series.at(2_999_000), 2999);
});
