/** Forks: runs that go on from an epoch of another run. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { RefusedRecipe } from '../../../src/node/createRun.ts';
import { forkRun, type NewFork } from '../../../src/node/forkRun.ts';
import { systemClock } from '../../../src/trainer/run/clock.ts';
import { listed } from '../../fixtures/listed.ts';
import { MODEL, recipe, steppingClock, weightsOf } from './support/curveRun.ts';
import { canStart } from './support/startBackend.ts';
import { curveCsv, lastOf, makeRun, openTestRun, type TestRun } from './support/testRun.ts';

const now = new Date(2026, 0, 1);
const stateOf = (run: TestRun) => run.events().reduce(reduceRun, emptyRun());
const notices = (run: TestRun) => run.events().flatMap((event) => (event.type === 'notice' ? [event.message] : []));

async function fork(parent: TestRun, options: Partial<NewFork> & { readonly epoch: number }): Promise<TestRun> {
  const { runFolder, recipeFile } = await forkRun({ parentFolder: parent.folder, now, ...options });
  return openTestRun(runFolder, recipeFile);
}

async function trained(t: TestContext, settings: Record<string, unknown>, model?: unknown[]): Promise<TestRun> {
  const run = makeRun(t, recipe(settings, model), curveCsv(50));
  assert.equal(await run.train(), 'completed');
  return run;
}

/** Of the steps and epochs behind the fork. */
function tail(run: TestRun, epoch: number, step: number) {
  const { stepLoss, epochs } = stateOf(run);
  return {
    loss: listed(stepLoss).slice(step),
    epochs: epochs.filter((record) => record.epoch > epoch).map((record) => [record.epoch, record.metrics]),
  };
}

const NORMALISED = [
  { dense: { name: 'hidden', units: 8, activation: 'tanh' } },
  { batchNormalization: {} },
  { dropout: { rate: 0.2 } },
  { dense: { name: 'out', units: 1 } },
];
const kept = [
  { where: 'a checkpoint of that epoch', checkpoint: { everyEpochs: 1, keep: 9 } },
  { where: 'an earlier checkpoint', checkpoint: { everyEpochs: 2, keep: 9 } },
  { where: 'a checkpoint in the middle of an epoch', checkpoint: { everySeconds: 0.2, keep: 9 } },
  { where: 'no checkpoint at all', checkpoint: {} },
];

for (const device of ['wasm', 'js', 'tensorflow-cpu']) {
  for (const { where, checkpoint } of kept) {
    test(`forked without a change from ${where}, a run on ${device} ends as the first one did, to the byte`, async (t) => {
      if (!(await canStart(t, device))) {
        return;
      }
      const settings = {
        ...{ device, checkpoint, epochs: 6, validationSplit: 0.2 },
        earlyStopping: { patience: 9, restoreBestWeights: true },
      };
      const parent = makeRun(t, recipe(settings, NORMALISED), curveCsv(50));
      await parent.train({ clock: steppingClock(30) });
      const child = await fork(parent, { epoch: 3 });
      assert.equal(await child.train(), 'completed');
      const step = 3 * 4;
      const { start, epochs, stepLoss } = stateOf(child);
      assert.deepEqual(start?.fork, { run: path.basename(parent.folder), epoch: 3, step });
      assert.deepEqual([epochs[0]?.epoch, stepLoss.length, stepLoss.at(step - 1)], [4, 24, null]);
      assert.deepEqual(tail(child, 3, step), tail(parent, 3, step));
      assert.deepEqual(weightsOf(child.folder), weightsOf(parent.folder));
      assert.ok(!notices(child).some((message) => message.includes('instead of')), notices(child).join());
      const launches = child.events().flatMap((event) => (event.type === 'launch' ? [event.version] : []));
      assert.deepEqual(launches, [2], 'an old reader would take its first step for step 0');
    });
  }
}

