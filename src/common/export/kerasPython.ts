/** A recipe as a Python program for Keras 3: the same data, split, scaling, network and training. */
import { isClassification } from '../recipe/checkTraining.ts';
import type { DatasetName } from '../recipe/datasets.ts';
import type { DataSettings, Recipe } from '../recipe/schema.ts';
import { cutOf } from '../recipe/sequences.ts';
import { columnRoles, fitRows } from './dataRoles.ts';
import { divisorOf } from './divisorOf.ts';
import type { ExportOptions } from './exportRecipe.ts';
import { kerasLayer } from './kerasLayers.ts';
import { kerasCallbacks, kerasLoss, kerasMetrics, kerasOptimizer } from './kerasTraining.ts';
import { snake } from './kerasWords.ts';
import { layerVariables } from './layerVariables.ts';
import { programComments } from './programComments.ts';
import { pythonString, pythonStrings, pythonText } from './pythonText.ts';
import { testRowsPython } from './splitPython.ts';
import { encodeTextsPython, readTextsPython } from './textPython.ts';

/** @returns The program's text. Needs Keras 3 with a backend, NumPy and pandas. */
export function kerasPython(recipe: Recipe, options: ExportOptions): string {
  return [
    ...head(recipe, options),
    '',
    '# Data',
    ...(recipe.data.dataset === undefined ? tableData(recipe, options) : knownDataset(recipe, recipe.data.dataset)),
    '',
    '# Network',
    ...network(recipe),
    '',
    '# Training',
    ...training(recipe),
    '',
    '# Test',
    ...evaluation(recipe),
    `model.save(${pythonString(`${options.name}.keras`)})`,
    '',
  ].join('\n');
}

function head(recipe: Recipe, { recipeFile }: ExportOptions): string[] {
  return [
    ...programComments(recipe, recipeFile, 'pip install keras tensorflow numpy pandas'),
    'import keras',
    'import numpy as np',
    'import pandas as pd',
    'from keras import layers',
    ...(recipe.data.text === undefined ? [] : ['import re', 'from collections import Counter']),
    '',
    `keras.utils.set_random_seed(${recipe.train.seed})`,
  ];
}

function tableData(recipe: Recipe, options: ExportOptions): string[] {
  return [
    ...(recipe.data.text === undefined
      ? readTable(recipe, options)
      : readTextsPython(recipe.data, recipe.data.text, options)),
    '',
    '# Test rows, and the rows that scaling may see',
    ...testRowsPython(recipe),
    '',
    ...(recipe.data.text === undefined
      ? encode(recipe)
      : encodeTextsPython(recipe.data.text, fitRows(recipe.data).inputs)),
    ...encodeTargets(recipe),
  ];
}

/** Keras fetches the same files itself. */
function knownDataset({ data }: Recipe, dataset: DatasetName): string[] {
  const divide = divisorOf(data.scale);
  return [
    `(x_train, y_train), (x_test, y_test) = keras.datasets.${snake(dataset)}.load_data()`,
    `x_train = x_train[..., None].astype("float32") / ${divide}`,
    `x_test = x_test[..., None].astype("float32") / ${divide}`,
  ];
}

function readTable({ data }: Recipe, { csv }: ExportOptions): string[] {
  const { time, out, kept } = columnRoles(data);
  const features =
    data.features === undefined
      ? `[name for name in table.columns if not name.startswith("Unnamed:") and name not in ${pythonStrings(out)}]`
      : pythonStrings(data.features);
  const columns = `list(dict.fromkeys(features + targets${kept.length === 0 ? '' : ` + ${pythonStrings(kept)}`}))`;
  const required =
    data.missing === 'mean'
      ? '[name for name in table.columns if name in targets or name in categorical]'
      : 'list(table.columns)';
  return [
    `table = pd.read_csv(${pythonString(csv ?? '')}, skipinitialspace=True, keep_default_na=False, na_values=["", "NA", "NaN", "nan", "?"])`,
    `targets = ${pythonStrings(data.target)}`,
    `features = ${features}`,
    `categorical = ${pythonStrings(data.categorical)}`,
    `table = table[${columns}]`,
    data.missing === 'error'
      ? 'assert not table.isna().any(axis=None), "a field has no value"'
      : `table = table.dropna(subset=${required}).reset_index(drop=True)`,
    ...(time === null ? [] : [`table = table.sort_values(${pythonString(time)}, kind="stable", ignore_index=True)`]),
  ];
}

