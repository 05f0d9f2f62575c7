/** Models that a module builds: what they train to, what the graph says of them, and what is refused. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { steppingClock, weightsOf } from './support/curveRun.ts';
import { canStart } from './support/startBackend.ts';
import { curveCsv, lastOf, makeRun, type TestRun } from './support/testRun.ts';

type Part = Record<string, unknown>;

const MODULE = `
export function build(tf, { units }, { inputShape, outputs }) {
  const input = tf.input({ shape: inputShape });
  const shared = tf.layers.dense({ name: 'shared', units: inputShape[0], activation: 'tanh' });
  const once = shared.apply(input);
  const wide = tf.layers.dense({ units, activation: 'relu' }).apply(shared.apply(once));
  const calmed = tf.layers.dropout({ rate: 0.2 }).apply(wide);
  return tf.model({ inputs: input, outputs: tf.layers.dense({ units: outputs }).apply(calmed) });
}
`;

function recipeText(train: Part = {}, part: Part = {}): string {
  return JSON.stringify({
    name: 'Module',
    params: { units: 6 },
    data: { csv: 'data.csv', target: 'y' },
    model: { module: './model.mjs' },
    train: {
      loss: 'meanSquaredError',
      metrics: ['rmse'],
      optimizer: { adam: { learningRate: 0.02 } },
      batchSize: 8,
      epochs: 4,
      device: 'wasm',
      ...train,
    },
    ...part,
  });
}

/** @param code Null: the module is not there. */
function makeModuleRun(t: TestContext, code: string | null, recipe = recipeText(), csv = curveCsv(60)): TestRun {
  const run = makeRun(t, recipe, csv);
  if (code !== null) {
    writeFileSync(path.join(path.dirname(run.recipeFile), 'model.mjs'), code);
  }
  return run;
}

const problemOf = (events: readonly RunEvent[]) => lastOf(events, 'runEnd')?.problems?.[0];

test('a model with shared weights learns, and its graph shows each use of them', async (t) => {
  const run = makeModuleRun(t, MODULE, recipeText({ epochs: 60 }));
  assert.equal(await run.train(), 'completed', JSON.stringify(problemOf(run.events())));
  const { graph } = lastOf(run.events(), 'runStart') ?? { graph: { nodes: [], edges: [] } };
  assert.deepEqual(
    graph.nodes.map(({ id, type, outputShape, parameterCount }) => [id, type, outputShape.join(), parameterCount]),
    [
      ['input', 'input', '2', 0],
      ['shared', 'dense', '2', 6],
      ['shared (2)', 'dense', '2', 0],
      ['dense1', 'dense', '6', 18],
      ['dropout1', 'dropout', '6', 0],
      ['dense2', 'dense', '1', 7],
    ],
  );
  assert.deepEqual(
    graph.edges.map(({ from, to }) => `${from} → ${to}`),
    ['input → shared', 'shared → shared (2)', 'shared (2) → dense1', 'dense1 → dropout1', 'dropout1 → dense2'],
  );
  const evaluation = lastOf(run.events(), 'evaluation');
  const mean = evaluation?.baselines.find(({ name }) => name === 'trainingMean')?.metrics.rmse ?? 0;
  assert.ok((evaluation?.metrics.rmse ?? 9) < mean / 2, `${evaluation?.metrics.rmse} against ${mean}`);
  const saved = JSON.parse(readFileSync(path.join(run.folder, 'model/model.json'), 'utf8')) as Part;
  assert.equal((saved.weightsManifest as { weights: unknown[] }[])[0]?.weights.length, 6);
});

test('initializers without a seed follow the seed of the recipe, on every backend alike', async (t) => {
  const metrics = async (train: Part) => {
    const run = makeModuleRun(t, MODULE, recipeText(train));
    assert.equal(await run.train(), 'completed');
    return { rmse: lastOf(run.events(), 'evaluation')?.metrics.rmse ?? 0, weights: weightsOf(run.folder) };
  };
  const first = await metrics({ seed: 1 });
  const again = await metrics({ seed: 1 });
  const other = await metrics({ seed: 2 });
  const onJs = await metrics({ seed: 1, device: 'js' });
  assert.deepEqual(again.weights, first.weights);
  assert.notDeepEqual(other.weights, first.weights);
  assert.ok(Math.abs(onJs.rmse - first.rmse) < 1e-4, `${onJs.rmse} and ${first.rmse}`);
});

