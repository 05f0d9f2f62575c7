/** How a backend is chosen. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Recipe } from '../../../src/common/recipe/schema.ts';
import { type Backend, CannotStart, type Workload } from '../../../src/trainer/backends/backend.ts';
import { type ChoiceOptions, chooseBackend } from '../../../src/trainer/backends/chooseBackend.ts';
import { NOT_INSTALLED } from '../../../src/trainer/backends/tensorflow.ts';
import { planThreads } from '../../../src/trainer/backends/threadPlan.ts';
import { createVerdicts, NO_VERDICTS } from '../../../src/trainer/backends/verdicts.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { curveCsv, lastOf, makeRun } from './support/testRun.ts';
import { bostonRecipe } from './support/toRecipe.ts';
import { workOf } from './support/workOf.ts';

/** A backend that only says what it is; `rate` is what timing it gives. */
interface Sham extends Backend {
  readonly rate: number;
}

function sham(name: string, settings: Partial<Sham> = {}): Sham {
  return {
    name,
    kind: 'cpu',
    label: name,
    unsupportedLayers: [],
    hasReplicas: false,
    isSlow: false,
    rate: 1,
    start: async () => ({ device: `device of ${name}`, version: null, replicas: [null] }),
    ...settings,
  };
}

async function choose(device: string, backends: readonly Sham[], options: Partial<ChoiceOptions> = {}) {
  const started: Sham[] = [];
  const watched = backends.map((backend) => ({
    ...backend,
    start: async (work: Workload) => {
      const words = await backend.start(work);
      started.push(backend);
      return words;
    },
  }));
  const named = device as Recipe['train']['device']; // The shams have names of their own.
  const recipe: Recipe = { ...bostonRecipe(), train: { ...bostonRecipe().train, device: named } };
  const { choice } = await chooseBackend({
    recipe,
    backends: watched,
    work: workOf(1),
    time: async () => started.at(-1)?.rate ?? 0,
    verdicts: NO_VERDICTS,
    question: null,
    now: () => new Date(0),
    ...options,
  });
  assert.equal(started.at(-1)?.name, choice.name, 'the chosen backend is the current one');
  return choice;
}

