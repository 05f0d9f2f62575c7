/** `tune:` in a recipe: what is accepted, how each fault is told, and the space and grid that come of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe } from '../../../../src/common/recipe/parse.ts';
import { countPoints, gridAxes, gridPoint, toSearchSpace } from '../../../../src/common/study/searchSpace.ts';

const RECIPE = `name: Tiny
params: { units: 4, rate: 0.01, act: relu, idle: 1 }
data: { csv: tiny.csv, target: y }
model:
  - dense: { units: $units, activation: $act }
  - dense: { units: 1 }
train: { loss: meanSquaredError, metrics: [rmse], optimizer: { sgd: { learningRate: $rate } }, validationSplit: 0.2, epochs: 10 }
`;

/** With a tune block of these lines, which begin on line 9. */
function withTune(...lines: string[]): string {
  return `${RECIPE}tune:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

const OBJECTIVE = 'objective: { minimize: val_rmse }';
const faultsOf = (text: string) =>
  parseRecipe(text).problems.map(({ code, path, range }) => `${range?.line} ${code} ${path}`);

function tuneOf(...lines: string[]) {
  const { recipe, problems } = parseRecipe(withTune(...lines));
  assert.deepEqual(problems, []);
  assert.ok(recipe?.tune !== undefined);
  return recipe.tune;
}

test('a study is written in few words, and the rest has defaults', () => {
  const tune = tuneOf(OBJECTIVE, 'params: { units: { int: [8, 64] } }');
  assert.deepEqual(tune, {
    objective: { minimize: 'val_rmse' },
    algorithm: 'bayesian',
    seed: 0,
    params: { units: { int: [8, 64], scale: 'linear' } },
  });
});

test('all four types of range become the search space, lists sorted and without doubles', () => {
  const tune = tuneOf(
    OBJECTIVE,
    'params:',
    '  units: { discrete: [32, 16, 16, 64], scale: log }',
    '  rate: { double: [0.001, 0.1], scale: reverseLog }',
    '  act: { categorical: [relu, tanh, relu] }',
  );
  assert.deepEqual(toSearchSpace(tune), {
    units: { type: 'discrete', values: [16, 32, 64], scale: 'log' },
    rate: { type: 'double', min: 0.001, max: 0.1, scale: 'reverseLog' },
    act: { type: 'categorical', values: ['relu', 'tanh'] },
  });
});

test('a grid takes its steps on the scale, ends included, and whole numbers once', () => {
  const axes = gridAxes(
    tuneOf(
      OBJECTIVE,
      'algorithm: grid',
      'params:',
      '  units: { int: [1, 4], steps: 9 }',
      '  rate: { double: [0.001, 0.1], scale: log, steps: 3 }',
      '  act: { categorical: [relu, tanh] }',
    ),
  );
  assert.deepEqual(axes, { units: [1, 2, 3, 4], rate: [0.001, 0.01, 0.1], act: ['relu', 'tanh'] });
  assert.equal(countPoints(axes), 24);
  assert.deepEqual(
    [0, 1, 23].map((index) => gridPoint(axes, index)),
    [
      { units: 1, rate: 0.001, act: 'relu' },
      { units: 1, rate: 0.001, act: 'tanh' },
      { units: 4, rate: 0.1, act: 'tanh' },
    ],
  );
});

/** Lines of the tune block → the faults told, each with its line, and a piece of the first one's message and remedy. */
const REFUSED: [name: string, lines: string[], faults: string[], says: RegExp][] = [
  [
    'a parameter that the recipe does not have',
    [OBJECTIVE, 'params:', '  unit: { int: [8, 64] }'],
    ['11 recipe-unknown-param tune.params.unit'],
    /Did you mean units\?/,
  ],
  [
    'a parameter that is used nowhere',
    [OBJECTIVE, 'params: { idle: { int: [8, 64] } }'],
    ['10 recipe-tune tune.params.idle'],
    /\$idle is used nowhere/,
  ],
  [
    'ends in the wrong order',
    [OBJECTIVE, 'params: { units: { int: [64, 8] } }'],
    ['10 recipe-out-of-range tune.params.units.int'],
    /\[64, 8\]/,
  ],
  [
    'ends that are the same',
    [OBJECTIVE, 'params: { rate: { double: [0.1, 0.1] } }'],
    ['10 recipe-out-of-range tune.params.rate.double'],
    /nothing to search/,
  ],
  [
    'a logarithm of 0',
    [OBJECTIVE, 'params:', '  rate:', '    double: [0, 0.1]', '    scale: log'],
    ['13 recipe-out-of-range tune.params.rate.scale'],
    /above 0, and the least is 0/,
  ],
  [
    'a reverse logarithm below 0',
    [OBJECTIVE, 'params: { rate: { double: [-1, 0.1], scale: reverseLog } }'],
    ['10 recipe-out-of-range tune.params.rate.scale'],
    /least is -1/,
  ],
  [
    'a lower end that the field cannot take',
    [OBJECTIVE, 'params: { units: { int: [0, 64] } }'],
    ['10 recipe-out-of-range tune.params.units'],
    /units cannot be 0: model\[0\]\.dense\.units: 0 is too small/,
  ],
  [
    'fractions where whole numbers belong, although both ends are whole',
    [OBJECTIVE, 'params: { units: { double: [8, 9] } }'],
    ['10 recipe-wrong-type tune.params.units'],
    /whole number belongs/,
  ],
  [
    'a word that the field does not know',
    [OBJECTIVE, 'params: { act: { categorical: [relu, rely] } }'],
    ['10 recipe-bad-choice tune.params.act'],
    /act cannot be "rely"/,
  ],
  [
    'a metric that is not measured',
    ['objective: { minimize: val_mae }', 'params: { units: { int: [8, 64] } }'],
    ['9 recipe-tune tune.objective.minimize'],
    /val_mae is not measured.*train\.metrics/,
  ],
  [
    'the wrong direction',
    ['objective: { maximize: loss }', 'params: { units: { int: [8, 64] } }'],
    ['9 recipe-tune tune.objective.maximize'],
    /better when it is lower/,
  ],
  [
    'no objective, and two at once',
    ['objective: { minimize: loss, maximize: rmse }', 'params: { units: { int: [8, 64] } }'],
    ['9 recipe-out-of-range tune.objective'],
    /exactly one of minimize, maximize/,
  ],
  [
    'no trials',
    [OBJECTIVE, 'trials: 0', 'params: { units: { int: [8, 64] } }'],
    ['10 recipe-out-of-range tune.trials'],
    /at least 1/,
  ],
  ['no parameters', [OBJECTIVE, 'params: {}'], ['10 recipe-out-of-range tune.params'], /names no parameter/],
  [
    'two types at once',
    [OBJECTIVE, 'params: { units: { int: [8, 64], discrete: [8] } }'],
    ['10 recipe-out-of-range tune.params.units'],
    /exactly one of int, double, discrete, categorical/,
  ],
  [
    'a grid over numbers without steps',
    [OBJECTIVE, 'algorithm: grid', 'params: { rate: { double: [0.001, 0.1] } }'],
    ['11 recipe-tune tune.params.rate.double'],
    /Add steps: 5/,
  ],
  [
    'a grid of too many points',
    [OBJECTIVE, 'algorithm: grid', 'params: { units: { int: [1, 200] }, rate: { double: [0.001, 0.1], steps: 10 } }'],
    ['11 recipe-tune tune.params'],
    /2,000 points \(units 200 × rate 10\); 1000 is the most/,
  ],
  [
    'a grid that the trials do not cover',
    [OBJECTIVE, 'algorithm: grid', 'trials: 3', 'params: { units: { int: [1, 8] } }'],
    ['11 recipe-tune tune.trials'],
    /leaves 5 of the 8/,
  ],
  [
    'steps where they mean nothing',
    [OBJECTIVE, 'params: { act: { categorical: [relu, tanh], steps: 2 } }'],
    ['10 recipe-tune tune.params.act.steps'],
    /Take it out/,
  ],
  [
    'a first look at the end',
    [OBJECTIVE, 'params: { units: { int: [8, 64] } }', 'halving: { minEpochs: 10 }'],
    ['11 recipe-tune tune.halving.minEpochs'],
    /fewer than 10/,
  ],
  [
    'an unknown word in a range, with the words that are allowed',
    [OBJECTIVE, 'params: { units: { int: [8, 64], scal: log } }'],
    ['10 recipe-unknown-key tune.params.units.scal'],
    /Did you mean scale\?/,
  ],
];

for (const [name, lines, faults, says] of REFUSED) {
  test(`refused on its line: ${name}`, () => {
    const text = withTune(...lines);
    assert.deepEqual(faultsOf(text), faults);
    const [first] = parseRecipe(text).problems;
    assert.match(`${first?.message} ${first?.remedy}`, says);
  });
}

test('val_ without validation rows says how to get them', () => {
  const text = withTune(OBJECTIVE, 'params: { units: { int: [8, 64] } }').replace('validationSplit: 0.2, ', '');
  const [problem] = parseRecipe(text).problems;
  assert.match(`${problem?.message} ${problem?.remedy}`, /needs validation rows.*Add validationSplit: 0\.2/);
});

test('a metric of the test rows may be the objective', () => {
  assert.equal(
    tuneOf('objective: { minimize: test_rmse }', 'params: { units: { int: [8, 64] } }').objective.minimize,
    'test_rmse',
  );
});

test("the recipe's own faults are told alone, not once more for each value", () => {
  const text = withTune(OBJECTIVE, 'params: { units: { int: [8, 64] } }').replace(
    'activation: $act',
    'activation: rely',
  );
  assert.deepEqual(faultsOf(text), ['5 recipe-bad-choice model[0].dense.activation']);
});

test('a module is given all params, so that each of them may be searched', () => {
  const [head = '', tail = ''] = RECIPE.split(/^model:\n(?: .*\n)+/m);
  const text = `${head}model: { module: ./tiny.mjs }\n${tail}tune:\n  ${OBJECTIVE}\n  params: { idle: { int: [1, 4] }, units: { int: [2, 8] } }\n`;
  assert.deepEqual(faultsOf(text), []);
});

test('where one series is cut into sequences, validation is asked for where it belongs', () => {
  const ofSeries = (sequences: string) =>
    `name: Tiny
params: { units: 4 }
data: { csv: tiny.csv, target: y, sequences: ${sequences} }
model:
  - lstm: { units: $units, returnSequences: true }
  - dense: { units: 1 }
train: { loss: meanSquaredError }
tune:
  objective: { minimize: val_loss }
  params: { units: { int: [2, 8] } }
`;
  assert.deepEqual(faultsOf(ofSeries('{ length: 4, train: 4, validation: 2 }')), []);
  assert.deepEqual(
    parseRecipe(ofSeries('{ length: 4, train: 4 }')).problems.map(({ path, remedy }) => [path, remedy]),
    [['tune.objective.minimize', 'Add validation under data.sequences, or choose by a training metric.']],
  );
  const rmse = ofSeries('{ length: 4, train: 4, validation: 2 }').replace('val_loss', 'val_rmse');
  assert.match(parseRecipe(rmse).problems[0]?.message ?? '', /^val_rmse is not measured/);
});
