/** Forecasts: the state that is carried from step to step, and a series that goes on on the network's own words. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type PreparedData, prepareData } from '../../../src/trainer/data/prepareData.ts';
import { evaluate } from '../../../src/trainer/evaluation/evaluate.ts';
import { type Foretold, forecastSeries } from '../../../src/trainer/evaluation/forecast.ts';
import { createStatefulRun } from '../../../src/trainer/model/statefulRun.ts';
import { createNetwork, type Network } from '../../../src/trainer/training/network.ts';
import { readWeights, writeWeights } from '../../../src/trainer/training/progress.ts';
import { assertClose } from './support/assertClose.ts';
import { steppingClock, weightsOf } from './support/curveRun.ts';
import { canStart, startBackend } from './support/startBackend.ts';
import { lastOf, makeRun } from './support/testRun.ts';
import { RECIPES, toRecipe } from './support/toRecipe.ts';
import { trainHere } from './support/trainHere.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'skillet-forecast-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const WAVE = `t,y\n${Array.from({ length: 30 }, (_, i) => `2024-01-${String(i + 1).padStart(2, '0')},${(Math.sin(i * 0.7) * 5 + i).toFixed(3)}`).join('\n')}\n`;
const SEQUENCES = { sequences: { length: 4, train: 4, validation: 1 }, time: 't', forecast: { steps: 3 } };
const WINDOWS = { lookback: 3, time: 't', test: { rows: 6 }, forecast: { steps: 3 } };
const STEPWISE = [{ gru: { units: 3, returnSequences: true } }, { dense: { units: 1 } }];

function text(data: object, model: readonly unknown[], train: object = {}): string {
  return JSON.stringify({
    name: 'Forecast',
    data: { csv: 'data.csv', target: 'y', scale: 'standard', scaleTarget: 'standard', ...data },
    model,
    train: { loss: 'meanSquaredError', batchSize: 2, epochs: 4, device: 'wasm', ...train },
  });
}

interface Prepared {
  readonly data: PreparedData;
  readonly network: Network;
  readonly forecasts: Foretold[];
}

/** With weights as they were drawn, or with others; the network is the caller's. */
async function foretell(csv: string, recipeText: string, weights?: readonly number[][]): Promise<Prepared> {
  writeFileSync(path.join(folder, 'data.csv'), csv);
  const recipe = toRecipe(recipeText);
  const data = await prepareData(recipe, folder);
  const targetUnits = data.targets.scaler.factor;
  const network = createNetwork({ recipe, inputShape: data.train.inputShape, targetUnits });
  if (weights !== undefined) {
    writeWeights(
      network,
      weights.map((values) => Float32Array.from(values)),
    );
  }
  const { evaluation } = await evaluate(recipe, data, network);
  return { data, network, forecasts: await forecastSeries(recipe, data, { network, evaluation }) };
}

const RECURRENT: Record<string, unknown[]> = {
  lstm: [
    { lstm: { units: 4, returnSequences: true } },
    { lstm: { units: 3, returnSequences: true } },
    { dense: { units: 1 } },
  ],
  gru: STEPWISE,
  'a simple RNN': [{ simpleRNN: { units: 4, returnSequences: true } }, { dense: { units: 1 } }],
  'an lstm of other activations': [
    { lstm: { units: 3, returnSequences: true, activation: 'relu', recurrentActivation: 'hardSigmoid' } },
    { dense: { units: 1 } },
  ],
  'branches with dropout and batch normalisation': [
    { lstm: { name: 'a', units: 3, returnSequences: true } },
    { dropout: { rate: 0.5 } },
    'batchNormalization',
    { dense: { name: 'b', units: 2, activation: 'tanh', inputs: 'input' } },
    { concatenate: { name: 'both', inputs: ['batchNormalization1', 'b'] } },
    { dense: { units: 1 } },
  ],
};