describe('auto', () => {
  test('takes the fastest and says by how much', async () => {
    const choice = await choose('auto', [sham('slow', { rate: 120 }), sham('fast', { rate: 4321 })]);
    assert.deepEqual(choice, {
      name: 'fast',
      device: 'device of fast',
      reason: 'It was the fastest for this model: 4,321 steps a second (slow 120).',
      trials: [
        { name: 'slow', stepsPerSecond: 120, note: 'slower than fast' },
        { name: 'fast', stepsPerSecond: 4321, note: '' },
      ],
    });
  });

  test('tells of a backend that did not start, and goes on', async () => {
    const broken = sham('broken', { start: () => Promise.reject(new Error('no driver')) });
    const choice = await choose('auto', [broken, sham('fine')]);
    assert.equal(choice.reason, 'It is the only choice for this model here (broken: failed: no driver).');
  });

  test('tells of a backend that broke beside the speeds, but not of one that is only absent', async () => {
    const broken = sham('broken', { start: () => Promise.reject(new Error('the library crashed')) });
    const absent = sham('absent', { start: () => Promise.reject(new CannotStart('no card', 'Buy one.')) });
    const choice = await choose('auto', [broken, absent, sham('fast', { rate: 20 }), sham('slow', { rate: 10 })]);
    assert.equal(
      choice.reason,
      'It was the fastest for this model: 20 steps a second (slow 10). broken failed: the library crashed.',
    );
  });

  test('leaves out a backend that cannot train a layer, and one that is too slow for the model', async () => {
    const choice = await choose(
      'auto',
      [sham('lame', { unsupportedLayers: ['dense'] }), sham('fine'), sham('plain', { isSlow: true })],
      { work: workOf(1e9) },
    );
    assert.deepEqual(
      choice.trials.map(({ name, note }) => `${name}: ${note}`),
      ['lame: cannot train dense', 'fine: ', 'plain: not timed: the model is too large for plain'],
    );
  });

  test('tells a layer of a module that it cannot train on the module', async () => {
    const work = { ...workOf(1), moduleLayers: ['dense', 'conv1d'] };
    const { train, ...others } = bostonRecipe();
    const device = 'lame' as Recipe['train']['device'];
    const recipe = { ...others, train: { ...train, device }, model: [], module: './own.mjs' };
    await assert.rejects(choose('lame', [sham('lame', { unsupportedLayers: ['conv1d'] })], { work, recipe }), {
      code: 'backend-unsupported',
      path: 'model.module',
      message: /cannot train a conv1d layer/,
    });
  });

  test('leaves out a graphics card for a model too small to gain from it, but not where a card is asked for', async () => {
    const card = sham('card', { kind: 'gpu', leastStepCost: 100, rate: 9 });
    const chosen = async (device: string, stepCost: number) => {
      const { name, trials } = await choose(device, [card, sham('fine')], { work: workOf(stepCost) });
      return [name, trials[0]?.note];
    };
    assert.deepEqual(await chosen('auto', 99), ['fine', 'not timed: the model is too small to gain from card']);
    assert.deepEqual(await chosen('auto', 100), ['card', '']);
    assert.deepEqual(await chosen('gpu', 1), ['card', '']);
  });

  test('tells of a backend that runs out of memory, and goes on', async () => {
    const time: ChoiceOptions['time'] = async ({ device }) => {
      if (device === 'device of small') {
        throw new RangeError('Array buffer allocation failed');
      }
      return 1;
    };
    const choice = await choose('auto', [sham('small'), sham('fine')], { time });
    assert.equal(choice.name, 'fine');
    assert.equal(choice.trials[0]?.note, 'ran out of memory: Array buffer allocation failed');
    await assert.rejects(choose('auto', [sham('small')], { time, work: { ...workOf(1), batchSize: 40 } }), {
      code: 'run-out-of-memory',
      path: 'train.batchSize',
      message: 'No backend can train this model: small: ran out of memory: Array buffer allocation failed.',
      remedy: 'Set train.batchSize to 20 or less (now 50), or make the model smaller.',
    });
  });

  test('with no backend left, it says why for each', async () => {
    await assert.rejects(choose('auto', [sham('lame', { unsupportedLayers: ['dense'] })]), {
      code: 'backend-unavailable',
      message: /lame: cannot train dense/,
    });
  });
});

function sharedRecipe(device: Recipe['train']['device']): Recipe {
  return { ...bostonRecipe(), train: { ...bostonRecipe().train, device, replicas: 2 } };
}

describe('replicas', () => {
  const work = { ...workOf(1), replicas: 2 };

  test('leave out the backends that cannot share a batch', async () => {
    const choice = await choose('auto', [sham('alone', { rate: 9 }), sham('many', { hasReplicas: true })], { work });
    assert.deepEqual(
      choice.trials.map(({ name, note }) => `${name}: ${note}`),
      ['alone: cannot share a batch among replicas', 'many: '],
    );
  });

  test('without TensorFlow say what helps; auto is asked for already', async () => {
    const absent = sham('tensorflow-cpu', {
      hasReplicas: true,
      start: () => Promise.reject(new CannotStart(NOT_INSTALLED, 'Set device to auto.')),
    });
    await assert.rejects(choose('auto', [absent, sham('wasm')], { work, recipe: sharedRecipe('auto') }), {
      code: 'backend-unavailable',
      remedy: 'Run "Skillet: Set Up This Machine" (skillet setup), or take train.replicas out.',
    });
  });

  test('are refused by field on such a backend', async () => {
    await assert.rejects(choose('alone', [sham('alone'), sham('many', { hasReplicas: true })], { work }), {
      code: 'backend-unsupported',
      path: 'train.replicas',
      remedy: 'Set train.device to many or auto.',
    });
  });
});

