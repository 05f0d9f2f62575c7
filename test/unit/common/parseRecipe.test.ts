/** Recipes: what is accepted, and how each fault is told. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { overrideRecipe } from '../../../src/common/recipe/override.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { tinyJson } from '../../fixtures/tinyRecipe.ts';

const boston = readFileSync(path.resolve(import.meta.dirname, '../../../recipes/boston-housing.recipe.yaml'), 'utf8');

/** Boston's recipe with one piece of text replaced; the piece must be there. */
function spoiled(piece: string, replacement: string): string {
  assert.ok(boston.includes(piece), piece);
  return boston.replace(piece, () => replacement);
}

/** Code, field and line of each problem. */
function faults(text: string): string[] {
  return parseRecipe(text).problems.map((problem) => `${problem.code} ${problem.path} ${problem.range?.line ?? '-'}`);
}

const lineOf = (piece: string, text = boston) => text.slice(0, text.indexOf(piece)).split('\n').length;

test('a module stands in the place of the list of layers', () => {
  const text = (model: string) =>
    `name: a\ndata: { csv: d.csv, target: y }\nmodel: ${model}\ntrain: { loss: categoricalCrossentropy }\n`;
  const { recipe } = parseRecipe(text('{ module: ./own.mjs }'));
  assert.deepEqual([recipe?.module, recipe?.model], ['./own.mjs', []]);
  const wrong = ['{}', '{ module: 3 }', '{ module: "" }', '{ modul: own.mjs }', '[]', '3'];
  assert.deepEqual(
    wrong.map((model) => parseRecipe(text(model)).problems.map(({ path, range }) => `${path}:${range?.line}`)),
    [['model.module:3'], ['model.module:3'], ['model.module:3'], ['model.modul:3'], ['model:3'], ['model:3']],
  );
});

test("the book's recipe is accepted with its parameters filled in", () => {
  const { recipe, problems } = parseRecipe(boston);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    recipe?.model.map((layer) => [layer.name, layer.inputs, 'units' in layer ? layer.units : null]),
    [
      ['dense1', ['input'], 64],
      ['dense2', ['dense1'], 64],
      ['dense3', ['dense2'], 1],
    ],
  );
  const optimizer = {
    type: 'rmsprop',
    learningRate: 0.001,
    rho: 0.95,
    momentum: 0.9,
    centered: true,
    epsilon: 1e-4,
    weightDecay: 0,
  };
  assert.deepEqual(recipe?.train.optimizer, optimizer);
});

test('an unknown key is refused on its line with the nearest word, and the missing key it stands for is not told twice', () => {
  const text = spoiled('batchSize: 50', 'batchsize: 50');
  const { problems } = parseRecipe(text);
  assert.deepEqual(faults(text), [`recipe-unknown-key train.batchsize ${lineOf('batchsize', text)}`]);
  assert.match(problems[0]?.remedy ?? '', /Did you mean batchSize\?/);
  assert.deepEqual(faults(spoiled('units: 1,', 'unit: 1,')), [
    `recipe-unknown-key model[2].dense.unit ${lineOf('name: dense3')}`,
  ]);
});

test('a wrong type names the field, the value and what belongs there', () => {
  const [problem] = parseRecipe(spoiled('rows: 102', 'rows: many')).problems;
  assert.equal(problem?.code, 'recipe-wrong-type');
  assert.equal(problem?.path, 'data.test.rows');
  assert.match(problem?.message ?? '', /"many" is text/);
});

test('a device that is no backend and no word for several is refused on its line, with those that are', () => {
  const text = spoiled('device: auto', 'device: cuda');
  const [problem] = parseRecipe(text).problems;
  assert.deepEqual(
    [problem?.code, problem?.path, problem?.range?.line],
    ['recipe-bad-choice', 'train.device', lineOf('device: cuda', text)],
  );
  assert.match(`${problem?.message} ${problem?.remedy}`, /cuda.*tensorflow-gpu/);
});

test('a $name without an entry under params is refused where it stands', () => {
  assert.deepEqual(faults(spoiled('learningRate: $learningRate', 'learningRate: $rate')), [
    `recipe-unknown-param train.optimizer.rmsprop.learningRate ${lineOf('optimizer:')}`,
  ]);
});

