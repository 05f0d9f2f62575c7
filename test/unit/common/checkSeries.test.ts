/** Series in a recipe: what does not fit together is refused by field, before any data is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';

interface Settings {
  data?: Record<string, unknown>;
  model?: unknown[];
  train?: Record<string, unknown>;
}

const CUT = { length: 4, train: 3 };
const STEPWISE = [{ lstm: { units: 2, returnSequences: true } }, { dense: { units: 1 } }];
const WINDOWED = [{ lstm: { units: 2 } }, { dense: { units: 1 } }];

/** `field: message` of each problem, all of which have a line. */
function faults({ data, model = STEPWISE, train }: Settings): string[] {
  const text = JSON.stringify(
    {
      name: 'Series',
      data: { csv: 'a.csv', target: 'y', ...data },
      model,
      train: { loss: 'meanSquaredError', ...train },
    },
    null,
    1,
  );
  const { problems } = parseRecipe(text);
  assert.ok(problems.every(({ range }) => range !== undefined));
  return problems.map(({ path, message }) => `${path}: ${message}`);
}

test('sequences, windows and forecasts that fit are accepted', () => {
  const fitting: Settings[] = [
    { data: { sequences: { ...CUT, validation: 1, testSteps: 3 }, time: 't', forecast: { steps: 3 }, difference: 1 } },
    { data: { sequences: CUT, features: ['y'] } },
    { data: { sequences: { ...CUT, validation: 1 } }, train: { earlyStopping: { monitor: 'val_loss' } } },
    { data: { sequences: { by: 'id', buckets: [4, 8] }, time: { column: 't', gaps: 'allow' } } },
    { data: { lookback: 4, horizon: 2, difference: 2, time: 't', forecast: { steps: 9 } }, model: WINDOWED },
    {
      data: { sequences: { by: 'id', output: 'last' }, categorical: ['y'] },
      model: [{ gru: { units: 3, returnSequences: true } }, { dense: { units: 3, activation: 'softmax' } }],
      train: { loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
    },
  ];
  for (const settings of fitting) {
    assert.deepEqual(faults(settings), [], JSON.stringify(settings));
  }
});

test('what does not fit together is told by field', () => {
  const cases: [Settings, RegExp][] = [
    [{ data: { sequences: CUT, lookback: 3 } }, /^data\.sequences: stand beside a lookback of 3/],
    [{ data: { horizon: 2 }, model: [{ dense: { units: 1 } }] }, /^data\.horizon: 2 steps ahead of what\?/],
    [{ data: { sequences: CUT, horizon: 2 } }, /^data\.horizon: 2 steps ahead do not go with sequences/],
    [{ data: { sequences: CUT, test: { rows: 2 } } }, /^data\.test: stands beside data\.sequences/],
    [{ data: { sequences: CUT }, train: { validationSplit: 0.2 } }, /^train\.validationSplit: stands beside/],
    [{ data: { sequences: { by: 'y' } } }, /^data\.sequences\.by: y marks the sequences and is a target/],
    [{ data: { sequences: { by: 'id', buckets: [8, 4] } } }, /^data\.sequences\.buckets: 4 stands behind 8/],
    [{ data: { sequences: { by: 'id' }, test: { time: 't', rows: 2 } } }, /^data\.test: divides rows by time/],
    [{ data: { sequences: { by: 'id' }, test: { every: 3, by: 'x' } } }, /^data\.test\.by: counts the rows of each x/],
    [{ data: { difference: 1 }, model: [{ dense: { units: 1 } }] }, /^data\.difference: 1 cannot be taken/],
    [
      { data: { lookback: 3, horizon: 3, difference: 2 }, model: WINDOWED },
      /^data\.difference: 2 is less than the horizon/,
    ],
    [{ data: { time: 't' }, model: [{ dense: { units: 1 } }] }, /^data\.time: t would order a series/],
    [{ data: { sequences: CUT, time: 'y' } }, /^data\.time: y is the time and a target/],
    [{ data: { sequences: CUT, features: ['y', 't'], time: 't' } }, /^data\.time: t is the time and a feature/],
    [
      { data: { lookback: 3, time: 't', test: { time: 'u', rows: 2 } }, model: WINDOWED },
      /^data\.test\.time: orders the rows by u, but data\.time by t/,
    ],
    [
      { data: { forecast: { steps: 2 } }, model: [{ dense: { units: 1 } }] },
      /^data\.forecast: cannot be made: the rows have no order/,
    ],
    [
      { data: { sequences: { by: 'id' }, forecast: { steps: 2 } } },
      /^data\.forecast: cannot be made: the rows are many series/,
    ],
    [{ data: { sequences: CUT, forecast: { steps: 0 } } }, /^data\.forecast\.steps: 0 is too small/],
    [
      { data: { sequences: CUT }, train: { earlyStopping: { monitor: 'val_loss' } } },
      /^train\.earlyStopping\.monitor: val_loss needs validation rows/,
    ],
    [
      {
        data: { sequences: CUT },
        model: [{ conv1d: { filters: 2, kernelSize: 3, padding: 'same' } }, { dense: { units: 1 } }],
      },
      /^model\[0\]\.conv1d: conv1d mixes time steps/,
    ],
    [
      { data: { sequences: { by: 'id' } }, model: ['batchNormalization', ...STEPWISE] },
      /^model\[0\]\.batchNormalization: batchNormalization would count/,
    ],
    [
      { data: { sequences: CUT }, model: WINDOWED },
      /^model\[1\]\.dense: gives the shape \[1\], but outputs of every step/,
    ],
    [
      { data: { sequences: CUT }, model: [{ lstm: { units: 2, returnSequences: true } }, { dense: { units: 2 } }] },
      /^model\[1\]\.dense: gives 2 outputs, but there is 1 target/,
    ],
    [
      {
        data: { sequences: CUT },
        model: [{ lstm: { units: 2, returnSequences: true } }, { dense: { units: 2, activation: 'softmax' } }],
        train: { loss: 'categoricalCrossentropy' },
      },
      /^train\.loss: categoricalCrossentropy compares classes/,
    ],
    [
      { data: { sequences: { by: 'id', output: 'each' }, features: ['y'] } },
      /^data\.features: y is a feature and the target/,
    ],
  ];
  for (const [settings, wanted] of cases) {
    const found = faults(settings);
    assert.deepEqual([found.length, wanted.test(found[0] ?? '')], [1, true], `${wanted}: ${found.join(' · ')}`);
  }
});

test('half of one kind of sequences and half of the other is refused with the words that belong there', () => {
  const [problem] = parseRecipe(
    JSON.stringify({
      name: 'Series',
      data: { csv: 'a.csv', target: 'y', sequences: { length: 4, buckets: [4] } },
      model: STEPWISE,
      train: { loss: 'meanSquaredError' },
    }),
  ).problems;
  assert.match(`${problem?.path}: ${problem?.message}`, /^data\.sequences/);
});

test('a module cannot take sequences, as nothing is known of its time steps', () => {
  const text = (data: object) =>
    JSON.stringify({
      name: 'Module',
      data: { csv: 'a.csv', target: 'y', ...data },
      model: { module: './a.mjs' },
      train: { loss: 'meanSquaredError' },
    });
  for (const sequences of [CUT, { by: 'id' }]) {
    const { problems } = parseRecipe(text({ sequences }));
    assert.deepEqual(
      problems.map(({ code, path }) => `${code} ${path}`),
      ['recipe-series data.sequences'],
    );
  }
  assert.deepEqual(parseRecipe(text({ lookback: 4 })).problems, []);
});