describe('a verdict', () => {
  test('is remembered for the same question, and said with its day', async (t) => {
    const verdicts = createVerdicts(path.join(tempFolder(t), 'verdicts'));
    const backends = [sham('slow', { rate: 120 }), sham('fast', { rate: 4321 })];
    const asked: string[] = [];
    const ask = (question: unknown) =>
      choose('auto', backends, {
        verdicts,
        question,
        time: async () => {
          asked.push(String(question));
          return asked.length;
        },
      });
    const first = await ask('one');
    const again = await ask('one');
    assert.equal(first.name, again.name);
    assert.deepEqual(first.trials, again.trials);
    assert.match(again.reason, /when it was timed on 1970-01-01: 2\.0 steps a second \(slow 1\.0\)/);
    await ask('two');
    assert.deepEqual(asked, ['one', 'one', 'two', 'two']);
  });

  test('is asked for anew where the data gives batches of other sizes', async (t) => {
    const verdicts = createVerdicts(path.join(tempFolder(t), 'verdicts'));
    const few = { ...workOf(1), batchSize: 20 }; // A sample of the data, with fewer rows than a batch.
    assert.equal((await choose('auto', [sham('a', { rate: 2 }), sham('b')], { verdicts, work: few })).name, 'a');
    assert.equal((await choose('auto', [sham('a'), sham('b', { rate: 2 })], { verdicts })).name, 'b');
  });

  test('is asked for anew once a backend was installed', async (t) => {
    const verdicts = createVerdicts(path.join(tempFolder(t), 'verdicts'));
    const absent = sham('best', {
      rate: 9,
      installation: 'none',
      start: () => Promise.reject(new CannotStart('not installed', 'Install it.')),
    });
    assert.equal((await choose('auto', [absent, sham('fine')], { verdicts })).name, 'fine');
    const installed = sham('best', { rate: 9, installation: '/somewhere' });
    assert.equal((await choose('auto', [installed, sham('fine')], { verdicts })).name, 'best');
  });

  test('is not kept where a backend broke: mended, it is tried again', async (t) => {
    const verdicts = createVerdicts(path.join(tempFolder(t), 'verdicts'));
    const broken = sham('best', { start: () => Promise.reject(new Error('a damaged library')) });
    assert.equal((await choose('auto', [broken, sham('fine')], { verdicts })).name, 'fine');
    assert.equal((await choose('auto', [sham('best', { rate: 9 }), sham('fine')], { verdicts })).name, 'best');
  });

  test('is not believed where its backend no longer starts, or its file is damaged', async (t) => {
    const folder = path.join(tempFolder(t), 'verdicts');
    const verdicts = createVerdicts(folder);
    const fine = sham('fine');
    assert.equal((await choose('auto', [sham('best', { rate: 9 }), fine], { verdicts })).name, 'best');
    const gone = sham('best', { start: () => Promise.reject(new Error('unplugged')) });
    const choice = await choose('auto', [gone, fine], { verdicts });
    assert.deepEqual([choice.name, choice.trials[0]?.note], ['fine', 'failed: unplugged']);
    for (const name of readdirSync(folder)) {
      writeFileSync(path.join(folder, name), '{"at":');
    }
    assert.equal((await choose('auto', [sham('best', { rate: 9 }), fine], { verdicts })).name, 'best');
  });
});

describe('the words for several backends', () => {
  const all = [
    sham('tensorflow-gpu', { kind: 'gpu', rate: 5 }),
    sham('tensorflow-cpu', { rate: 4 }),
    sham('webgpu', { kind: 'gpu', rate: 3 }),
    sham('wasm', { rate: 2 }),
    sham('js', { rate: 1 }),
  ];

  test('take the fastest of their kind', async () => {
    const names = await Promise.all(
      ['auto', 'cpu', 'gpu', 'tensorflow'].map(async (word) => (await choose(word, all)).name),
    );
    assert.deepEqual(names, ['tensorflow-gpu', 'tensorflow-cpu', 'tensorflow-gpu', 'tensorflow-gpu']);
    assert.equal((await choose('cpu', all.slice(3))).name, 'wasm');
  });

  test('go on with the backend that a run was begun on, also by the name it had then', async () => {
    assert.equal((await choose('auto', all, { before: 'wasm' })).name, 'wasm');
    assert.equal((await choose('auto', all, { before: 'cpu' })).name, 'js');
  });

  test('say for each backend why it is not there, and what helps', async () => {
    const absent = sham('tensorflow-gpu', {
      kind: 'gpu',
      start: () => Promise.reject(new CannotStart('no driver', 'Install one.')),
    });
    await assert.rejects(choose('gpu', [absent, sham('wasm')]), {
      code: 'backend-unavailable',
      message: 'No backend can use a GPU here: tensorflow-gpu: did not start: no driver.',
      remedy: 'Install one.',
    });
  });
});