/** What is wrong with Boston's recipe under another learning rate, without the path to it. */
function rateFaults(rate: string): string[] {
  const { problems } = parseRecipe(spoiled('learningRate: $learningRate', `learningRate: ${rate}`));
  return problems.map(({ code, path: field, message, remedy }) => {
    assert.ok(field.startsWith('train.optimizer.rmsprop.learningRate'), field);
    return `${code} ${field.slice('train.optimizer.rmsprop.learningRate'.length)}: ${message} ${remedy}`;
  });
}

test('a learning rate may be a schedule, with parameters in it', () => {
  const schedule = 'exponentialDecay: { initialLearningRate: $learningRate, decaySteps: $units, decayRate: 0.9 }';
  const { recipe, problems } = parseRecipe(spoiled('learningRate: $learningRate', `learningRate: { ${schedule} }`));
  assert.deepEqual(problems, []);
  assert.deepEqual(recipe?.train.optimizer.learningRate, {
    type: 'exponentialDecay',
    initialLearningRate: 0.001,
    decaySteps: 64,
    decayRate: 0.9,
    staircase: false,
  });
});

test('a list in a schedule takes parameters too', () => {
  const schedule = 'piecewiseConstantDecay: { boundaries: [$units], values: [0.1, $learningRate] }';
  const { recipe } = parseRecipe(spoiled('learningRate: $learningRate', `learningRate: { ${schedule} }`));
  assert.deepEqual(recipe?.train.optimizer.learningRate, {
    type: 'piecewiseConstantDecay',
    boundaries: [64],
    values: [0.1, 0.001],
  });
});

test('a schedule that cannot be followed is refused where it is wrong', () => {
  const begin = 'initialLearningRate: 0.1';
  assert.deepEqual(
    [
      `{ exponentialDecay: { ${begin}, decaySteps: 0, decayRate: 0.9 } }`,
      `{ exponentialDecay: { ${begin}, decaySteps: 2.5, decayRate: 0.9 } }`,
      `{ inverseTimeDecay: { ${begin}, decaySteps: 10, decayrate: 0.9 } }`,
      `{ polynomialDecay: { ${begin} } }`,
      '{ piecewiseConstantDecay: { boundaries: [5, 3], values: [1, 2, 3] } }',
      '{ piecewiseConstantDecay: { boundaries: [3, 5], values: [1, 2] } }',
      `{ cosineDecay: { ${begin}, decaySteps: 10, warmupSteps: 5 } }`,
      `{ cosineDecayRestarts: { ${begin}, firstDecaySteps: 10, tMul: 0.5 } }`,
    ].flatMap(rateFaults),
    [
      'recipe-out-of-range .exponentialDecay.decaySteps: 0 is too small. Use at least 1.',
      'recipe-wrong-type .exponentialDecay.decaySteps: 2.5 is a number where a whole number belongs. Write a whole number.',
      'recipe-unknown-key .inverseTimeDecay.decayrate: "decayrate" is not a setting of inverseTimeDecay. Did you mean decayRate? Allowed: initialLearningRate, decaySteps, decayRate, staircase.',
      'recipe-missing-key .polynomialDecay.decaySteps: is missing. Add a number here.',
      'recipe-out-of-range .piecewiseConstantDecay.boundaries[1]: 3 cannot be used: is not above the boundary before it, 5. Write the boundaries in ascending order, each once.',
      'recipe-out-of-range .piecewiseConstantDecay.values: [1,2] cannot be used: 2 values for 2 boundaries. Give 3 values, one more than boundaries.',
      'recipe-out-of-range .cosineDecay.warmupSteps: 5 cannot be used: there is no warmupTarget to climb to. Add warmupTarget, the rate at which the decay begins, or take warmupSteps out.',
      'recipe-out-of-range .cosineDecayRestarts.tMul: 0.5 is too small. Use at least 1.',
    ],
  );
});

test('what is neither a number nor a schedule is told what both are', () => {
  assert.deepEqual(['fast', 'cosineDecay', '0', '{ cosinDecay: { alpha: 0.1 } }'].flatMap(rateFaults), [
    'recipe-wrong-type : "fast" is text where a number or a group of settings belongs. Write a number or a group of settings.',
    'recipe-wrong-type : "cosineDecay" is text where a number or a group of settings belongs. Write it with its settings: { cosineDecay: { … } }.',
    'recipe-out-of-range : 0 is too small. Use more than 0.',
    'recipe-unknown-key .cosinDecay: "cosinDecay" is not a setting of learningRate. Did you mean cosineDecay? Allowed: exponentialDecay, piecewiseConstantDecay, polynomialDecay, inverseTimeDecay, cosineDecay, cosineDecayRestarts.',
  ]);
});