for (const device of ['wasm', 'tensorflow-cpu', 'js']) {
  test(`recurrent layers with all their defaults train on ${device}, from the weights of the seed`, async (t) => {
    if (!(await canStart(t, device))) {
      return;
    }
    const code = `
export function build(tf, _, { inputShape, outputs }) {
  return tf.sequential({ layers: [
    tf.layers.gru({ units: 4, inputShape, returnSequences: true }),
    tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 3 }) }),
    tf.layers.dense({ units: outputs }),
  ] });
}`;
    const text = recipeText({ device, seed: 1 }, { data: { csv: 'data.csv', target: 'y', lookback: 3 } });
    const runs = [text, text].map((recipe) => makeModuleRun(t, code, recipe));
    for (const run of runs) {
      assert.equal(await run.train(), 'completed', JSON.stringify(problemOf(run.events())));
    }
    const [first, again] = runs.map(({ folder }) => weightsOf(folder));
    assert.deepEqual(again, first);
  });
}

test('layers whose gradient a backend has not, or has wrong, are refused there and trained elsewhere', async (t) => {
  const code = `
export function build(tf, _, { inputShape, outputs }) {
  return tf.sequential({ layers: [
    tf.layers.dense({ units: 6, inputShape }),
    tf.layers.reshape({ targetShape: [2, 3, 1, 1] }),
    tf.layers.conv3d({ filters: 2, kernelSize: 1 }),
    tf.layers.maxPooling3d({ poolSize: 1 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: outputs }),
  ] });
}`;
  const refused = makeModuleRun(t, code);
  assert.equal(await refused.train(), 'failed');
  const problem = problemOf(refused.events());
  assert.equal(problem?.path, 'model.module');
  assert.match(problem?.message ?? '', /cannot train a conv3d layer/);
  const elsewhere = makeModuleRun(t, code, recipeText({ device: 'js' }));
  assert.equal(await elsewhere.train(), 'completed', JSON.stringify(problemOf(elsewhere.events())));
});

test('a step that adds an axis is recorded whole on TensorFlow', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const code = `
export function build(tf, _, { inputShape, outputs }) {
  return tf.sequential({ layers: [
    tf.layers.dense({ units: 4, inputShape }),
    tf.layers.repeatVector({ n: 3 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: outputs }),
  ] });
}`;
  const runs = ['tensorflow-cpu', 'wasm'].map((device) => makeModuleRun(t, code, recipeText({ device })));
  for (const run of runs) {
    assert.equal(await run.train(), 'completed', JSON.stringify(problemOf(run.events())));
  }
  const [onTensorFlow, onWasm] = runs.map((run) => lastOf(run.events(), 'evaluation')?.metrics.rmse ?? 0);
  assert.equal(lastOf(runs[0]?.events() ?? [], 'runStart')?.backend.execution, 'compiled');
  assert.ok(Math.abs((onTensorFlow ?? 0) - (onWasm ?? 1)) < 1e-4, `${onTensorFlow} and ${onWasm}`);
});

for (const device of ['wasm', 'tensorflow-cpu']) {
  test(`stopped and resumed on ${device}, a run ends with the same weights to the byte`, async (t) => {
    if (!(await canStart(t, device))) {
      return;
    }
    const text = recipeText({ device, epochs: 4 });
    const whole = makeModuleRun(t, MODULE, text);
    assert.equal(await whole.train(), 'completed', JSON.stringify(problemOf(whole.events())));
    const run = makeModuleRun(t, MODULE, text);
    const stop = new AbortController();
    let turns = 0;
    const clock = {
      ...steppingClock(30),
      turn: async () => {
        turns += 1;
        if (turns === 7) {
          stop.abort();
        }
      },
    };
    assert.equal(await run.train({ signal: stop.signal, clock }), 'stopped');
    assert.equal(await run.train({ resume: true }), 'completed', JSON.stringify(problemOf(run.events())));
    assert.deepEqual(weightsOf(run.folder), weightsOf(whole.folder));
    const execution = device === 'wasm' ? 'eager' : 'compiled';
    assert.equal(lastOf(whole.events(), 'runStart')?.backend.execution, execution);
  });
}