test('what a person asks for while epochs are trained again holds for the fork', async (t) => {
  const parent = await trained(t, { epochs: 4 });
  const child = await fork(parent, { epoch: 2 });
  const again = 2 * 5;
  let [turns, waits] = [0, 0];
  const clock = {
    ...systemClock,
    turn: async () => {
      turns += 1;
      if (turns === 1) {
        child.control('observe');
        child.control('pause');
      }
    },
    wait: async () => {
      waits += 1;
      child.control(waits <= again ? 'step' : 'resume');
    },
  };
  assert.equal(await child.train({ clock }), 'completed');
  assert.deepEqual(
    child.events().flatMap((event) => (event.type === 'state' ? [[event.state, event.step]] : [])),
    [
      ['paused', 0],
      ['paused', again],
      ['running', again],
    ],
  );
  const looks = child.events().flatMap((event) => (event.type === 'layers' ? [[event.step, event.asked]] : []));
  assert.deepEqual(looks[0], [again, true]);
});

test('a fork trains on with another rate, batch size, dropout, penalty and number of epochs', async (t) => {
  const parent = await trained(t, { checkpoint: { everyEpochs: 1, keep: 9 } });
  const child = await fork(parent, {
    epoch: 3,
    set: {
      learningRate: '0.001',
      batchSize: '5',
      epochs: '7',
      'model[1].dropout.rate': '0.5',
      'model[0].dense.kernelRegularizer': '{ l2: 0.01 }',
    },
  });
  assert.equal(await child.train(), 'completed');
  const { start, epochs, stepLoss, end } = stateOf(child);
  assert.deepEqual([start?.batchSize, start?.epochs, start?.stepsPerEpoch], [5, 7, 8]);
  assert.deepEqual(
    epochs.map(({ epoch }) => epoch),
    [4, 5, 6, 7],
  );
  assert.equal(stepLoss.length, 3 * 5 + 4 * 8);
  assert.match(end?.message ?? '', /^Finished after 7 epochs/);
  assert.notDeepEqual(epochs[0]?.metrics, stateOf(parent).epochs[3]?.metrics);
});

test('what another optimizer, a new slot, another seed or early stopping cannot take over is told', async (t) => {
  const parent = await trained(t, { checkpoint: { everyEpochs: 1, keep: 9 }, validationSplit: 0.2, optimizer: 'sgd' });
  const told = async (set: Record<string, string>) => {
    const child = await fork(parent, { epoch: 2, set });
    assert.equal(await child.train(), 'completed');
    return notices(child).join(' ');
  };
  assert.match(await told({ optimizer: 'adam' }), /The optimizer is adam instead of sgd/);
  assert.match(await told({ momentum: '0.9' }), /has not kept \w+ until now/);
  assert.match(await told({ seed: '5' }), /drawn from seed 5/);
  assert.match(
    await told({ 'train.earlyStopping': '{ patience: 3, restoreBestWeights: true }' }),
    /Early stopping begins anew: the best weights so far were not kept/,
  );
  assert.equal(await told({ learningRate: '0.5' }), '');
});

test('a fork of a run that early stopping has ended gets its patience anew', async (t) => {
  const parent = await trained(t, {
    ...{ epochs: 200, validationSplit: 0.3, optimizer: { sgd: { learningRate: 0.4 } } },
    earlyStopping: { patience: 3, restoreBestWeights: true },
  });
  const last = stateOf(parent).epochs.at(-1)?.epoch ?? 0;
  const child = await fork(parent, { epoch: last, set: { learningRate: '0.01' } });
  assert.equal(await child.train(), 'completed');
  assert.match(notices(child).join(' '), /patience of early stopping is spent/);
  assert.ok(stateOf(child).epochs.length >= 3);
});

const refusals: [string, Record<string, string>, string][] = [
  ['more units', { 'model[0].dense.units': '9' }, 'model[0].dense.units'],
  ['another activation', { 'model[0].dense.activation': 'relu' }, 'model[0].dense.activation'],
  ['other test rows', { 'data.test': '{ rows: 5 }' }, 'data.test'],
  ['a scaler', { 'data.scale': 'standard' }, 'data.scale'],
  ['other validation rows', { validationSplit: '0.5' }, 'train.validationSplit'],
  ['another loss', { loss: 'huber' }, 'train.loss'],
  ['too few epochs', { epochs: '2' }, 'train.epochs'],
  ['a name that means nothing', { learningrate: '1' }, 'learningrate'],
];
for (const [what, set, field] of refusals) {
  test(`a fork with ${what} is refused by field, and nothing is made`, async (t) => {
    const parent = await trained(t, { checkpoint: {}, epochs: 3 });
    const before = readdirSync(path.dirname(parent.folder));
    await assert.rejects(fork(parent, { epoch: 2, set }), (error) => {
      assert.ok(error instanceof RefusedRecipe, String(error));
      const [problem] = error.problems;
      assert.equal(problem?.path, field);
      assert.ok((problem?.remedy ?? '').length > 10);
      return true;
    });
    assert.deepEqual(readdirSync(path.dirname(parent.folder)), before);
  });
}