for (const backend of ['wasm', 'js', 'tensorflow-cpu']) {
  for (const [name, model] of Object.entries(RECURRENT)) {
    test(`on ${backend}, ${name} step by step says what it says of the whole sequence at once`, async (t) => {
      if (!(await canStart(t, backend))) {
        return;
      }
      const recipe = toRecipe(text({ ...SEQUENCES, features: ['y', 'z'] }, model));
      const network = createNetwork({ recipe, inputShape: [4, 2], targetUnits: [1] });
      const inputs = Float32Array.from({ length: 14 }, (_, i) => Math.sin(1.3 * i));
      const say = () => {
        const said = tf.tidy(() => (network.built.model.apply(tf.tensor(inputs, [1, 7, 2])) as tf.Tensor).dataSync());
        return [...said];
      };
      const whole = say();
      const before = await readWeights(network);
      const tensors = tf.memory().numTensors;
      const run = createStatefulRun(network.built.model, 2);
      const parts = [await run.run(inputs.subarray(0, 6)), await run.run(inputs.subarray(6, 8))];
      parts.push(await run.run(inputs.subarray(8)));
      run.dispose();
      assertClose(
        parts.flatMap((part) => [...part]),
        whole,
        1e-5,
      );
      assert.equal(tf.memory().numTensors, tensors);
      assert.deepEqual(await readWeights(network), before);
      assert.deepEqual(say(), whole, 'the network is as it was');
      network.dispose();
    });
  }
}

test("the book's way: the state of the sequence before the test, then step by step with actual values", async () => {
  await startBackend('js');
  const { data, network, forecasts } = await foretell(WAVE, text(SEQUENCES, STEPWISE));
  const [forecast] = forecasts;
  assert.ok(forecast !== undefined);
  // Sequences of rows 0 to 19; the first test step is told from row 20.
  assert.deepEqual([forecast.validationFrom, forecast.testFrom, forecast.steps.length], [17, 21, 33]);
  const said = tf.tidy(() =>
    (network.built.model.apply(tf.tensor(data.inputs.values.slice(16, 29), [1, 13, 1])) as tf.Tensor).dataSync(),
  );
  const { offset, factor } = data.targets.scaler;
  const toUnit = (value: number) => value * (factor[0] ?? 1) + (offset[0] ?? 0);
  assertClose(forecast.predicted.slice(21, 30).map(Number), [...said].slice(4).map(toUnit), 1e-5, 'predicted');
  const fresh = tf.tidy(() =>
    (network.built.model.apply(tf.tensor(data.inputs.values.slice(4, 8), [1, 4, 1])) as tf.Tensor).dataSync(),
  );
  assertClose(forecast.fitted.slice(5, 9).map(Number), [...fresh].map(toUnit), 1e-5, 'fitted');
  assert.deepEqual(
    [forecast.fitted[0], forecast.fitted[21], forecast.predicted[20], forecast.predicted[30]],
    [null, null, null, null],
  );
  network.dispose();
});

test('a sequence network goes on from the first test step on its own words, to any horizon', async () => {
  await startBackend('js');
  const { data, network, forecasts } = await foretell(WAVE, text(SEQUENCES, STEPWISE));
  const [forecast] = forecasts;
  // By hand: one ever longer sequence, the last output appended.
  const known = [...data.inputs.values.slice(16, 21)];
  const { offset, factor } = data.targets.scaler;
  const wanted = Array.from({ length: 12 }, () => {
    const said = tf.tidy(() =>
      (network.built.model.apply(tf.tensor(known, [1, known.length, 1])) as tf.Tensor).dataSync(),
    );
    const value = (said.at(-1) ?? 0) * (factor[0] ?? 1) + (offset[0] ?? 0);
    known.push((value - (data.inputs.scaler.offset[0] ?? 0)) / (data.inputs.scaler.factor[0] ?? 1));
    return value;
  });
  assertClose(forecast?.continued.slice(21).map(Number) ?? [], wanted, 1e-5);
  assert.equal(forecast?.continued[20], null);
  assert.deepEqual(forecast?.steps.slice(-3), ['2024-01-31', '2024-02-01', '2024-02-02']);
  network.dispose();
});

/** A dense network over windows of three that says a·first + b·second + c·third. */
const LINEAR = ['flatten', { dense: { units: 1 } }];

