/** Shapes and weight counts of every layer type, worked out by hand, and the misfits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '../../../src/common/graph.ts';
import { inferGraph } from '../../../src/common/recipe/inferGraph.ts';
import { LAYERS } from '../../../src/common/recipe/layers.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';

/** A recipe that ends in one value whatever the layer under test gives. */
function graphOf(layers: string[], input: Shape) {
  const model = [...layers, 'flatten: { name: flat }', 'dense: { name: last, units: 1 }']
    .map((layer) => `  - ${layer}`)
    .join('\n');
  const lookback = input.length === 2 ? ', lookback: 12' : '';
  const parsed = parseRecipe(
    `name: x\ndata: { csv: a.csv, target: y${lookback} }\nmodel:\n${model}\ntrain: { loss: meanSquaredError }\n`,
  );
  assert.deepEqual(parsed.problems, []);
  assert.ok(parsed.recipe);
  return inferGraph(parsed.recipe, input);
}

/** Layer type → layers before it, the layer, and its output shape and weight count. */
const CASES: Record<string, [string[], string, Shape, number]> = {
  dense: [[], 'dense: { units: 64 }', [64], 13 * 64 + 64],
  dropout: [[], 'dropout: { rate: 0.4 }', [13], 0],
  activation: [[], 'activation: { activation: relu }', [13], 0],
  flatten: [['reshape: { targetShape: [13, 1] }'], 'flatten:', [13], 0],
  reshape: [[], 'reshape: { targetShape: [13, 1] }', [13, 1], 0],
  batchNormalization: [[], 'batchNormalization:', [13], 4 * 13],
  lstm: [
    ['reshape: { targetShape: [13, 1] }'],
    'lstm: { units: 5, returnSequences: true }',
    [13, 5],
    4 * (5 * (1 + 5) + 5),
  ],
  gru: [['reshape: { targetShape: [13, 1] }'], 'gru: { units: 5 }', [5], 3 * (5 * (1 + 5) + 5)],
  simpleRNN: [['reshape: { targetShape: [13, 1] }'], 'simpleRNN: { units: 5, useBias: false }', [5], 5 * (1 + 5)],
  conv1d: [
    ['reshape: { targetShape: [13, 1] }'],
    'conv1d: { filters: 4, kernelSize: 3, strides: 2 }',
    [6, 4],
    3 * 1 * 4 + 4,
  ],
  conv2d: [
    ['dense: { units: 64 }', 'reshape: { targetShape: [8, 8, 1] }'],
    'conv2d: { filters: 4, kernelSize: [3, 5], padding: same }',
    [8, 8, 4],
    3 * 5 * 4 + 4,
  ],
  maxPooling1d: [['reshape: { targetShape: [13, 1] }'], 'maxPooling1d:', [6, 1], 0],
  averagePooling1d: [
    ['reshape: { targetShape: [13, 1] }'],
    'averagePooling1d: { poolSize: 3, padding: same }',
    [5, 1],
    0,
  ],
  maxPooling2d: [
    ['dense: { units: 64 }', 'reshape: { targetShape: [8, 8, 1] }'],
    'maxPooling2d: { poolSize: [2, 4] }',
    [4, 2, 1],
    0,
  ],
  averagePooling2d: [
    ['dense: { units: 64 }', 'reshape: { targetShape: [8, 8, 1] }'],
    'averagePooling2d: { poolSize: 3, strides: 1 }',
    [6, 6, 1],
    0,
  ],
  globalAveragePooling1d: [['reshape: { targetShape: [13, 1] }'], 'globalAveragePooling1d:', [1], 0],
  globalMaxPooling1d: [['reshape: { targetShape: [13, 1] }'], 'globalMaxPooling1d:', [1], 0],
  globalAveragePooling2d: [
    ['dense: { units: 64 }', 'reshape: { targetShape: [8, 4, 2] }'],
    'globalAveragePooling2d:',
    [2],
    0,
  ],
  globalMaxPooling2d: [['dense: { units: 64 }', 'reshape: { targetShape: [8, 4, 2] }'], 'globalMaxPooling2d:', [2], 0],
  embedding: [[], 'embedding: { inputDim: 50, outputDim: 6 }', [13, 6], 300],
  concatenate: [
    ['dense: { name: a, units: 3 }', 'dense: { name: b, units: 4, inputs: input }'],
    'concatenate: { inputs: [a, b] }',
    [7],
    0,
  ],
  add: [
    ['dense: { name: a, units: 3 }', 'dense: { name: b, units: 3, inputs: input }'],
    'add: { inputs: [a, b] }',
    [3],
    0,
  ],
};