test('an epoch that was not finished, and a folder that is no run, cannot be forked', async (t) => {
  const parent = await trained(t, { epochs: 3 });
  for (const epoch of [0, 4, 1.5]) {
    await assert.rejects(fork(parent, { epoch }), { code: 'run-not-forkable', message: /finished epochs 1 to 3/ });
  }
  await assert.rejects(forkRun({ parentFolder: path.dirname(parent.folder), epoch: 1, now }), {
    code: 'run-not-forkable',
  });
});

test('a trial of a study is not forked, as its folder belongs to the study', async (t) => {
  const run = await trained(t, { epochs: 2 });
  const study = path.join(path.dirname(run.folder), 'study');
  cpSync(run.folder, path.join(study, 'trials/0001'), { recursive: true });
  writeFileSync(path.join(study, 'study.jsonl'), '');
  const trial = openTestRun(path.join(study, 'trials/0001'), run.recipeFile);
  await assert.rejects(fork(trial, { epoch: 1 }), { code: 'run-not-forkable', message: /trial of a study/ });
  assert.deepEqual(readdirSync(path.join(study, 'trials')), ['0001']);
});

test('a fork of a fork stands on it; of an epoch before that, on the run before', async (t) => {
  const first = await trained(t, { checkpoint: { everyEpochs: 1, keep: 9 }, epochs: 6 });
  const second = await fork(first, { epoch: 2, set: { 'train.checkpoint': '{ keep: 9 }' } });
  await second.train();
  const third = await fork(second, { epoch: 4 });
  const early = await fork(second, { epoch: 1 });
  for (const [child, run, epoch] of [
    [third, second, 4],
    [early, first, 1],
  ] as const) {
    assert.equal(await child.train(), 'completed');
    assert.deepEqual(stateOf(child).start?.fork, { run: path.basename(run.folder), epoch, step: epoch * 5 });
    assert.deepEqual(weightsOf(child.folder), weightsOf(first.folder));
  }
});

test('a fork of a fork whose checkpoints are lost is refused, with another way', async (t) => {
  const first = await trained(t, { checkpoint: {}, epochs: 4 });
  const second = await fork(first, { epoch: 2 });
  await second.train();
  rmSync(path.join(second.folder, 'checkpoints'), { recursive: true });
  await assert.rejects(fork(second, { epoch: 3 }), {
    code: 'run-not-forkable',
    remedy: `Fork ${path.basename(first.folder)} from epoch 2 instead.`,
  });
});

test('a fork that names itself or a place elsewhere as the other run is refused', async (t) => {
  const parent = await trained(t, { epochs: 4 });
  const child = await fork(parent, { epoch: 3 });
  await child.train();
  const file = path.join(child.folder, 'events.jsonl');
  const text = readFileSync(file, 'utf8');
  const places = [
    [path.basename(child.folder), /name each other/],
    ['../elsewhere', /is no run, or has not begun/],
    ['..', /is no run, or has not begun/],
  ] as const;
  for (const [place, message] of places) {
    writeFileSync(file, text.replace('"fork":{"run":"run"', `"fork":{"run":"${place}"`));
    await assert.rejects(fork(child, { epoch: 2 }), { code: 'run-not-forkable', message });
  }
});

test('a fork needs the other run no longer once it is made', async (t) => {
  const parent = await trained(t, { checkpoint: { everyEpochs: 2, keep: 9 } });
  const expected = weightsOf(parent.folder);
  const child = await fork(parent, { epoch: 3 });
  rmSync(parent.folder, { recursive: true });
  assert.equal(await child.train(), 'completed');
  assert.deepEqual(weightsOf(child.folder), expected);
});

