/** Runs of every kind that are interrupted again and again, compared to the byte with runs that are not. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { listed } from '../../fixtures/listed.ts';
import { MODEL, recipe, steppingClock, weightsOf } from './support/curveRun.ts';
import { canStart } from './support/startBackend.ts';
import { curveCsv, makeRun, type TestRun } from './support/testRun.ts';

interface Kind {
  readonly train?: Record<string, unknown>;
  readonly model?: unknown;
  readonly data?: Record<string, unknown>;
  readonly csv?: string;
}

const optimizers: Record<string, Kind> = Object.fromEntries(
  [
    { sgd: { learningRate: 0.01 } },
    { sgd: { learningRate: 0.01, momentum: 0.9, nesterov: true } },
    { rmsprop: { learningRate: 0.01 } },
    { rmsprop: { learningRate: 0.01, centered: true, momentum: 0.5 } },
    { adagrad: { learningRate: 0.01 } },
    { adadelta: { learningRate: 0.5 } },
    { adam: { learningRate: 0.01, globalClipNorm: 0.5 } },
    { adamw: { learningRate: { cosineDecay: { initialLearningRate: 0.01, decaySteps: 15 } } } },
  ].map((optimizer) => [JSON.stringify(optimizer).replaceAll('"', ''), { train: { optimizer } }]),
);

const texts = `text,y\n${Array.from({ length: 40 }, (_, i) => `${i % 3 ? 'good' : 'bad'} ${['day', 'night', 'tea', 'rain'][i % 4]} ${i % 5 ? 'here' : 'there'},${i % 3 ? 1 : 0}`).join('\n')}\n`;
const series = `id,x,y\n${Array.from({ length: 60 }, (_, i) => `s${Math.floor(i / 5) % 12},${Math.sin(i).toFixed(4)},${Math.cos(i * 0.7).toFixed(4)}`).join('\n')}\n`;
const classes = `a,b,kind\n${Array.from({ length: 45 }, (_, i) => `${Math.sin(i).toFixed(3)},${Math.cos(i * 2).toFixed(3)},${['cat', 'dog', 'owl'][i % 3]}`).join('\n')}\n`;
const pixels = `${Array.from({ length: 36 }, (_, i) => `p${i}`).join(',')},y\n${Array.from({ length: 30 }, (_, row) => [...Array.from({ length: 36 }, (_, i) => ((row * 7 + i * 3) % 11) / 11), row % 2].join(',')).join('\n')}\n`;
const window = { target: 'y', features: ['y'], lookback: 4 };
const recurrent = (type: string) => [
  { [type]: { units: 5, returnSequences: true } },
  { [type]: { units: 3 } },
  { dense: { units: 1 } },
];
const MODULE = `export function build(tf, params, { inputShape, outputs }) {
  return tf.sequential({ layers: [
    tf.layers.dense({ inputShape, units: 6, activation: 'tanh' }),
    tf.layers.batchNormalization(),
    tf.layers.dropout({ rate: 0.3 }),
    tf.layers.dense({ units: outputs }),
  ] });
}
`;

const kinds: Record<string, Kind> = {
  ...optimizers,
  'batch normalization, with validation': {
    train: { validationSplit: 0.2 },
    model: [{ dense: { units: 6 } }, { batchNormalization: {} }, { activation: { activation: 'relu' } }, ...MODEL],
  },
  'shuffled once': { train: { shuffle: 'once' } },
  'not shuffled, the last batch dropped': { train: { shuffle: false, lastBatch: 'drop' } },
  'the last batch filled': { train: { lastBatch: 'fill', batchSize: 7 } },
  'early stopping that brings back the best weights': {
    train: {
      ...{ epochs: 60, validationSplit: 0.3, optimizer: { sgd: { learningRate: 0.4 } } },
      earlyStopping: { patience: 3, restoreBestWeights: true },
    },
  },
  'a penalty and a clip': {
    model: [{ dense: { units: 6, kernelRegularizer: { l1: 0.01, l2: 0.01 } } }, { dense: { units: 1 } }],
    train: { optimizer: { sgd: { learningRate: 0.05, clipNorm: 0.1, weightDecay: 0.01 } } },
  },
  'windows of a series through an LSTM': { data: window, model: recurrent('lstm') },
  'windows of a series through a GRU': { data: window, model: recurrent('gru') },
  'sequences of groups through an LSTM': {
    csv: series,
    data: { target: 'y', features: ['x'], sequences: { by: 'id' }, test: { rows: 2 } },
    model: [{ lstm: { units: 4, returnSequences: true } }, { dense: { units: 1 } }],
    train: { batchSize: 3 },
  },
  'texts through an embedding': {
    csv: texts,
    data: { target: 'y', text: { column: 'text', length: 4 } },
    model: [
      { embedding: { outputDim: 4 } },
      { globalAveragePooling1d: {} },
      { dropout: { rate: 0.3 } },
      { dense: { units: 1, activation: 'sigmoid' } },
    ],
    train: { loss: 'binaryCrossentropy', metrics: ['accuracy'] },
  },
  classes: {
    csv: classes,
    data: { target: 'kind', categorical: ['kind'], scale: 'standard' },
    model: [
      { dense: { units: 6, activation: 'relu' } },
      { dropout: { rate: 0.4 } },
      { dense: { units: 3, activation: 'softmax' } },
    ],
    train: { loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
  },
  'images through convolutions': {
    csv: pixels,
    model: [
      { reshape: { targetShape: [6, 6, 1] } },
      { conv2d: { filters: 3, kernelSize: 3, activation: 'relu' } },
      { maxPooling2d: {} },
      { flatten: {} },
      { dropout: { rate: 0.3 } },
      { dense: { units: 1 } },
    ],
  },
  'a module': { model: { module: './my-model.mjs' } },
};

function make(
  t: TestContext,
  { train = {}, model = MODEL, data = {}, csv = curveCsv(45) }: Kind,
  device: string,
): TestRun {
  const text = recipe({ epochs: 4, checkpoint: { everyEpochs: 1 }, ...train, device }, model as unknown[], data);
  const run = makeRun(t, text, csv);
  writeFileSync(path.join(path.dirname(run.folder), 'my-model.mjs'), MODULE);
  return run;
}

/** All that must be alike: losses, metrics, results, and the state in the last checkpoint. */
function outcome(run: TestRun) {
  const { stepLoss, stepMetrics, epochs, evaluation, forecasts, status, end } = run
    .events()
    .reduce(reduceRun, emptyRun());
  return {
    ...{ stepLoss, stepMetrics, status, message: end?.message },
    epochs: epochs.map(({ epoch, metrics }) => [epoch, metrics]),
    evaluation: { ...evaluation, at: '' },
    forecasts: forecasts.map((forecast) => ({ ...forecast, at: '' })),
    weights: weightsOf(run.folder).toString('base64'),
    checkpoint: lastCheckpoint(run),
  };
}