test('every layer type has a case here', () => {
  assert.deepEqual(Object.keys(CASES).sort(), Object.keys(LAYERS).sort());
});

for (const [type, [before, layer, shape, parameters]] of Object.entries(CASES)) {
  test(`${type} gives the shape and the weights worked out by hand`, () => {
    const { graph, problems } = graphOf([...before, layer], [13]);
    const node = graph.nodes[before.length + 1];
    assert.deepEqual(problems, []);
    assert.deepEqual([node?.type, node?.outputShape, node?.parameterCount], [type, shape, parameters]);
  });
}

test('edges carry the shape that flows along them', () => {
  const { graph } = graphOf(
    [
      'dense: { name: a, units: 3 }',
      'dense: { name: b, units: 3, inputs: input }',
      'add: { name: sum, inputs: [a, b] }',
    ],
    [13],
  );
  assert.deepEqual(graph.edges.slice(0, 4), [
    { from: 'input', to: 'a', shape: [13] },
    { from: 'input', to: 'b', shape: [13] },
    { from: 'a', to: 'sum', shape: [3] },
    { from: 'b', to: 'sum', shape: [3] },
  ]);
});

test('with an open input width the shapes behind dense are known and its weights are not', () => {
  const { graph } = graphOf(['dense: { units: 64 }', 'dense: { units: 8 }'], [null]);
  assert.deepEqual(
    graph.nodes.slice(1, 3).map((node) => [node.outputShape, node.parameterCount]),
    [
      [[64], null],
      [[8], 64 * 8 + 8],
    ],
  );
});

test('windows reach a recurrent layer as [lookback, features]', () => {
  const { graph, problems } = graphOf(['lstm: { units: 5 }'], [12, 3]);
  assert.deepEqual(problems, []);
  assert.equal(graph.nodes[1]?.parameterCount, 4 * (5 * (3 + 5) + 5));
});

/** What does not fit with 13 known features. */
const MISFITS: [string[], string][] = [
  [['conv2d: { filters: 2, kernelSize: 3 }'], 'model[0].conv2d'],
  [['maxPooling1d:'], 'model[0].maxPooling1d'],
  [['reshape: { targetShape: [5, 2] }'], 'model[0].reshape'],
  [['reshape: { targetShape: [13, 1] }', 'conv1d: { filters: 2, kernelSize: 20 }'], 'model[1].conv1d'],
  [['reshape: { targetShape: [13, 1] }', 'embedding: { inputDim: 3, outputDim: 2 }'], 'model[1].embedding'],
];

for (const [layers, path] of MISFITS) {
  test(`${path} is told not to fit, once`, () => {
    const model = [...layers, 'flatten:', 'dense: { units: 1 }'].map((layer) => `  - ${layer}`).join('\n');
    const text = `name: x\ndata: { csv: a.csv, target: y, features: [${Array.from({ length: 13 }, (_, index) => `c${index}`)}] }\nmodel:\n${model}\ntrain: { loss: meanSquaredError }\n`;
    assert.deepEqual(
      parseRecipe(text).problems.map((problem) => [problem.code, problem.path]),
      [['recipe-shape', path]],
    );
  });
}