test('several faults are told at once, in the order of the lines', () => {
  const text = spoiled('units: 1,', 'units: 0,')
    .replace('target: medv', 'target: 5')
    .replace('loss: meanSquaredError', 'loss: mse');
  assert.deepEqual(
    parseRecipe(text).problems.map((problem) => [problem.path, problem.code]),
    [
      ['data.target', 'recipe-wrong-type'],
      ['model[2].dense.units', 'recipe-out-of-range'],
      ['train.loss', 'recipe-bad-choice'],
    ],
  );
});

test('layers whose shapes do not fit are refused before anything starts', () => {
  const model = (layers: string) =>
    `name: x\ndata: { csv: a.csv, target: y }\nmodel:\n${layers}\ntrain: { loss: meanSquaredError }\n`;
  assert.deepEqual(faults(model('  - lstm: { units: 3 }\n  - dense: { units: 1 }')), ['recipe-shape model[0].lstm 4']);
  assert.deepEqual(
    faults(
      model('  - dense: { units: 10 }\n  - reshape: { targetShape: [3, 3] }\n  - flatten:\n  - dense: { units: 1 }'),
    ),
    ['recipe-shape model[1].reshape 5'],
  );
  assert.deepEqual(faults(model('  - dense: { units: 2 }')), ['recipe-shape model[0].dense 4']);
});

test('a name used twice, an input that does not exist and a layer nobody reads are refused', () => {
  const model = (layers: string) =>
    `name: x\ndata: { csv: a.csv, target: y }\nmodel:\n${layers}\ntrain: { loss: meanSquaredError }\n`;
  assert.deepEqual(faults(model('  - dense: { name: a, units: 1 }\n  - dense: { name: a, units: 1 }')), [
    'recipe-layer-name model[1].dense.name 5',
  ]);
  assert.deepEqual(faults(model('  - dense: { name: a, units: 1, inputs: b }')), [
    'recipe-layer-name model[0].dense.inputs 4',
  ]);
  assert.deepEqual(faults(model('  - dense: { units: 1 }\n  - dense: { units: 1, inputs: input }')), [
    'recipe-layer-name model[0].dense 4',
  ]);
});

test('a loss, metrics, and an ending of the model that do not fit together are refused', () => {
  assert.deepEqual(
    faults(
      spoiled('loss: meanSquaredError', 'loss: binaryCrossentropy').replace('metrics: [rmse]', 'metrics: [accuracy]'),
    ),
    [`recipe-loss model[2].dense ${lineOf('name: dense3')}`],
  );
  assert.deepEqual(faults(spoiled('metrics: [rmse]', 'metrics: [accuracy]')), [
    `recipe-loss train.metrics[0] ${lineOf('metrics:')}`,
  ]);
  assert.deepEqual(faults(spoiled('seed: 0\n', 'seed: 0\n  earlyStopping: { patience: 3 }\n')), [
    `recipe-loss train.earlyStopping.monitor ${lineOf('seed: 0\n') + 1}`,
  ]);
});

test('classes need a dense layer or an activation at the end', () => {
  const text =
    'name: x\ndata: { csv: a.csv, target: y, lookback: 4 }\nmodel:\n  - lstm: { units: 3, activation: softmax }\ntrain: { loss: categoricalCrossentropy }\n';
  assert.deepEqual(faults(text), ['recipe-loss model[0].lstm 4']);
});

test('broken YAML is told once with its line', () => {
  assert.deepEqual(faults('name: x\ndata: {csv: [\n'), ['recipe-syntax recipe 3']);
});

test('an empty file is told to be empty', () => {
  assert.deepEqual(
    parseRecipe('').problems.map((problem) => [problem.code, problem.message]),
    [['recipe-missing-key', 'is empty.']],
  );
});

test('a file that holds only text is told as a whole', () => {
  assert.deepEqual(faults('train it'), ['recipe-wrong-type recipe 1']);
});

test('a bomb of aliases is refused, not unfolded', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`)}]`),
  ].join('\n');
  assert.deepEqual(
    parseRecipe(bomb).problems.map((problem) => problem.code),
    ['recipe-syntax'],
  );
});