const FITS = {
  standard: 'values.mean(), values.std(ddof=1) or 1.0',
  minMax: 'values.min(), (values.max() - values.min()) or 1.0',
  none: '0.0, 1.0',
};

const fitOf = (scale: DataSettings['scale']) => (typeof scale === 'string' ? FITS[scale] : `0.0, ${scale.divide}`);

function encode(recipe: Recipe): string[] {
  const { data } = recipe;
  const fill =
    data.missing === 'mean' ? ['    values = np.where(np.isnan(values), np.nanmean(values[seen]), values)'] : [];
  const values = data.difference === undefined ? 'table[name]' : '(changes if name in targets else table)[name]';
  return [
    ...(data.difference === undefined
      ? []
      : [
          `# Changes of the targets from ${data.difference} row${data.difference === 1 ? '' : 's'} before`,
          `changes = table[targets].diff(${data.difference})`,
          '',
        ]),
    '# Inputs: words one-hot, numbers scaled by the rows that training sees',
    'def encode(name):',
    '    if name in categorical:',
    '        words = np.unique(table[name])',
    '        return (table[name].to_numpy()[:, None] == words).astype("float64")',
    `    values = ${values}.to_numpy("float64")`,
    ...fill,
    `    offset, factor = fit(values[${fitRows(data).inputs}])`,
    '    return ((values - offset) / factor)[:, None]',
    '',
    'def fit(values):',
    `    return ${fitOf(data.scale)}`,
    '',
    'x = np.concatenate([encode(name) for name in features], axis=1)',
    ...(data.image === undefined
      ? []
      : [`x = x.reshape(-1, ${data.image.height}, ${data.image.width}, ${data.image.channels})`]),
    ...samples(data),
  ];
}

function samples(data: DataSettings): string[] {
  const cut = cutOf(data);
  if (cut !== null) {
    return [
      'x_train = x[steps]',
      ...(cut.validation === undefined ? [] : ['x_validation = x[validation_steps]']),
      '# The state of the test begins with the last sequence before it',
      `x_test = x[None, test[0] - 1 - ${cut.length} : test[-1]]`,
    ];
  }
  const back = (data.lookback ?? 1) - 1 + data.horizon;
  return data.lookback === undefined
    ? ['x_train, x_test = x[train], x[test]']
    : [
        'def windows(rows):',
        `    return np.stack([x[row - ${back} : row - ${back - data.lookback}] for row in rows])`,
        '',
        'x_train, x_test = windows(train), windows(test)',
      ];
}

function encodeTargets(recipe: Recipe): string[] {
  const { data } = recipe;
  if (isClassification(recipe)) {
    const [name = ''] = data.target;
    const codes = data.categorical.includes(name)
      ? `np.unique(table[${pythonString(name)}], return_inverse=True)[1]`
      : `table[${pythonString(name)}].to_numpy()`;
    return [`y = ${codes}.astype("int64")`, 'y_train, y_test = y[train], y[test]'];
  }
  const wanted = data.difference === undefined ? 'y' : 'change';
  const seen = `${wanted}[${fitRows(data).targets}]`;
  const fits = {
    none: 'np.zeros(y.shape[1]), np.ones(y.shape[1])',
    standard: `${seen}.mean(axis=0), ${seen}.std(axis=0, ddof=1)`,
    minMax: `${seen}.min(axis=0), np.ptp(${seen}, axis=0)`,
  };
  const cut = cutOf(data);
  const rows = cut === null ? 'train' : 'steps + 1';
  return [
    'y = table[targets].to_numpy("float64")',
    ...(data.difference === undefined
      ? []
      : [`base = table[targets].shift(${data.difference}).to_numpy("float64")`, 'change = y - base']),
    `offset, factor = ${fits[data.scaleTarget]}`,
    `y_train, y_test = (${wanted}[${rows}] - offset) / factor, y[test]`,
    ...(cut?.validation === undefined ? [] : [`y_validation = (${wanted}[validation_steps + 1] - offset) / factor`]),
  ];
}

