/** The language that runs are filtered in: what each phrase leaves, and how a wrong one is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOfRuns } from '../../../../src/common/run/runFields.ts';
import { parseRunFilter } from '../../../../src/common/run/runFilter.ts';
import type { RunSummary } from '../../../../src/common/run/runSummary.ts';
import { runSummary } from '../../../fixtures/manyRuns.ts';

const NOW = new Date(2026, 10, 25, 12).getTime();
const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString();
const said = (part: Partial<RunSummary['annotations']>) => ({
  starred: false,
  tags: [],
  note: '',
  archived: false,
  ...part,
});
const result = (value: number | null, metric = 'rmse') => ({ metric, value, baseline: 4.8, better: 'lower' as const });

const runs: readonly RunSummary[] = [
  runSummary(0, {
    name: 'Boston housing',
    runFolder: '/w/.skillet/runs/a',
    recipeFile: '/w/boston.recipe.yaml',
    params: { units: 64, learningRate: 0.001, activation: 'relu', 'my param': 3, epochs: 7 },
    status: 'completed',
    startedAt: new Date(2026, 10, 24, 9, 30).toISOString(),
    lastAt: new Date(2026, 10, 24, 9, 32).toISOString(),
    epochsDone: 100,
    result: result(3.5),
    backend: 'wasm',
    seed: 1,
    annotations: said({ starred: true, tags: ['baseline', 'wide'], note: 'The good, one' }),
  }),
  runSummary(1, {
    name: 'Digits',
    runFolder: '/w/.skillet/runs/b',
    recipeFile: '/w/digits.recipe.json',
    params: { units: 32, activation: 'tanh', deep: true },
    status: 'failed',
    startedAt: daysAgo(10),
    lastAt: daysAgo(9.9),
    epochsDone: 3,
    result: null,
    backend: 'tensorflow',
    seed: 2,
    annotations: said({ archived: true }),
  }),
  runSummary(2, {
    name: 'Digits',
    runFolder: '/w/.skillet/runs/c',
    recipeFile: null,
    params: { units: 'auto' },
    status: 'running',
    startedAt: null,
    lastAt: null,
    epochsDone: 12,
    result: result(5.5),
    backend: null,
    seed: null,
    annotations: said({ tags: ['wider'] }),
  }),
];
const known = namesOfRuns(runs);

/** Last letters of the folders that are left. */
const left = (text: string) =>
  runs
    .filter((run) => parseRunFilter(text, known).matches(run, NOW))
    .map(({ runFolder }) => runFolder.at(-1))
    .join('');

const phrases: Readonly<Record<string, string>> = {
  '': 'abc',
  '   ': 'abc',
  boston: 'a',
  BOSTON: 'a',
  'good, one': 'a',
  'one, good': '',
  '"one, good"': '',
  '"good, one"': 'a',
  wide: 'ac',
  'tag:wide': 'ac',
  'tag=wide': 'a',
  'tags = WIDE': 'a',
  'tag != wide': 'bc',
  '-tag:wide': 'b',
  'note:good': 'a',
  'name = digits': 'bc',
  'name=digits status=failed': 'b',
  'name=digits and status=failed': 'b',
  'status = failed,running': 'bc',
  'status:live': 'c',
  'status != completed': 'bc',
  'recipe = boston': 'a',
  'recipe:dig': 'b',
  'units > 32': 'a',
  'units>32': 'a',
  'units >= 32': 'ab',
  'units <= 32': 'b',
  'units < 1e2': 'ab',
  'units = 64': 'a',
  'units=6.4e1': 'a',
  'units == auto': 'c',
  'units = 32,auto': 'bc',
  'units != 64': 'bc',
  'learningRate <= .001': 'a',
  'activation = RELU': 'a',
  'activation:an': 'b',
  'deep = true': 'b',
  'deep = false': '',
  '"my param" = 3': 'a',
  'param.units > 32': 'a',
  'epochs > 50': 'a',
  'param.epochs = 7': 'a',
  'rmse < 3.6': 'a',
  'rmse > 3.6': 'c',
  'result > 3': 'ac',
  'metric = rmse': 'ac',
  'baseline > 4': 'ac',
  'is:better': 'a',
  'is:worse': 'c',
  'is:starred': 'a',
  'starred = no': 'bc',
  'is:starred,archived': 'ab',
  'is:archived': 'b',
  'is:live': 'c',
  'is:tagged': 'ac',
  'is:noted': 'a',
  '-is:starred': 'bc',
  'not is:starred': 'bc',
  'seed = 2': 'b',
  'backend = wasm': 'a',
  'duration >= 2m': 'ab',
  'duration = 120': 'a',
  'duration > 1h': 'b',
  'age < 2d': 'a',
  'age > 1w': 'b',
  'started = 2026-11-24': 'a',
  'started > 2026-11-23': 'a',
  'started > 2026-11-24': '',
  'started < 2026-11-24': 'b',
  'started <= 2026-11': 'ab',
  'started >= 2026-11-24T09:30': 'a',
  'started > 2026-11-24T09:30': '',
  'is:starred or status = failed': 'ab',
  'name=digits status=failed or is:starred': 'ab',
  '"or"': 'b',
  'folder = b': 'b',
};