test('windows are fed with predictions, also several steps ahead', async () => {
  await startBackend('js');
  const csv = `t,y\n${Array.from({ length: 12 }, (_, i) => `${i},${i * i}`).join('\n')}\n`;
  const plain = { scale: 'none', scaleTarget: 'none' };
  // 3c − 3b + a goes on with a parabola exactly, one step ahead; 6c − 8b + 3a two steps.
  const oneAhead = await foretell(csv, text({ ...WINDOWS, ...plain, test: { rows: 4 } }, LINEAR), [[1, -3, 3], [0]]);
  const squares = [64, 81, 100, 121, 144, 169, 196];
  assertClose(oneAhead.forecasts[0]?.continued.slice(8).map(Number) ?? [], squares, 1e-4, 'one ahead');
  assertClose(oneAhead.forecasts[0]?.predicted.slice(8, 12).map(Number) ?? [], squares.slice(0, 4), 1e-4);
  assert.deepEqual(oneAhead.forecasts[0]?.steps.slice(-2), ['13', '14']);
  const twoAhead = await foretell(csv, text({ ...WINDOWS, ...plain, horizon: 2, test: { rows: 4 } }, LINEAR), [
    [3, -8, 6],
    [0],
  ]);
  assertClose(twoAhead.forecasts[0]?.continued.slice(8).map(Number) ?? [], squares, 1e-4, 'two ahead');
  oneAhead.network.dispose();
  twoAhead.network.dispose();
});

test('changes are added up to values, from actual ones in the test and from told ones behind it', async () => {
  await startBackend('js');
  const csv = `t,y\n${Array.from({ length: 12 }, (_, i) => `${i},${i * i}`).join('\n')}\n`;
  const settings = {
    ...WINDOWS,
    lookback: 2,
    scale: 'standard',
    scaleTarget: 'standard',
    difference: 1,
    test: { rows: 4 },
  };
  const { data, network, forecasts } = await foretell(csv, text(settings, LINEAR), [[0, 0], [0]]);
  network.dispose();
  // A network that says 0 says the mean change of training: of 5, 7, 9, 11 and 13.
  const mean = data.targets.scaler.offset[0] ?? 0;
  assert.equal(mean, 9);
  const [forecast] = forecasts;
  assertClose(
    forecast?.predicted.slice(8, 12).map(Number) ?? [],
    [49, 64, 81, 100].map((value) => value + mean),
    1e-6,
  );
  assertClose(forecast?.continued.slice(8, 11).map(Number) ?? [], [49 + mean, 49 + 2 * mean, 49 + 3 * mean], 1e-6);
});

test('where another column would have to be known, the forecast says so and does not go on', async () => {
  await startBackend('js');
  const csv = `t,y,rain\n${Array.from({ length: 30 }, (_, i) => `${i},${i},${i % 3}`).join('\n')}\n`;
  const { network, forecasts } = await foretell(csv, text(WINDOWS, ['flatten', { dense: { units: 1 } }]));
  network.dispose();
  assert.ok(forecasts[0]?.continued.every((value) => value === null));
  assert.ok(forecasts[0]?.predicted.some((value) => value !== null));
  assert.ok(
    forecasts[0]?.remarks.includes(
      'It is not continued: the column rain is needed at each step, and nobody knows their future.',
    ),
    forecasts[0]?.remarks.join(' '),
  );
});

test('two targets have a forecast each, and remarks tell what makes the numbers worth less', async () => {
  await startBackend('js');
  const csv = `t,y,z\n${Array.from({ length: 30 }, (_, i) => `${i},${i + (i % 2)},${2 * i}`).join('\n')}\n`;
  const settings = {
    ...WINDOWS,
    target: ['y', 'z'],
    unit: 'pieces',
    scaleFit: 'all',
    time: { column: 't', gaps: 'allow' },
  };
  const model = ['flatten', { dense: { units: 2, kernelInitializer: 'zeros' } }];
  const { network, forecasts } = await foretell(csv, text(settings, model));
  network.dispose();
  assert.deepEqual(
    forecasts.map(({ target, unit, actual }) => [target, unit, actual[3]]),
    [
      ['y', 'pieces', 4],
      ['z', 'pieces', 6],
    ],
  );
  const remarks = forecasts[0]?.remarks ?? [];
  assert.equal(remarks[0], 'The scaler was fitted on the whole series, so the forecast has seen its future.');
  assert.match(remarks[1] ?? '', /does better: RMSE \d.* against \d/);
  assert.match(remarks[2] ?? '', /rows are counted, and not time/);
});