function network(recipe: Recipe): string[] {
  const variables = layerVariables(recipe.model);
  const last = recipe.model.at(-1)?.name ?? '';
  return [
    cutOf(recipe.data) === null
      ? 'inputs = keras.Input(shape=x_train.shape[1:])'
      : 'inputs = keras.Input(shape=(None, x_train.shape[-1]))',
    ...recipe.model.map((layer) => {
      const from = layer.inputs.map((name) => variables.get(name) ?? name);
      const read = from.length === 1 ? from[0] : `[${from.join(', ')}]`;
      return `${variables.get(layer.name)} = ${pythonText(kerasLayer(layer))}(${read})`;
    }),
    `model = keras.Model(inputs, ${variables.get(last)}, name="model")`,
    'model.summary()',
  ];
}

function training(recipe: Recipe): string[] {
  const { train } = recipe;
  const metrics = kerasMetrics(recipe).map(pythonText);
  const callbacks = kerasCallbacks(recipe).map(pythonText);
  const split = train.validationSplit;
  return [
    'model.compile(',
    `    optimizer=${pythonText(kerasOptimizer(train.optimizer))},`,
    `    loss=${pythonString(kerasLoss(recipe))},`,
    ...(train.lossWeight === 1 ? [] : [`    loss_weights=[${train.lossWeight}],`]),
    `    metrics=[${metrics.join(', ')}],`,
    ')',
    ...(train.shuffle === 'once' ? shuffleOnce(recipe) : []),
    'history = model.fit(',
    '    x_train,',
    '    y_train,',
    `    batch_size=${train.batchSize},`,
    `    epochs=${train.epochs},`,
    `    shuffle=${train.shuffle === true ? 'True' : 'False'},`,
    ...(split === undefined ? [] : [`    validation_split=${split},`]),
    ...(cutOf(recipe.data)?.validation === undefined ? [] : ['    validation_data=(x_validation, y_validation),']),
    ...(callbacks.length === 0 ? [] : [`    callbacks=[${callbacks.join(', ')}],`]),
    '    verbose=2,',
    ')',
  ];
}

/** Validation rows are the last ones and stay where they are. */
function shuffleOnce({ train }: Recipe): string[] {
  const kept =
    train.validationSplit === undefined ? 'len(x_train)' : `int(len(x_train) * (1 - ${train.validationSplit}))`;
  return [
    '# Shuffled once, before the first epoch',
    `kept = ${kept}`,
    `once = np.concatenate([np.random.RandomState(${train.seed}).permutation(kept), np.arange(kept, len(x_train))])`,
    'x_train, y_train = x_train[once], y_train[once]',
  ];
}

function evaluation(recipe: Recipe): string[] {
  const unit = recipe.data.unit === undefined ? '' : ` ${recipe.data.unit}`;
  if (!isClassification(recipe)) {
    const cut = cutOf(recipe.data);
    const told = cut === null ? '' : `[0, ${cut.length}:]`;
    const added = recipe.data.difference === undefined ? '' : ' + base[test]';
    return [
      `predicted = model.predict(x_test, verbose=0)${told} * factor + offset${added}`,
      `print(f"test rmse {np.sqrt(np.mean((predicted - y_test) ** 2)):.4g}${unit.replace(/[{}"\\]/g, '')}")`,
    ];
  }
  const classes =
    recipe.train.loss === 'binaryCrossentropy'
      ? '(model.predict(x_test, verbose=0)[:, 0] > 0.5).astype("int64")'
      : 'model.predict(x_test, verbose=0).argmax(axis=1)';
  return [`predicted = ${classes}`, 'print(f"test accuracy {np.mean(predicted == y_test):.4f}")'];
}