test('a fork that was killed, before or behind its first checkpoint, is resumed to the same weights', async (t) => {
  const parent = await trained(t, { checkpoint: {}, epochs: 5 });
  const child = await fork(parent, { epoch: 2, set: { 'train.checkpoint': '{ everyEpochs: 2 }' } });
  await child.train();
  const file = path.join(child.folder, 'events.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const cutBehind = (type: string, hasCheckpoint: boolean) => {
    const end = lines.findLastIndex((line) => line.startsWith(`{"type":"${type}"`)) + 1;
    writeFileSync(file, `${lines.slice(0, end).join('\n')}\n{"type":"ep`);
    if (!hasCheckpoint) {
      rmSync(path.join(child.folder, 'checkpoints'), { recursive: true });
    }
  };
  for (const [type, hasCheckpoint, resumedAt] of [
    ['checkpoint', true, 4],
    ['runStart', false, 2],
    ['launch', false, null],
  ] as const) {
    cutBehind(type, hasCheckpoint);
    assert.equal(await child.train({ resume: true }), 'completed');
    assert.equal(lastOf(child.events(), 'runResume')?.epoch ?? null, resumedAt);
    assert.deepEqual(weightsOf(child.folder), weightsOf(parent.folder));
    assert.deepEqual(tail(child, 2, 10), tail(parent, 2, 10));
    assert.equal(stateOf(child).start?.fork?.epoch, 2);
  }
});

test('stopped while it trains the other run’s epochs again, a fork begins that anew when it is resumed', async (t) => {
  const parent = await trained(t, { checkpoint: {}, epochs: 5 });
  const child = await fork(parent, { epoch: 3 });
  const stop = new AbortController();
  stop.abort();
  assert.equal(await child.train({ signal: stop.signal }), 'stopped');
  assert.match(stateOf(child).end?.message ?? '', /before the first epoch of the fork/);
  assert.equal(await child.train({ resume: true }), 'completed');
  assert.deepEqual(weightsOf(child.folder), weightsOf(parent.folder));
});

test('damaged checkpoints are passed over when a run is forked, and one that the fork took along is told', async (t) => {
  const parent = await trained(t, { checkpoint: { everyEpochs: 1, keep: 9 }, epochs: 5 });
  const damage = (folder: string) => truncateSync(path.join(folder, 'weights.bin'), 3);
  damage(path.join(parent.folder, 'checkpoints/step-000000015'));
  const child = await fork(parent, { epoch: 3 });
  const taken = path.join(child.folder, 'fork/checkpoints');
  assert.deepEqual(readdirSync(taken), ['step-000000010']);
  damage(path.join(taken, 'step-000000010'));
  assert.equal(await child.train(), 'completed');
  assert.match(notices(child).join(' '), /took along is damaged.*Epochs 1 to 3 of run are trained again/);
  assert.deepEqual(weightsOf(child.folder), weightsOf(parent.folder));
  writeFileSync(path.join(child.folder, 'fork/fork.json'), '{"version":1');
  rmSync(path.join(child.folder, 'checkpoints'), { recursive: true });
  writeFileSync(path.join(child.folder, 'events.jsonl'), '');
  assert.equal(await child.train(), 'failed');
  assert.equal(lastOf(child.events(), 'runEnd')?.problems?.[0]?.code, 'run-checkpoint');
});

test('epochs that give other numbers when they are trained again are told', async (t) => {
  const parent = await trained(t, { checkpoint: {}, epochs: 4 }, MODEL);
  const child = await fork(parent, { epoch: 2 });
  const data = path.join(path.dirname(parent.folder), 'data.csv');
  writeFileSync(data, readFileSync(data, 'utf8').replaceAll('.1', '.2'));
  assert.equal(await child.train(), 'completed');
  assert.match(notices(child).join(' '), /Trained again, epoch 1 of run gave loss .* instead of/);
});

test('a run that is at work can be forked; the fork keeps its first checkpoint whatever comes after', async (t) => {
  const parent = makeRun(t, recipe({ epochs: 6, checkpoint: { everyEpochs: 1, keep: 2 } }), curveCsv(50));
  await parent.train({ untilEpoch: 4 });
  const file = path.join(parent.folder, 'events.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${lines.filter((line) => !line.includes('"runEnd"')).join('\n')}\n`);
  const child = await fork(parent, { epoch: 3, set: { epochs: '20', 'train.checkpoint.keep': '1' } });
  assert.equal(await child.train(), 'completed');
  assert.ok(existsSync(path.join(child.folder, 'checkpoints/step-000000015')));
});
