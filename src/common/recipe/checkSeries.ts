/** Refuses settings of a series that do not fit together, before any data is read. */
import type { Problem } from '../errors.ts';
import type { LayerType } from './layers.ts';
import type { Recipe } from './schema.ts';
import { cutOf, groupedOf } from './sequences.ts';

/** Layers that keep the time steps apart and look at no later one. */
const STEPWISE: readonly LayerType[] = [
  'dense',
  'dropout',
  'activation',
  'batchNormalization',
  'lstm',
  'gru',
  'simpleRNN',
  'concatenate',
  'add',
];

/** @param isClass Whether the loss compares classes rather than values. */
export function checkSeries(recipe: Recipe, isClass: boolean): Problem[] {
  return [
    ...checkShape(recipe),
    ...checkCut(recipe, isClass),
    ...checkGrouped(recipe),
    ...checkDifference(recipe, isClass),
    ...checkTime(recipe),
    ...checkForecast(recipe, isClass),
    ...checkLayers(recipe),
  ];
}

const problem = (path: string, message: string, remedy: string): Problem => ({
  code: 'recipe-series',
  path,
  message,
  remedy,
});

function checkShape({ data }: Recipe): Problem[] {
  const { lookback, horizon, sequences } = data;
  if (sequences !== undefined && lookback !== undefined) {
    return [
      problem(
        'data.sequences',
        `stand beside a lookback of ${lookback}: both say how the series is cut.`,
        'Take out data.lookback for a target at every step, or data.sequences for windows with one target each.',
      ),
    ];
  }
  if (horizon > 1 && lookback === undefined) {
    return [
      sequences === undefined
        ? problem(
            'data.horizon',
            `${horizon} steps ahead of what? There is no window.`,
            'Set data.lookback too, or take horizon out.',
          )
        : problem(
            'data.horizon',
            `${horizon} steps ahead do not go with sequences, where the target of a step is the next.`,
            'Take horizon out, or use data.lookback in place of data.sequences.',
          ),
    ];
  }
  return [];
}

function checkCut({ data, train }: Recipe, isClass: boolean): Problem[] {
  if (cutOf(data) === null) {
    return [];
  }
  return [
    ...(data.test === undefined
      ? []
      : [
          problem(
            'data.test',
            'stands beside data.sequences, which say themselves what the test is.',
            'Take data.test out; sequences.testSteps says how many steps to test on.',
          ),
        ]),
    ...(train.validationSplit === undefined
      ? []
      : [
          problem(
            'train.validationSplit',
            'stands beside data.sequences, which say themselves what is for validation.',
            'Take it out, and set sequences.validation.',
          ),
        ]),
    ...(isClass
      ? [
          problem(
            'train.loss',
            `${train.loss} compares classes, but a series that is cut into sequences holds numbers.`,
            'Use meanSquaredError, or mark sequences by a column: sequences: { by: … }.',
          ),
        ]
      : []),
  ];
}

function checkGrouped({ data }: Recipe): Problem[] {
  const grouped = groupedOf(data);
  if (grouped === null) {
    return [];
  }
  const { by, buckets = [] } = grouped;
  const role = data.target.includes(by) ? 'target' : data.features?.includes(by) ? 'feature' : null;
  const fall = buckets.findIndex((length, i) => i > 0 && length <= (buckets[i - 1] ?? 0));
  return [
    ...(role === null
      ? []
      : [
          problem(
            'data.sequences.by',
            `${by} marks the sequences and is a ${role}.`,
            `Name another column, or take it out of data.${role === 'target' ? 'target' : 'features'}.`,
          ),
        ]),
    ...(fall === -1
      ? []
      : [
          problem(
            'data.sequences.buckets',
            `${buckets[fall]} stands behind ${buckets[fall - 1]}.`,
            'Give the lengths in ascending order, each once.',
          ),
        ]),
    ...(data.test !== undefined && 'time' in data.test
      ? [
          problem(
            'data.test',
            'divides rows by time, but whole sequences are for training or for the test.',
            'Give rows or fraction, which then count sequences.',
          ),
        ]
      : []),
    ...(data.test !== undefined && 'every' in data.test && data.test.by !== undefined
      ? [
          problem(
            'data.test.by',
            `counts the rows of each ${data.test.by}, but whole sequences are for training or for the test.`,
            'Take it out: every then counts sequences.',
          ),
        ]
      : []),
  ];
}

