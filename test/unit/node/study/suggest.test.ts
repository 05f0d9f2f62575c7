/** What a study tries next: legal values, the same after a break, and better than chance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchSpace } from '../../../../src/common/study/studyEvents.ts';
import { valueFrom } from '../../../../src/node/study/encodePoint.ts';
import { fitProcess } from '../../../../src/node/study/gaussianProcess.ts';
import { seededRandom } from '../../../../src/node/study/seededRandom.ts';
import { type Observation, type Search, scatteredTrials, suggest } from '../../../../src/node/study/suggest.ts';

const PLANE: SearchSpace = {
  x: { type: 'double', min: -5, max: 10, scale: 'linear' },
  y: { type: 'double', min: 0, max: 15, scale: 'linear' },
};

const MIXED: SearchSpace = {
  units: { type: 'int', min: 8, max: 64, scale: 'log' },
  rate: { type: 'double', min: 0.0001, max: 0.01, scale: 'log' },
  keep: { type: 'double', min: 0.5, max: 0.99, scale: 'reverseLog' },
  batch: { type: 'discrete', values: [16, 32, 64], scale: 'linear' },
  act: { type: 'categorical', values: ['relu', 'tanh', 3, true] },
};

const search = (space: SearchSpace, rest: Partial<Search> = {}): Search => ({
  algorithm: 'bayesian',
  space,
  goal: 'minimize',
  seed: 0,
  axes: {},
  ...rest,
});

/** Branin's function, less its least value. */
function branin({ x, y }: Record<string, unknown>): number {
  const [a, b] = [Number(x), Number(y)];
  const valley = (b - (5.1 / (4 * Math.PI ** 2)) * a ** 2 + (5 / Math.PI) * a - 6) ** 2;
  return valley + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10 - 0.397887;
}

/** Trials in a row, each knowing those before it but for the last few, which still run. */
function study(given: Search, measure: (params: Record<string, unknown>) => number | null, trials: number, late = 0) {
  const seen: Observation[] = [];
  for (let number = 1; number <= trials; number += 1) {
    const known = seen.map((one, i) => (i >= seen.length - late ? { ...one, value: null, isRunning: true } : one));
    const params = suggest(given, number, known);
    assert.ok(params !== null);
    seen.push({ params, value: measure(params), isRunning: false });
  }
  return seen;
}

const best = (seen: readonly Observation[]) => Math.min(...seen.flatMap(({ value }) => value ?? []));
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

test("over 20 seeds the Bayesian search finds Branin's valley, and chance does not", () => {
  const bayesian = SEEDS.map((seed) => best(study(search(PLANE, { seed }), branin, 25)));
  const random = SEEDS.map((seed) => best(study(search(PLANE, { seed, algorithm: 'random' }), branin, 25)));
  assert.ok(median(bayesian) < 0.1, `median ${median(bayesian)}`);
  assert.ok(median(random) > 0.5, `median ${median(random)}`);
  const wins = SEEDS.filter((seed) => (bayesian[seed] ?? 0) < (random[seed] ?? 0)).length;
  assert.ok(wins >= 18, `${wins} of 20`);
});

test('with two trials still running it is better than chance too, and looks in different places', () => {
  const runs = SEEDS.map((seed) => study(search(PLANE, { seed }), branin, 25, 2));
  const random = SEEDS.map((seed) => best(study(search(PLANE, { seed, algorithm: 'random' }), branin, 25)));
  assert.ok(median(runs.map(best)) < median(random) / 2);
  for (const seen of runs) {
    assert.equal(new Set(seen.map(({ params }) => JSON.stringify(params))).size, 25);
  }
});

test('where much is better, the same search goes up', () => {
  const down = study(search(PLANE), branin, 12);
  const up = study(search(PLANE, { goal: 'maximize' }), (params) => -branin(params), 12);
  assert.deepEqual(
    up.map(({ params }) => params),
    down.map(({ params }) => params),
  );
});