function lastCheckpoint({ folder }: TestRun) {
  const name = readdirSync(path.join(folder, 'checkpoints')).sort().at(-1) ?? '';
  const read = (file: string) => readFileSync(path.join(folder, 'checkpoints', name, file));
  return { name, state: read('state.json').toString(), arrays: read('weights.bin').toString('base64') };
}

/** A clock that lets every step look for signals, and asks for a stop at the given looks. */
function stoppingClock(looks: readonly number[]) {
  const stop = new AbortController();
  let turns = 0;
  const turn = async () => {
    turns += 1;
    if (looks.includes(turns)) {
      stop.abort();
    }
  };
  return { signal: stop.signal, clock: { ...steppingClock(30), turn } };
}

for (const device of ['wasm', 'js', 'tensorflow-cpu']) {
  for (const [name, kind] of Object.entries(kinds)) {
    test(`interrupted three times, the run on ${device} ends to the byte as one that was not: ${name}`, async (t) => {
      if (!(await canStart(t, device))) {
        return;
      }
      const whole = make(t, kind, device);
      assert.equal(await whole.train(), 'completed', JSON.stringify(whole.events().at(-1)));
      const parted = make(t, kind, device);
      for (const [i, look] of [3, 2, 5].entries()) {
        assert.equal(await parted.train({ ...stoppingClock([look]), resume: i > 0 }), 'stopped');
      }
      assert.equal(await parted.train({ resume: true, clock: steppingClock(30) }), 'completed');
      assert.deepEqual(outcome(parted), outcome(whole));
    });
  }
}

test('a metric that was too large for a number in one batch stays so over an interruption inside the epoch', async (t) => {
  // The square error of the batch with the outlier, in the target's own unit, is beyond 32 bits; those of the others are not.
  let row = 0;
  const csv = curveCsv(45).replace(/,(-?[\d.]+)$/gm, (_, y) => {
    row += 1;
    return `,${(row === 1 ? 20 : Number(y)) * 1.5e18}`;
  });
  const kind: Kind = {
    csv,
    data: { scaleTarget: 'standard', test: { rows: 8, permutation: 'none' } },
    train: { metrics: ['mse'], shuffle: false, batchSize: 1 },
  };
  const whole = make(t, kind, 'wasm');
  await whole.train();
  const { stepMetrics, epochs } = outcome(whole);
  assert.deepEqual(
    listed(stepMetrics.mse)
      .slice(0, 5)
      .map((value) => value === null),
    [true, false, false, false, false],
  );
  const parted = make(t, kind, 'wasm');
  assert.equal(await parted.train(stoppingClock([3])), 'stopped');
  assert.equal(await parted.train({ resume: true }), 'completed');
  assert.deepEqual(outcome(parted).epochs, epochs);
});