for (const device of ['wasm', 'tensorflow-cpu']) {
  test(`on ${device}, a run writes its forecast behind the evaluation, and killed and resumed ends with the same`, async (t) => {
    if (!(await canStart(t, device))) {
      return;
    }
    const settings = text(SEQUENCES, STEPWISE, { epochs: 6, checkpoint: { everyEpochs: 4 }, device });
    const whole = makeRun(t, settings, WAVE);
    assert.equal(await whole.train(), 'completed');
    const types = whole.events().map(({ type }) => type);
    assert.deepEqual(types.slice(-3), ['evaluation', 'forecast', 'runEnd']);
    const killed = makeRun(t, settings, WAVE);
    await killed.train();
    const file = path.join(killed.folder, 'events.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    const end = lines.findLastIndex((line) => line.includes('"type":"checkpoint"')) + 1;
    writeFileSync(file, `${lines.slice(0, end).join('\n')}\n`);
    assert.equal(await killed.train({ resume: true }), 'completed');
    assert.equal(lastOf(killed.events(), 'runResume')?.epoch, 4);
    assert.deepEqual(weightsOf(killed.folder), weightsOf(whole.folder));
    const [a, b] = [whole, killed].map((run) => ({ ...lastOf(run.events(), 'forecast'), at: '' }));
    assert.deepEqual(b, a);
  });
}

test('stopped in the middle of an epoch and resumed, sequences of buckets end with the same weights to the byte', async (t) => {
  const csv = `id,x,y\n${Array.from({ length: 24 }, (_, k) => Array.from({ length: 1 + (k % 4) }, (_u, i) => `s${k},${(k + i) % 5},${(k * i) % 7}`).join('\n')).join('\n')}\n`;
  const settings = text({ sequences: { by: 'id', output: 'each', buckets: [2, 4] } }, STEPWISE, {
    epochs: 4,
    batchSize: 4,
  });
  const whole = makeRun(t, settings, csv);
  assert.equal(await whole.train(), 'completed');
  const parted = makeRun(t, settings, csv);
  const stop = new AbortController();
  let turns = 0;
  const clock = {
    ...steppingClock(30), // Every step looks for signals.
    turn: async () => {
      turns += 1;
      if (turns === 9) {
        stop.abort();
      }
    },
  };
  assert.equal(await parted.train({ signal: stop.signal, clock }), 'stopped');
  const { step = 0, epoch = 0 } = lastOf(parted.events(), 'checkpoint') ?? {};
  const { stepsPerEpoch = 1 } = lastOf(parted.events(), 'runStart') ?? {};
  assert.ok(step > epoch * stepsPerEpoch, `${step} steps, ${epoch} epochs`);
  assert.equal(await parted.train({ resume: true }), 'completed');
  assert.deepEqual(weightsOf(parted.folder), weightsOf(whole.folder));
});

for (const { name, lastValue, most } of [
  { name: 'shampoo', lastValue: 136.8, most: 100 },
  { name: 'air-passengers', lastValue: 51.78, most: 20 },
]) {
  test(`over seeds, the ${name} recipe beats the last value on months that it never saw`, async () => {
    await startBackend('wasm');
    const recipe = toRecipe(readFileSync(path.join(RECIPES, `${name}.recipe.yaml`), 'utf8'));
    const data = await prepareData(recipe, RECIPES);
    for (let seed = 0; seed < 3; seed += 1) {
      const of = { ...recipe, train: { ...recipe.train, seed } };
      const evaluation = await trainHere(of, data, {
        use: async (network) => (await evaluate(of, data, network)).evaluation,
      });
      const last = evaluation.baselines.find((baseline) => baseline.name === 'lastValue')?.metrics.rmse ?? 0;
      assert.ok(Math.abs(last - lastValue) < 0.05, String(last));
      assert.ok((evaluation.metrics.rmse ?? Number.NaN) < most, `seed ${seed}: ${evaluation.metrics.rmse}`);
    }
  });
}