for (const algorithm of ['random', 'bayesian'] as const) {
  test(`the ${algorithm} search gives only values of the space, of every type and at both ends`, () => {
    const seen = study(
      search(MIXED, { algorithm }),
      ({ units, rate }) => Math.log(Number(units)) + Number(rate) * 100,
      40,
    );
    const column = (name: string) => seen.map(({ params }) => params[name]);
    assert.ok(column('units').every((value) => Number.isInteger(value) && Number(value) >= 8 && Number(value) <= 64));
    assert.ok(column('rate').every((value) => Number(value) >= 0.0001 && Number(value) <= 0.01));
    assert.ok(column('keep').every((value) => Number(value) >= 0.5 && Number(value) <= 0.99));
    assert.deepEqual([...new Set(column('batch'))].sort(), [16, 32, 64]);
    assert.deepEqual(new Set(column('act')), new Set(['relu', 'tanh', 3, true]));
    assert.deepEqual(Object.keys(seen[0]?.params ?? {}), Object.keys(MIXED));
  });

  test(`the ${algorithm} search says the same again from the same results, and something else with another seed`, () => {
    const seen = study(search(MIXED, { algorithm }), ({ rate }) => Number(rate), 10);
    const next = suggest(search(MIXED, { algorithm }), 11, seen);
    assert.deepEqual(suggest(search(MIXED, { algorithm }), 11, seen), next);
    assert.notDeepEqual(suggest(search(MIXED, { algorithm, seed: 1 }), 11, seen), next);
  });
}

test('scales decide where values are dense: log at the lower end, reverse log at the upper', () => {
  const at = (share: number, scale: 'linear' | 'log' | 'reverseLog') =>
    valueFrom(share, { type: 'double', min: 1, max: 100, scale });
  assert.deepEqual([at(0.5, 'linear'), at(0.5, 'log'), at(0.5, 'reverseLog')], [50.5, 10, 91]);
  for (const scale of ['linear', 'log', 'reverseLog'] as const) {
    assert.deepEqual([at(0, scale), at(1, scale)], [1, 100]);
  }
});

test('every whole number of a range is hit, its ends as often as the others', () => {
  const random = seededRandom(4);
  const counts = new Map<unknown, number>();
  for (let i = 0; i < 9000; i += 1) {
    const value = valueFrom(random(), { type: 'int', min: 8, max: 16, scale: 'linear' });
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  assert.equal(counts.size, 9);
  assert.ok([...counts.values()].every((count) => Math.abs(count - 1000) < 150));
  const ends = [0, 1].map((share) => valueFrom(share, { type: 'int', min: 8, max: 16, scale: 'reverseLog' }));
  assert.deepEqual(ends, [8, 16]);
});

test('a failed trial counts as a bad one: the search leaves its neighbourhood', () => {
  const broken = ({ x }: Record<string, unknown>) => (Number(x) > 5 ? null : branin({ x, y: 2 }));
  const seen = study(search(PLANE), broken, 25).slice(scatteredTrials(PLANE));
  assert.ok(seen.filter(({ value }) => value === null).length < 6);
});

test('one value that is far off does not blind the search to the rest', () => {
  let trial = 0;
  const measure = (params: Record<string, unknown>) => {
    trial += 1;
    return trial === 2 ? 1e12 : branin(params);
  };
  assert.ok(best(study(search(PLANE), measure, 25)) < 0.5);
});

test('a small space is not tried twice in the same place while there are others', () => {
  const space: SearchSpace = { units: { type: 'int', min: 1, max: 12, scale: 'linear' } };
  const seen = study(search(space), ({ units }) => (Number(units) - 7) ** 2, 9);
  const late = seen.slice(scatteredTrials(space)).map(({ params }) => params.units);
  assert.equal(new Set(late).size, late.length);
  assert.ok(late.includes(7));
});

test('a grid is walked through in order and then ends', () => {
  const grid = search(PLANE, { algorithm: 'grid', axes: { x: [1, 2], y: ['a', 'b'] } });
  const points = [1, 2, 3, 4, 5].map((number) => suggest(grid, number, []));
  assert.deepEqual(points, [{ x: 1, y: 'a' }, { x: 1, y: 'b' }, { x: 2, y: 'a' }, { x: 2, y: 'b' }, null]);
});

test('a Gaussian process goes through its samples and is unsure elsewhere', () => {
  const samples = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at: [at], value: Math.sin(2 * Math.PI * at) }));
  const process = fitProcess(samples, [0]);
  for (const { at, value } of samples) {
    assert.ok(Math.abs(process.believe(at).mean - value) < 0.05);
  }
  assert.ok(Math.abs(process.believe([0.4]).mean - Math.sin(0.8 * Math.PI)) < 0.2);
  assert.ok(process.believe([0.375]).sd > 2 * process.believe([0.5]).sd);
});

test('after very many trials the best ones still lead', () => {
  const bowl = ({ x, y }: Record<string, unknown>) => (Number(x) - 2) ** 2 + (Number(y) - 9) ** 2;
  const past = Array.from({ length: 300 }, (_, i): Observation => {
    const params = suggest(search(PLANE, { algorithm: 'random' }), i + 1, []) ?? {};
    return { params, value: bowl(params), isRunning: false };
  });
  const next = suggest(search(PLANE), 301, past);
  assert.ok(next !== null && bowl(next) < 0.5, JSON.stringify(next));
});