for (const [phrase, wanted] of Object.entries(phrases)) {
  test(`"${phrase}" leaves ${wanted === '' ? 'none' : wanted}`, () => {
    assert.equal(left(phrase), wanted);
  });
}

const faults: Readonly<Record<string, readonly [field: string, message: RegExp]>> = {
  'units >': ['units', /nothing behind >/],
  'units > ,': ['units', /nothing behind >/],
  'units > 3,': ['units', /nothing behind >/],
  'units > many': ['units', /"many" is no number/],
  'units > 3,4': ['units', /takes one value, not 2/],
  'untis > 3': ['untis', /no field/],
  'rsme < 3': ['rsme', /no field/],
  'seed = x': ['seed', /"x" is no number/],
  'rmse < low': ['rmse', /"low" is no number/],
  'status = done': ['status', /"done" is no status/],
  'status > failed': ['status', /cannot be compared/],
  'name > x': ['name', /is a text/],
  'duration > long': ['duration', /no length of time/],
  'started > yesterday': ['started', /no day/],
  'starred = maybe': ['starred', /neither yes nor no/],
  'is:nice': ['is', /no state/],
  '> 3': ['>', /a field must stand before/],
  '5>3': ['5>3', /a field must stand before/],
  'or units > 3': ['or', /both sides/],
  'units > 3 or': ['or', /both sides/],
  '"open': ['filter', /not closed/],
  'note: "open': ['note', /nothing behind :/],
};

for (const [phrase, [path, message]] of Object.entries(faults)) {
  test(`"${phrase}" is refused by ${path}`, () => {
    assert.throws(() => parseRunFilter(phrase, known), { name: 'SkilletError', code: 'run-filter', path, message });
  });
}

test('a misspelt field is told with the one that was meant', () => {
  assert.throws(() => parseRunFilter('unit > 3', known), { remedy: /^Did you mean units\?/ });
});

test('where it is not known what the runs have, any name may be a parameter', () => {
  assert.equal(runs.filter((run) => parseRunFilter('units = 64').matches(run, NOW)).length, 1);
  assert.equal(runs.filter((run) => parseRunFilter('nothing = 64').matches(run, NOW)).length, 0);
});

test('archived runs count as asked for only where the filter names them', () => {
  const asks = (text: string) => parseRunFilter(text).asksArchived;
  assert.deepEqual(
    ['', 'units > 3', 'is:archived', 'archived = yes', '-is:archived', 'is:starred,archived'].map(asks),
    [false, false, true, true, true, true],
  );
});

test('a name like constructor is a name like any other', () => {
  assert.equal(left('name = constructor'), '');
  assert.throws(() => parseRunFilter('constructor = 3', known), { path: 'constructor' });
  const strange = runSummary(3, { params: JSON.parse('{"__proto__":5,"constructor":6}') });
  assert.equal(parseRunFilter('constructor = 6', namesOfRuns([strange])).matches(strange, NOW), true);
});