test('small models get one thread, large ones a share of the batch on each core', () => {
  assert.deepEqual(planThreads(workOf(3e5), 8), { threads: { inside: 1, across: 1 }, shares: 1 });
  assert.deepEqual(planThreads({ ...workOf(1e9), batchSize: 64 }, 2), { threads: { inside: 1, across: 2 }, shares: 2 });
  assert.deepEqual(planThreads({ ...workOf(1e9), batchSize: 64 }, 16), {
    threads: { inside: 4, across: 16 },
    shares: 4,
  });
  assert.deepEqual(planThreads({ ...workOf(1e9), canShare: false }, 4), {
    threads: { inside: 4, across: 4 },
    shares: 1,
  });
  assert.deepEqual(planThreads({ ...workOf(1e9), replicas: 1 }, 4), { threads: { inside: 4, across: 4 }, shares: 1 });
  assert.deepEqual(planThreads({ ...workOf(1), replicas: 3 }, 2), { threads: { inside: 1, across: 2 }, shares: 3 });
});

describe('a backend asked for by name', () => {
  test('is taken without a race, or refused with what is there', async () => {
    const two = [sham('one'), sham('two', { kind: 'gpu' })];
    assert.deepEqual((await choose('one', two)).trials, []);
    await assert.rejects(choose('tpu', two), { code: 'backend-unavailable', path: 'train.device', remedy: /one, two/ });
    await assert.rejects(choose('gpu', [sham('one')]), {
      code: 'backend-unavailable',
      message: 'No backend can use a GPU here: .',
    });
  });

  test('is never replaced in silence when it does not start', async () => {
    const broken = sham('broken', { start: () => Promise.reject(new Error('no driver')) });
    await assert.rejects(choose('broken', [broken, sham('fine')]), {
      code: 'backend-unavailable',
      message: 'broken did not start: no driver.',
      remedy: 'Set train.device to auto or to another backend.',
    });
  });

  test('by a run that was begun on it is not to be helped by another word for the device', async () => {
    const gone = sham('gone', { start: () => Promise.reject(new CannotStart('it is not installed', 'Set device.')) });
    await assert.rejects(choose('gone', [gone]), { remedy: 'Set device.' });
    await assert.rejects(choose('auto', [gone, sham('fine')], { before: 'gone' }), {
      code: 'backend-unavailable',
      message: 'gone did not start: it is not installed.',
      remedy: /bring it back .* or start a new run/,
    });
  });
});

test('a convolution over a series trains on wasm as in plain JavaScript', async (t) => {
  const recipe = (device: string) =>
    JSON.stringify({
      name: 'Convolution',
      data: { csv: 'data.csv', target: 'y', lookback: 6 },
      model: [{ conv1d: { name: 'waves', filters: 2, kernelSize: 3 } }, 'flatten', { dense: { units: 1 } }],
      train: { loss: 'meanSquaredError', epochs: 3, device },
    });
  const losses = [];
  for (const device of ['wasm', 'js']) {
    const run = makeRun(t, recipe(device), curveCsv(40));
    assert.equal(await run.train(), 'completed');
    losses.push(lastOf(run.events(), 'epochEnd')?.metrics.loss ?? Number.NaN);
  }
  const [wasm = 0, js = 0] = losses;
  assert.ok(Math.abs(wasm - js) < 1e-5 * js, losses.join(' '));
});

test('the race leaves the run as it would be without it', async (t) => {
  const recipe = (device: string) =>
    JSON.stringify({
      name: 'Race',
      data: { csv: 'data.csv', target: 'y' },
      model: [{ dense: { units: 4 } }, { dropout: { rate: 0.5 } }, 'batchNormalization', { dense: { units: 1 } }],
      train: { loss: 'meanSquaredError', epochs: 2, device },
    });
  const raced = makeRun(t, recipe('auto'), curveCsv(60));
  await raced.train();
  const name = lastOf(raced.events(), 'runStart')?.backend.name ?? '';
  const plain = makeRun(t, recipe(name), curveCsv(60));
  await plain.train();
  assert.deepEqual(lastOf(raced.events(), 'epochEnd')?.metrics, lastOf(plain.events(), 'epochEnd')?.metrics);
});