function checkDifference({ data }: Recipe, isClass: boolean): Problem[] {
  const { difference, lookback, horizon } = data;
  if (difference === undefined) {
    return [];
  }
  if ((lookback === undefined && cutOf(data) === null) || isClass) {
    const why = isClass ? 'classes have no difference' : 'the rows are no one series';
    return [
      problem(
        'data.difference',
        `${difference} cannot be taken: ${why}.`,
        isClass ? 'Take difference out.' : 'Set data.lookback, or sequences: { length: … }, or take difference out.',
      ),
    ];
  }
  return difference < horizon
    ? [
        problem(
          'data.difference',
          `${difference} is less than the horizon of ${horizon}: the value that a change is added to would not be known yet.`,
          `Use at least ${horizon}.`,
        ),
      ]
    : [];
}

function checkTime({ data }: Recipe): Problem[] {
  const { time, lookback, sequences, target, features, test } = data;
  if (time === undefined) {
    return [];
  }
  if (lookback === undefined && sequences === undefined) {
    return [
      problem(
        'data.time',
        `${time.column} would order a series, but each row is a sample by itself.`,
        'Set data.lookback or data.sequences, or take data.time out; data.test can name a time column of its own.',
      ),
    ];
  }
  const grouped = groupedOf(data);
  const role =
    grouped?.by === time.column
      ? 'mark of the sequences'
      : target.includes(time.column)
        ? 'target'
        : features?.includes(time.column)
          ? 'feature'
          : null;
  if (role !== null) {
    return [
      problem(
        'data.time',
        `${time.column} is the time and a ${role}.`,
        'Give each its own column; what recurs in time, such as the month, can be a feature as a number.',
      ),
    ];
  }
  return test !== undefined && 'time' in test && test.time !== time.column
    ? [
        problem(
          'data.test.time',
          `orders the rows by ${test.time}, but data.time by ${time.column}.`,
          `Write ${time.column} in both.`,
        ),
      ]
    : [];
}

function checkForecast({ data }: Recipe, isClass: boolean): Problem[] {
  if (data.forecast === undefined) {
    return [];
  }
  if (data.lookback === undefined && cutOf(data) === null) {
    const why = groupedOf(data) === null ? 'the rows have no order in time' : 'the rows are many series and not one';
    return [
      problem(
        'data.forecast',
        `cannot be made: ${why}.`,
        'Set data.lookback, or sequences: { length: … }, or take forecast out.',
      ),
    ];
  }
  return isClass
    ? [problem('data.forecast', 'cannot be made of classes.', 'Foretell a number, or take forecast out.')]
    : [];
}

function checkLayers({ data, model, module }: Recipe): Problem[] {
  if (data.sequences === undefined) {
    return [];
  }
  if (module !== null) {
    return [
      problem(
        'data.sequences',
        'need layers that keep time steps apart and whose state can be carried on, which cannot be told of a module.',
        'List the layers under model, or use windows: data.lookback.',
      ),
    ];
  }
  const isFilled = groupedOf(data) !== null;
  return model.flatMap((layer, index) => {
    const path = `model[${index}].${layer.type}`;
    if (!STEPWISE.includes(layer.type)) {
      return [
        problem(
          path,
          `${layer.type} mixes time steps, but with data.sequences each step may know only those before it.`,
          `Use ${STEPWISE.join(', ')}, or windows: data.lookback.`,
        ),
      ];
    }
    return isFilled && layer.type === 'batchNormalization'
      ? [
          problem(
            path,
            'batchNormalization would count what short sequences are filled up with.',
            'Take it out, or scale the data: data.scale: standard.',
          ),
        ]
      : [];
  });
}