test('a field leads to its line and a line to its deepest field', () => {
  const parsed = parseRecipe(boston);
  const line = lineOf('name: dense2');
  assert.equal(parsed.locate('model[1].dense')?.line, line);
  assert.equal(parsed.pathAt(line), 'model[1].dense');
  assert.equal(parsed.pathAt(lineOf('epochs:')), 'train.epochs');
  assert.equal(parsed.pathAt(1), null);
});

test('overrides change the values and keep comments', () => {
  const text = overrideRecipe(boston, { params: { units: 32 }, epochs: 5, seed: 3, device: 'cpu' });
  const { recipe } = parseRecipe(text);
  assert.deepEqual(
    [recipe?.params, recipe?.train.epochs, recipe?.train.seed, recipe?.train.device],
    [{ units: 32, learningRate: 0.001 }, 5, 3, 'cpu'],
  );
  assert.match(text, /# Keras's own 404\/102 split/);
});

test('an override of a parameter that does not exist is refused with the nearest name', () => {
  assert.throws(() => overrideRecipe(boston, { params: { unit: 3 } }), {
    code: 'recipe-unknown-param',
    path: 'params.unit',
    remedy: /Did you mean units\?/,
  });
});

test('an override given as text takes the type of the value it replaces, or is refused', () => {
  const { recipe } = parseRecipe(overrideRecipe(boston, { params: { units: '32', learningRate: '1e-4' } }));
  assert.deepEqual(recipe?.params, { units: 32, learningRate: 1e-4 });
  assert.throws(() => overrideRecipe(boston, { params: { units: 'many' } }), {
    code: 'recipe-wrong-type',
    path: 'params.units',
  });
  const worded = parseRecipe(
    overrideRecipe(boston.replace('units: 64,', 'units: 64, label: "seven",'), { params: { label: '7' } }),
  );
  assert.equal(worded.recipe?.params.label, '7');
});

test('prototype names are no parameters', () => {
  assert.deepEqual(
    faults(
      spoiled(
        'units: $units, activation: relu, kernelInitializer: &small',
        'units: $constructor, activation: relu, kernelInitializer: &small',
      ),
    ),
    [`recipe-unknown-param model[0].dense.units ${lineOf('name: dense1')}`],
  );
});

test('overrides keep JSON valid, its lines and the spelling of its numbers', () => {
  const rate = tinyJson.replace('"epochs": 3', '"epochs": 3, "lossWeight": 1e-4');
  const text = overrideRecipe(rate, { params: { units: '32' }, epochs: 5, seed: 3 });
  assert.deepEqual(JSON.parse(text).params, { units: 32 });
  assert.deepEqual([JSON.parse(text).train.epochs, JSON.parse(text).train.seed], [5, 3]);
  assert.match(text, /1e-4/);
  assert.equal(text.split('\n').length, rate.split('\n').length);
  assert.deepEqual(parseRecipe(text).problems, []);
});

test('an override of what an alias stands for is refused, not lost', () => {
  assert.throws(() => overrideRecipe('params: &p { units: 3 }\ntrain: *p\n', { epochs: 3 }), {
    code: 'recipe-wrong-type',
    path: 'train.epochs',
  });
});

test('a layer that does not fit still leaves the network to be looked at', () => {
  assert.equal(parseRecipe(spoiled('units: 1,', 'units: 4,')).graph?.nodes.length, 4);
  assert.equal(parseRecipe(spoiled('units: 1,', 'unit: 4,')).graph, null);
});

test('syntax errors behind a broken beginning have their place in the text', () => {
  const text = '$\t\nname: x\n\ndata: { a: [1, 2 }\nmodel:\n  - x: ]\n';
  const lines = text.split('\n');
  const { problems } = parseRecipe(text);
  assert.ok(problems.length > 0);
  for (const { range } of problems) {
    assert.ok(range !== undefined && range.line <= lines.length);
    assert.ok(range.endColumn <= (lines[range.endLine - 1]?.length ?? 0) + 1, JSON.stringify(range));
  }
});

test('an alias inside of what it stands for is refused, and not followed without end', () => {
  const { recipe, problems } = parseRecipe('name: x\nparams: &me { me: *me }\n');
  assert.equal(recipe, null);
  assert.match(problems[0]?.message ?? '', /an alias stands inside of what it stands for/);
});
