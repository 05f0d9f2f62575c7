/** Runs that were stopped or killed, and go on. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { recipe, steppingClock, weightsOf } from './support/curveRun.ts';
import { canStart } from './support/startBackend.ts';
import { curveCsv, lastOf, makeRun } from './support/testRun.ts';

const stops = [
  { where: 'in an epoch', turn: 7, step: 6 },
  { where: 'between two epochs', turn: 5, step: 4 },
];
const halving = { exponentialDecay: { initialLearningRate: 0.05, decaySteps: 5, decayRate: 0.5 } };

for (const [name, settings] of [
  ['wasm', { device: 'wasm' }],
  ['js', { device: 'js' }],
  ['tensorflow-cpu', { device: 'tensorflow-cpu' }],
  ['scheduled', { optimizer: { sgd: { learningRate: halving } } }],
] as const) {
  for (const { where, turn, step } of stops) {
    test(`stopped ${where} and resumed, the ${name} run ends with the same weights to the byte`, async (t) => {
      if (name === 'tensorflow-cpu' && !(await canStart(t, name))) {
        return;
      }
      const text = recipe({
        ...settings,
        validationSplit: 0.2,
        epochs: 4,
        earlyStopping: { patience: 9, restoreBestWeights: true },
      });
      const whole = makeRun(t, text, curveCsv(50));
      await whole.train();
      const parted = makeRun(t, text, curveCsv(50));
      const stop = new AbortController();
      let turns = 0;
      const clock = {
        ...steppingClock(30), // Every step looks for signals.
        turn: async () => {
          turns += 1;
          if (turns === turn) {
            stop.abort();
          }
        },
      };
      assert.equal(await parted.train({ signal: stop.signal, clock }), 'stopped');
      const stopped = parted.events().reduce(reduceRun, emptyRun());
      assert.deepEqual([stopped.checkpoint?.step, stopped.epochs.length], [step, 1]);
      assert.equal(await parted.train({ resume: true }), 'completed');
      const [end, reference] = [parted, whole].map((run) => run.events().reduce(reduceRun, emptyRun()));
      assert.deepEqual(weightsOf(parted.folder), weightsOf(whole.folder));
      assert.deepEqual(end?.stepLoss, reference?.stepLoss);
      assert.deepEqual(
        end?.epochs.map(({ metrics }) => metrics),
        reference?.epochs.map(({ metrics }) => metrics),
      );
      assert.equal(end?.status, 'completed');
    });
  }
}

test('told to stop after some epochs, twice, a run waits there each time and ends with the same weights to the byte', async (t) => {
  const text = recipe({ epochs: 4, validationSplit: 0.2 });
  const whole = makeRun(t, text, curveCsv(50));
  await whole.train();
  const parted = makeRun(t, text, curveCsv(50));
  const waits: [number | undefined, string][] = [];
  for (const [untilEpoch, resume] of [
    [1, false],
    [3, true],
  ] as const) {
    assert.equal(await parted.train({ untilEpoch, resume }), 'stopped');
    const run = parted.events().reduce(reduceRun, emptyRun());
    waits.push([run.epochs.at(-1)?.epoch, run.end?.message ?? '']);
    assert.equal(run.checkpoint?.epoch, untilEpoch);
  }
  assert.deepEqual(waits, [
    [1, 'Stopped after 1 epoch, as it was asked to.'],
    [3, 'Stopped after 3 epochs, as it was asked to.'],
  ]);
  assert.equal(await parted.train({ resume: true }), 'completed');
  const [end, reference] = [parted, whole].map((run) => run.events().reduce(reduceRun, emptyRun()));
  assert.deepEqual(weightsOf(parted.folder), weightsOf(whole.folder));
  assert.deepEqual(
    end?.epochs.map(({ metrics }) => metrics),
    reference?.epochs.map(({ metrics }) => metrics),
  );
});

test('killed after a checkpoint, a run cuts its torn line and goes on to the same weights', async (t) => {
  const text = recipe({ checkpoint: { everyEpochs: 2 } });
  const run = makeRun(t, text, curveCsv(50));
  await run.train();
  const expected = weightsOf(run.folder);
  const file = path.join(run.folder, 'events.jsonl');
  const events = readFileSync(file, 'utf8');
  // As a killed process leaves it: nothing after the last checkpoint but half a line.
  const end = events.indexOf('\n', events.lastIndexOf('"type":"checkpoint"')) + 1;
  truncateSync(file, Buffer.byteLength(events.slice(0, end)) + 20);
  assert.equal(await run.train({ resume: true }), 'completed');
  assert.deepEqual(weightsOf(run.folder), expected);
  const types = run.events().map(({ type }) => type);
  assert.deepEqual(
    types.filter((type) => type === 'launch' || type.startsWith('run')),
    ['launch', 'runStart', 'launch', 'runResume', 'runEnd'],
  );
  assert.equal(lastOf(run.events(), 'runResume')?.epoch, 4);
});

test('without a checkpoint a killed run starts over', async (t) => {
  const run = makeRun(t, recipe({}), curveCsv(50));
  await run.train();
  const expected = weightsOf(run.folder);
  const file = path.join(run.folder, 'events.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, 3);
  writeFileSync(file, `${lines.join('\n')}\n`);
  assert.equal(await run.train({ resume: true }), 'completed');
  assert.deepEqual([lastOf(run.events(), 'runResume')?.step, weightsOf(run.folder)], [0, expected]);
});

test('a damaged checkpoint is told and the run starts over; a completed run cannot be resumed', async (t) => {
  const run = makeRun(t, recipe({ checkpoint: { everyEpochs: 5 } }), curveCsv(50));
  await run.train();
  await assert.rejects(run.train({ resume: true }), { code: 'run-not-resumable' });
  const file = path.join(run.folder, 'events.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n`);
  const [name = ''] = readdirSync(path.join(run.folder, 'checkpoints'));
  truncateSync(path.join(run.folder, 'checkpoints', name, 'weights.bin'), 10);
  assert.equal(await run.train({ resume: true }), 'completed');
  assert.match(lastOf(run.events(), 'notice')?.message ?? '', /damaged/);
});

test('a checkpoint of another model is refused', async (t) => {
  const run = makeRun(t, recipe({ checkpoint: { everyEpochs: 2 }, epochs: 2 }), curveCsv(50));
  await run.train();
  const file = path.join(run.folder, 'events.jsonl');
  writeFileSync(file, `${readFileSync(file, 'utf8').trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
  writeFileSync(path.join(run.folder, 'recipe.yaml'), recipe({ epochs: 2 }, [{ dense: { units: 1 } }]));
  assert.equal(await run.train({ resume: true }), 'failed');
  assert.equal(lastOf(run.events(), 'runEnd')?.problems?.[0]?.code, 'run-checkpoint');
});

test('a run that is resumed goes on where it was begun, whatever a new race would say', async (t) => {
  const run = makeRun(t, recipe({ device: 'auto', epochs: 400 }), curveCsv(50));
  const stop = new AbortController();
  stop.abort();
  assert.equal(await run.train({ signal: stop.signal }), 'stopped');
  const begun = lastOf(run.events(), 'runStart')?.backend.name;
  // As if another backend had won: the resumed run must follow the record and not the clock.
  const other = begun === 'wasm' ? 'js' : 'wasm';
  const file = path.join(run.folder, 'events.jsonl');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(`"backend":{"name":"${begun}"`, `"backend":{"name":"${other}"`),
  );
  assert.equal(await run.train({ resume: true, signal: stop.signal }), 'stopped');
  const resumed = lastOf(run.events(), 'runResume')?.backend;
  assert.deepEqual([resumed?.name, resumed?.reason], [other, 'The run was begun on it.']);
});
