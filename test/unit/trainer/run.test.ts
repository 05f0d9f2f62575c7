/** Whole runs in this process: events, control, checkpoints, failures. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import type { Clock } from '../../../src/trainer/run/clock.ts';
import { MODEL, recipe, steppingClock, weightsOf } from './support/curveRun.ts';
import { curveCsv, lastOf, makeRun } from './support/testRun.ts';

test('a run writes launch, start, steps, epochs, evaluation and end, in an order that folds to its curves', async (t) => {
  const run = makeRun(t, recipe({ validationSplit: 0.2 }), curveCsv(50));
  assert.equal(await run.train(), 'completed');
  const events = run.events();
  assert.deepEqual(
    [events[0]?.type, events[1]?.type, events.at(-2)?.type, events.at(-1)?.type],
    ['launch', 'runStart', 'evaluation', 'runEnd'],
  );
  const state = events.reduce(reduceRun, emptyRun());
  assert.equal(state.stepLoss.length, 20);
  assert.deepEqual(Object.keys(state.epochs[0]?.metrics ?? {}), ['loss', 'rmse', 'val_loss', 'val_rmse']);
  const sha256 = createHash('sha256').update(curveCsv(50)).digest('hex');
  const rows = { trainRows: 32, validationRows: 8, testRows: 10 };
  const files = [{ file: 'data.csv', sha256, bytes: curveCsv(50).length }];
  assert.deepEqual(
    { ...state.start?.data, features: state.start?.data.features.join() },
    { file: 'data.csv', ...rows, features: 'a,b', targets: ['y'], files },
  );
  assert.equal(state.status, 'completed');
  assert.match(state.end?.message ?? '', /^Finished after 5 epochs\.$/);
  const order = events.map(({ at }) => at);
  assert.ok(order.every((at) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at)));
});

test('a run leaves no tensor behind', async (t) => {
  await makeRun(t, recipe({}), curveCsv(50)).train();
  const tensors = tf.memory().numTensors;
  await makeRun(t, recipe({ validationSplit: 0.2, checkpoint: { everyEpochs: 1 } }), curveCsv(50)).train();
  assert.equal(tf.memory().numTensors, tensors);
});

test('the saved model and scaler give the predictions of the evaluation', async (t) => {
  const run = makeRun(t, recipe({}, MODEL, { scale: 'standard', scaleTarget: 'standard' }), curveCsv(50));
  await run.train();
  const files = readdirSync(path.join(run.folder, 'model')).sort();
  assert.deepEqual(files, ['model.json', 'scaler.json', 'weights.bin']);
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers');
  const text = JSON.parse(readFileSync(path.join(run.folder, 'model/model.json'), 'utf8'));
  const bytes = Uint8Array.from(weightsOf(run.folder));
  const model = await loadLayersModel(
    tf.io.fromMemory({
      modelTopology: text.modelTopology,
      weightSpecs: text.weightsManifest[0].weights,
      weightData: bytes.buffer,
    }),
  );
  const scaler = JSON.parse(readFileSync(path.join(run.folder, 'model/scaler.json'), 'utf8'));
  const predictions = lastOf(run.events(), 'evaluation')?.predictions;
  assert.ok(predictions?.kind === 'values');
  const rows = readFileSync(path.join(path.dirname(run.folder), 'data.csv'), 'utf8').split('\n');
  const [a = 0, b = 0, y] = (rows[predictions.row[0] ?? 0] ?? '').split(',').map(Number);
  assert.equal(predictions.targets[0]?.actual[0], y);
  const scaled = [a, b].map((value, i) => (value - scaler.inputs.offset[i]) / scaler.inputs.factor[i]);
  const output = (model.predict(tf.tensor2d([scaled])) as tf.Tensor).dataSync()[0] ?? 0;
  const value = output * scaler.targets.factor[0] + scaler.targets.offset[0];
  assert.ok(Math.abs(value - (predictions.targets[0]?.predicted[0] ?? 0)) < 1e-5);
  model.dispose();
});

test('pause holds the run, step does one step, resume lets it go on, stop ends it', async (t) => {
  const run = makeRun(t, recipe({ epochs: 1_000_000 }), curveCsv(50));
  const said: string[] = [];
  const shown: number[] = [];
  let waits = 0;
  const clock: Clock = {
    ...steppingClock(30),
    turn: async () => {
      const script = ['pause', null, 'stop'];
      const word = script[said.length];
      if (said.length === 0 && word) {
        said.push(word);
        run.control(word);
      } else if (said.at(-1) === 'resume') {
        said.push('stop');
        run.control('stop');
      }
    },
    wait: async () => {
      waits += 1;
      shown.push(run.events().filter(({ type }) => type === 'steps').length);
      const word = waits === 2 ? 'step' : waits === 4 ? 'resume' : null;
      if (word !== null) {
        said.push(word);
        run.control(word);
      }
    },
  };
  assert.equal(await run.train({ clock }), 'stopped');
  const states = run.events().flatMap((event) => (event.type === 'state' ? [[event.state, event.step]] : []));
  assert.deepEqual(states, [
    ['paused', 0],
    ['running', 1],
  ]);
  assert.deepEqual(said, ['pause', 'step', 'resume', 'stop']);
  assert.deepEqual(shown, [0, 0, 1, 1], 'the single step is shown while the run still pauses');
  assert.ok(existsSync(path.join(run.folder, 'model/model.json')));
});

test('commands from before the trainer started do not count', async (t) => {
  const run = makeRun(t, recipe({}), curveCsv(50));
  run.control('stop');
  assert.equal(await run.train(), 'completed');
});

test('a diverging run fails with the first layer, the epoch, the step and the line of the recipe', async (t) => {
  const text = recipe({ optimizer: { sgd: { learningRate: 1e30 } } });
  const run = makeRun(t, text, curveCsv(50));
  assert.equal(await run.train(), 'failed');
  const [problem] = lastOf(run.events(), 'runEnd')?.problems ?? [];
  assert.equal(problem?.code, 'run-not-finite');
  // The outputs are finite but for the loss their square is too large; on the way back `hidden` is the first to break.
  assert.equal(problem?.path, 'model[0].dense');
  assert.match(problem?.message ?? '', /In epoch 1, step 2, the gradient of hidden became NaN or infinite/);
  assert.match(problem?.remedy ?? '', /learningRate \(now 1e\+30\)/);
  assert.equal(problem?.range?.line, 1);
});

test('a diverging run names the rate that its schedule has reached', async (t) => {
  const learningRate = { polynomialDecay: { initialLearningRate: 4e30, endLearningRate: 1e30, decaySteps: 3 } };
  const run = makeRun(t, recipe({ optimizer: { sgd: { learningRate } } }), curveCsv(50));
  assert.equal(await run.train(), 'failed');
  const [problem] = lastOf(run.events(), 'runEnd')?.problems ?? [];
  assert.match(problem?.message ?? '', /In epoch 1, step 2,/);
  assert.match(problem?.remedy ?? '', /learningRate \(now 3e\+30\)/);
});

test('early stopping ends the run and restores the best weights', async (t) => {
  const train = { epochs: 200, validationSplit: 0.3, earlyStopping: { patience: 3, restoreBestWeights: true } };
  const run = makeRun(t, recipe({ ...train, optimizer: { sgd: { learningRate: 0.4 } } }), curveCsv(40));
  assert.equal(await run.train(), 'completed');
  const state = run.events().reduce(reduceRun, emptyRun());
  const losses = state.epochs.map(({ metrics }) => metrics.val_loss ?? Number.NaN);
  const best = losses.indexOf(Math.min(...losses)) + 1;
  assert.deepEqual([state.end?.bestEpoch, state.epochs.length], [best, best + 3]);
  assert.match(state.end?.message ?? '', new RegExp(`^Early stopping at epoch ${best + 3}: val_loss .* epoch ${best}`));
});

test('a series is compared with its last value', async (t) => {
  const model = [{ lstm: { units: 3 } }, { dense: { units: 1 } }];
  const run = makeRun(
    t,
    recipe({ epochs: 2 }, model, { lookback: 4, scale: 'minMax', scaleTarget: 'minMax' }),
    curveCsv(50),
  );
  assert.equal(await run.train(), 'completed');
  const { baselines, predictions } = lastOf(run.events(), 'evaluation') ?? {};
  assert.deepEqual(
    baselines?.map(({ name }) => name),
    ['lastValue', 'trainingMean', 'linearRegression'],
  );
  assert.deepEqual(predictions?.kind === 'values' ? predictions.row.at(-1) : null, 50);
});

test('classes are counted in a confusion table and compared with the commonest', async (t) => {
  const csv = `a,y\n${Array.from({ length: 60 }, (_, i) => `${(i % 3) - 1},${['low', 'mid', 'top'][i % 3]}`).join('\n')}\n`;
  const model = [{ dense: { units: 16, activation: 'relu' } }, { dense: { units: 3, activation: 'softmax' } }];
  const train = {
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    epochs: 60,
    optimizer: { adam: { learningRate: 0.05 } },
  };
  const run = makeRun(t, recipe(train, model, { categorical: ['y'] }), csv);
  assert.equal(await run.train(), 'completed');
  const evaluation = lastOf(run.events(), 'evaluation');
  assert.equal(evaluation?.metrics.accuracy, 1);
  assert.ok(evaluation.predictions.kind === 'classes');
  assert.deepEqual(evaluation.predictions.classes, ['low', 'mid', 'top']);
  assert.equal(
    evaluation.predictions.confusion.flat().reduce((sum, count) => sum + count, 0),
    12,
  );
  assert.match(evaluation.verdict, /accuracy of 100\.0 % beats the best baseline, always saying \w+ \([\d.]+ %\), by/);
});

test('a network with too few outputs for its classes is refused by layer', async (t) => {
  const model = [{ dense: { units: 2, activation: 'softmax' } }];
  const train = { loss: 'categoricalCrossentropy', metrics: [] };
  const run = makeRun(t, recipe(train, model, { categorical: ['y'] }), 'a,y\n1,r\n2,g\n3,b\n4,r\n5,g\n');
  assert.equal(await run.train(), 'failed');
  const [problem] = lastOf(run.events(), 'runEnd')?.problems ?? [];
  assert.deepEqual(
    [problem?.code, problem?.path, problem?.remedy],
    ['recipe-shape', 'model[0].dense', 'Set units: 3.'],
  );
});

test('a code that the embedding has no row for is refused', async (t) => {
  const model = [{ embedding: { inputDim: 3, outputDim: 2 } }, 'flatten', { dense: { units: 1 } }];
  const csv = 'a,y\n0,1\n1,2\n2,3\n3,4\n';
  const run = makeRun(t, recipe({ device: 'js' }, model), csv);
  assert.equal(await run.train(), 'failed');
  const [problem] = lastOf(run.events(), 'runEnd')?.problems ?? [];
  assert.deepEqual([problem?.code, problem?.path], ['recipe-out-of-range', 'model[0].embedding.inputDim']);
  assert.match(problem?.message ?? '', /column a holds 3/);
});

test('rows left out for missing values are told', async (t) => {
  const run = makeRun(t, recipe({}, MODEL, { missing: 'drop' }), `${curveCsv(30)},1,2\n`);
  assert.equal(await run.train(), 'completed');
  assert.equal(
    lastOf(run.events(), 'notice')?.message,
    '1 of 31 rows of data.csv have a missing value and were left out.',
  );
});

test('a network without weights is refused', async (t) => {
  const run = makeRun(t, recipe({}, [{ activation: { activation: 'tanh' } }], { features: ['a'] }), curveCsv(20));
  assert.equal(await run.train(), 'failed');
  assert.equal(
    lastOf(run.events(), 'runEnd')?.problems?.[0]?.message,
    'No layer has weights, so there is nothing to train.',
  );
});

test('a penalty on the weights leaves no tensor behind', async (t) => {
  const model = [{ dense: { units: 4, kernelRegularizer: { l2: 0.1 } } }, { dense: { units: 1 } }];
  const tensors = tf.memory().numTensors;
  assert.equal(await makeRun(t, recipe({}, model), curveCsv(50)).train(), 'completed');
  assert.equal(tf.memory().numTensors, tensors);
});

test('steps are gathered: no more than one such event in 50 ms', async (t) => {
  const run = makeRun(t, recipe({ epochs: 50 }), curveCsv(50));
  // Looks are a millisecond apart, whatever the machine.
  await run.train({ clock: steppingClock(1) });
  const steps = run.events().filter((event) => event.type === 'steps');
  const state = run.events().reduce(reduceRun, emptyRun());
  assert.equal(state.stepLoss.length, 250);
  assert.equal(state.epochs.length, 50);
  assert.ok(steps.length < 40, `${steps.length} events`);
});

test('a run folder that cannot be written is told at once', async (t) => {
  const run = makeRun(t, recipe({}), curveCsv(50));
  mkdirSync(path.join(run.folder, 'events.jsonl'));
  await assert.rejects(run.train(), { code: 'run-folder', message: /cannot be written/ });
});

test('a run that cannot save its checkpoints fails with what was written', async (t) => {
  const run = makeRun(t, recipe({ checkpoint: { everyEpochs: 1 } }), curveCsv(50));
  writeFileSync(path.join(run.folder, 'checkpoints'), 'a file where a folder belongs');
  assert.equal(await run.train(), 'failed');
  const state = run.events().reduce(reduceRun, emptyRun());
  assert.deepEqual([state.problems[0]?.code, state.epochs.length], ['run-folder', 1]);
});

test('the validation RMSE is the one over all rows, however they are cut into batches', async (t) => {
  // Nothing is learnt, so that only the cutting differs.
  const still = (batchSize: number) =>
    recipe({ validationSplit: 0.3, epochs: 1, batchSize, optimizer: { sgd: { learningRate: 1e-12 } } });
  const values: number[] = [];
  for (const batchSize of [2, 7, 50]) {
    const run = makeRun(t, still(batchSize), curveCsv(50));
    await run.train();
    values.push(lastOf(run.events(), 'epochEnd')?.metrics.val_rmse ?? Number.NaN);
  }
  const [first = Number.NaN] = values;
  assert.ok(
    values.every((value) => Math.abs(value - first) < 1e-5 * first),
    values.join(' '),
  );
});