test('a layer of one’s own with tensors beside its weights trains, and leaves none behind', async (t) => {
  const code = `
export function build(tf, params, { inputShape, outputs }) {
  class Scaled extends tf.layers.Layer {
    static className = 'Scaled';
    constructor(config) { super(config); this.factor = tf.tensor1d([0.5, 2]); }
    computeOutputShape(shape) { return shape; }
    call(inputs) { return tf.mul(Array.isArray(inputs) ? inputs[0] : inputs, this.factor); }
  }
  return tf.sequential({ layers: [
    new Scaled({ inputShape }),
    tf.layers.dense({ units: 4, activation: 'tanh' }),
    tf.layers.dense({ units: outputs }),
  ] });
}`;
  const before = async () => {
    const run = makeModuleRun(t, code);
    assert.equal(await run.train(), 'completed', JSON.stringify(problemOf(run.events())));
    return { tensors: tf.memory().numTensors, graph: lastOf(run.events(), 'runStart')?.graph };
  };
  const first = await before();
  const second = await before();
  assert.equal(first.graph?.nodes[1]?.type, 'scaled');
  assert.equal(second.tensors, first.tensors);
});

test('classes, a nested model and noise without a seed: trained, and said in a notice', async (t) => {
  const code = `
export function build(tf, params, { inputShape, outputs }) {
  const within = tf.sequential({ name: 'within', layers: [
    tf.layers.dense({ units: 5, inputShape }), tf.layers.gaussianNoise({ name: 'noise', stddev: 0.1 }),
  ] });
  const input = tf.input({ shape: inputShape });
  const end = tf.layers.dense({ units: outputs, activation: 'softmax' });
  return tf.model({ inputs: input, outputs: end.apply(within.apply(input)) });
}`;
  const recipe = recipeText(
    { loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
    { data: { csv: 'data.csv', target: 'y', categorical: ['y'] } },
  );
  const rows = Array.from({ length: 30 }, (_, i) => `${i},${i % 3},${['a', 'b', 'c'][i % 3]}`);
  const run = makeModuleRun(t, code, recipe, `a,b,y\n${rows.join('\n')}\n`);
  assert.equal(await run.train(), 'completed', JSON.stringify(problemOf(run.events())));
  assert.match(lastOf(run.events(), 'notice')?.message ?? '', /noise draws noise that follows no seed/);
  const node = lastOf(run.events(), 'runStart')?.graph.nodes[1];
  assert.deepEqual([node?.id, node?.detail], ['within', '2 layers within']);
});

test('a value that is not finite is told on the module, with the name of the layer', async (t) => {
  const run = makeModuleRun(t, MODULE, recipeText({ optimizer: { sgd: { learningRate: 1e30 } }, epochs: 20 }));
  assert.equal(await run.train(), 'failed');
  const problem = problemOf(run.events());
  assert.deepEqual([problem?.code, problem?.path], ['run-not-finite', 'model.module']);
  assert.match(problem?.message ?? '', /of (shared|dense1|dense2) became NaN/);
});

const dense = (settings: string) => `tf.sequential({ layers: [tf.layers.dense(${settings})] })`;
const returning = (code: string) =>
  `export function build(tf, params, { inputShape, outputs }) {\n  return ${code};\n}\n`;

test('what is wrong with a module is told on its field, with a remedy, and nothing half-made is left', async (t) => {
  const cases: [string | null, RegExp, RegExp][] = [
    [
      returning('new (class extends tf.layers.Layer {})({ inputShape })'),
      /build failed/,
      /static className = 'MyLayer'/,
    ],
    [null, /"\.\/model\.mjs" is not there/, /relative to the recipe/],
    ['export const build = 3;', /exports build, but no function called build/, /export function build/],
    ['const x = 1;', /exports nothing/, /export function build/],
    ['export function build( {', /cannot be loaded/, /Mend the module/],
    ['import "not-there-at-all";', /cannot be loaded.*not-there-at-all/, /Mend the module/],
    ['throw new Error("at the top");', /cannot be loaded \(line 1\): at the top/, /Mend the module/],
    [returning('tf.nonsense.layer()'), /build failed \(line 2\)/, /docs\/modules\.md/],
    [returning('tf.scalar(1).plus(1)'), /build failed.*plus is not a function/, /tf\.add\(x, y\)/],
    [returning('undefined'), /gives nothing, which is no model/, /tf\.model/],
    [returning('{ layers: [] }'), /gives an object of layers/, /tf\.model/],
    [returning('7'), /gives the number 7/, /tf\.model/],
    [returning(`Promise.resolve(${dense('{ units: outputs, inputShape }')})`), /gives a promise/, /model itself/],
    [returning('tf.sequential()'), /has no shape yet/, /inputShape/],
    [returning(dense('{ units: outputs }')), /must get an `inputShape`/, /Mend the module/],
    [returning(dense('{ units: 3, inputShape }')), /gives the shape \[3\], but the data has \[1\]/, /outputs/],
    [
      returning(dense('{ units: outputs, inputShape: [5] }')),
      /takes the shape \[5\], but the data has \[2\]/,
      /inputShape/,
    ],
    [returning(dense('{ units: outputs, inputShape, trainable: false }')), /without trainable weights/, /dense layer/],
    [
      `let model;\n${returning(`model ??= ${dense('{ units: outputs, inputShape }')}`)}`,
      /gives the same model again/,
      /new model at each call/,
    ],
    [
      returning(
        '(() => { const a = tf.input({ shape: inputShape }); const b = tf.input({ shape: inputShape }); return tf.model({ inputs: [a, b], outputs: tf.layers.dense({ units: 1 }).apply(tf.layers.add().apply([a, b])) }); })()',
      ),
      /2 inputs and 1 outputs/,
      /one input and one output/,
    ],
    [
      returning(
        '(() => { class Own extends tf.layers.Layer { call(x) { return x[0]; } } return tf.sequential({ layers: [new Own({ name: "own", inputShape }), tf.layers.dense({ units: 1 })] }); })()',
      ),
      /class Own .* has no className/,
      /static className = 'Own'/,
    ],
  ];
  for (const [code, message, remedy] of cases) {
    const run = makeModuleRun(t, code);
    assert.equal(await run.train(), 'failed', `${code}`);
    const problem = problemOf(run.events());
    assert.deepEqual(
      [problem?.code, problem?.path, problem?.range?.line],
      ['recipe-module', 'model.module', 1],
      code ?? '',
    );
    assert.match(problem?.message ?? '', message, code ?? '');
    assert.match(problem?.remedy ?? '', remedy, code ?? '');
    assert.deepEqual(
      readdirSync(run.folder).sort(),
      ['control.jsonl', 'events.jsonl', 'recipe.yaml'].filter((name) => existsSync(path.join(run.folder, name))),
      code ?? '',
    );
  }
});

test('a loss over classes needs the activation that it is computed from', async (t) => {
  const recipe = recipeText(
    { loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
    { data: { csv: 'data.csv', target: 'y', categorical: ['y'] } },
  );
  const run = makeModuleRun(
    t,
    returning(dense('{ units: outputs, inputShape }')),
    recipe,
    'a,y\n1,u\n2,v\n3,u\n4,v\n5,u\n',
  );
  assert.equal(await run.train(), 'failed');
  assert.match(problemOf(run.events())?.message ?? '', /ends with activation linear, but categoricalCrossentropy/);
});

test('codes beyond the rows of a module’s embedding are refused', async (t) => {
  const code = returning(
    'tf.sequential({ layers: [tf.layers.embedding({ inputDim: 5, outputDim: 2, inputLength: inputShape[0], inputShape }), tf.layers.flatten(), tf.layers.dense({ units: outputs })] })',
  );
  const run = makeModuleRun(t, code, recipeText(), 'a,y\n1,1\n7,2\n3,3\n4,4\n');
  assert.equal(await run.train(), 'failed');
  const problem = problemOf(run.events());
  assert.deepEqual([problem?.code, problem?.path], ['recipe-out-of-range', 'model.module']);
  assert.match(problem?.message ?? '', /holds 7, but the embedding embedding1 takes whole numbers from 0 to 4/);
});

test('a layer that cannot be differentiated is told on the module', async (t) => {
  const code = returning(
    'tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape }), tf.layers.reshape({ targetShape: [2, 1] }), tf.layers.masking(), tf.layers.flatten(), tf.layers.dense({ units: outputs })] })',
  );
  const run = makeModuleRun(t, code);
  assert.equal(await run.train(), 'failed');
  const problem = problemOf(run.events());
  assert.deepEqual([problem?.code, problem?.path], ['recipe-module', 'model.module']);
  assert.match(problem?.message ?? '', /cannot be trained: .+\.$/);
});

test('a module that awaits what never comes is refused when its time is up', async (t) => {
  const run = makeModuleRun(t, 'await new Promise(() => {});\nexport function build() {}\n');
  assert.equal(await run.train({ moduleLimitMs: 300 }), 'failed');
  assert.match(problemOf(run.events())?.message ?? '', /not given a model within 0\.3 seconds/);
});
