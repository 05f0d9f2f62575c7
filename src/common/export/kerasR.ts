/** A recipe as an R program for the package keras3: the same data, split, scaling, network and training. */
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
import { rString, rStrings, rText } from './rText.ts';
import { testRowsR } from './splitR.ts';
import { encodeTextsR, readTextsR } from './textR.ts';

/** @returns The program's text. Needs the R package keras3 with a Python that has Keras. */
export function kerasR(recipe: Recipe, options: ExportOptions): string {
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
    `save_model(model, ${rString(`${options.name}.keras`)}, overwrite = TRUE)`,
    '',
  ].join('\n');
}

function head(recipe: Recipe, { recipeFile }: ExportOptions): string[] {
  return [
    ...programComments(recipe, recipeFile, 'install.packages("keras3"); keras3::install_keras()'),
    'library(keras3)',
    'np <- reticulate::import("numpy", convert = FALSE)',
    "permutation <- function(seed, n) { # NumPy's, so that the split is the recipe's",
    '  unlist(reticulate::py_to_r(np$random$RandomState(seed)$permutation(as.integer(n))$tolist())) + 1L',
    '}',
    '',
    `set_random_seed(${recipe.train.seed}L)`,
  ];
}

function tableData(recipe: Recipe, options: ExportOptions): string[] {
  return [
    ...(recipe.data.text === undefined
      ? readTable(recipe, options)
      : readTextsR(recipe.data, recipe.data.text, options)),
    '',
    '# Test rows, and the rows that scaling may see',
    ...testRowsR(recipe),
    '',
    ...(recipe.data.text === undefined ? encode(recipe) : encodeTextsR(recipe.data.text, fitRows(recipe.data).inputs)),
    ...encodeTargets(recipe),
  ];
}

/** Keras fetches the same files itself. */
function knownDataset({ data }: Recipe, dataset: DatasetName): string[] {
  const divide = divisorOf(data.scale);
  return [
    `known <- dataset_${snake(dataset)}()`,
    `images_of <- function(x) array(x / ${divide}, c(dim(x), 1L))`,
    'x_train <- images_of(known$train$x)',
    'x_test <- images_of(known$test$x)',
    'y_train <- matrix(as.integer(known$train$y))',
    'y_test <- matrix(as.integer(known$test$y))',
  ];
}

function readTable({ data }: Recipe, { csv }: ExportOptions): string[] {
  const { time, out, kept } = columnRoles(data);
  const features =
    data.features === undefined ? `setdiff(names(table), ${rStrings(['', ...out])})` : rStrings(data.features);
  const columns = `unique(c(${['features', 'targets', ...kept.map(rString)].join(', ')}))`;
  const required = data.missing === 'mean' ? 'intersect(names(table), c(targets, categorical))' : 'names(table)';
  return [
    `table <- read.csv(${rString(csv ?? '')}, check.names = FALSE, strip.white = TRUE, na.strings = c("", "NA", "NaN", "nan", "?"))`,
    `targets <- ${rStrings(data.target)}`,
    `features <- ${features}`,
    `categorical <- ${data.categorical.length === 0 ? 'character(0)' : rStrings(data.categorical)}`,
    `table <- table[${columns}]`,
    data.missing === 'error'
      ? 'stopifnot("a field has no value" = !anyNA(table))'
      : `table <- table[complete.cases(table[${required}]), , drop = FALSE]`,
    ...(time === null ? [] : [`table <- table[order(table[[${rString(time)}]], method = "radix"), , drop = FALSE]`]),
  ];
}

const FITS = {
  standard: 'c(mean(values), sd(values))',
  minMax: 'c(min(values), max(values) - min(values))',
  none: 'c(0, 1)',
};

const fitOf = (scale: DataSettings['scale']) => (typeof scale === 'string' ? FITS[scale] : `c(0, ${scale.divide})`);

function encode(recipe: Recipe): string[] {
  const { data } = recipe;
  const { difference } = data;
  return [
    ...(difference === undefined
      ? []
      : [
          `# Changes of the targets from ${difference} row${difference === 1 ? '' : 's'} before`,
          'changes <- table[targets]',
          `for (name in targets) changes[[name]] <- c(rep(NA, ${difference}L), diff(table[[name]], lag = ${difference}L))`,
          '',
        ]),
    '# Inputs: words one-hot, numbers scaled by the rows that training sees',
    'scale_of <- function(values) {',
    `  found <- ${fitOf(data.scale)}`,
    '  if (found[2] == 0) c(found[1], 1) else found',
    '}',
    'encode <- function(name) {',
    difference === undefined
      ? '  values <- table[[name]]'
      : '  values <- if (name %in% targets) changes[[name]] else table[[name]]',
    '  if (name %in% categorical) {',
    '    words <- sort(unique(values), method = "radix")',
    '    return(outer(values, words, "==") * 1)',
    '  }',
    ...(data.missing === 'mean' ? ['  values[is.na(values)] <- mean(values[seen], na.rm = TRUE)'] : []),
    `  found <- scale_of(values[${fitRows(data).inputs}])`,
    '  matrix((values - found[1]) / found[2])',
    '}',
    'x <- do.call(cbind, lapply(features, encode))',
    ...imageShape(data),
    ...samples(data),
  ];
}

function samples(data: DataSettings): string[] {
  const cut = cutOf(data);
  const back = (data.lookback ?? 1) - 1 + data.horizon;
  const rest = ', '.repeat(dimensionsOf(data) - 1);
  if (cut !== null) {
    return [
      'sequences <- function(values, rows) {',
      '  cut <- array(0, c(dim(rows), ncol(values)))',
      '  for (i in seq_len(nrow(rows))) cut[i, , ] <- values[rows[i, ], , drop = FALSE]',
      '  cut',
      '}',
      'x_train <- sequences(x, steps)',
      ...(cut.validation === undefined ? [] : ['x_validation <- sequences(x, validation_steps)']),
      '# The state of the test begins with the last sequence before it',
      `x_test <- sequences(x, matrix((min(test) - 1L - ${cut.length}L):(max(test) - 1L), 1))`,
    ];
  }
  return [
    ...(data.lookback === undefined
      ? [`x_train <- x[train, ${rest}drop = FALSE]`, `x_test <- x[test, ${rest}drop = FALSE]`]
      : [
          'windows <- function(rows) {',
          `  cut <- array(0, c(length(rows), ${data.lookback}L, ncol(x)))`,
          `  for (i in seq_along(rows)) cut[i, , ] <- x[rows[i] - ${back}L + seq_len(${data.lookback}L) - 1L, , drop = FALSE]`,
          '  cut',
          '}',
          'x_train <- windows(train)',
          'x_test <- windows(test)',
        ]),
  ];
}

/** R keeps the first index fastest, so that the dimensions are turned around twice. */
function imageShape({ image }: DataSettings): string[] {
  return image === undefined
    ? []
    : [`x <- aperm(array(t(x), c(${image.channels}L, ${image.width}L, ${image.height}L, nrow(x))), c(4, 3, 2, 1))`];
}

/** Of the inputs, the samples counted. */
function dimensionsOf({ image, lookback, sequences }: DataSettings): number {
  return image !== undefined ? 4 : lookback !== undefined || sequences !== undefined ? 3 : 2;
}

function encodeTargets(recipe: Recipe): string[] {
  const { data } = recipe;
  if (isClassification(recipe)) {
    const [name = ''] = data.target;
    const column = `table[[${rString(name)}]]`;
    const codes = data.categorical.includes(name)
      ? `match(${column}, sort(unique(${column}), method = "radix")) - 1L`
      : `as.integer(${column})`;
    return [`y <- matrix(${codes})`, 'y_train <- y[train, , drop = FALSE]', 'y_test <- y[test, , drop = FALSE]'];
  }
  const { difference } = data;
  const wanted = difference === undefined ? 'y' : 'change';
  const seen = `${wanted}[${fitRows(data).targets}, , drop = FALSE]`;
  const fits = {
    none: ['rep(0, ncol(y))', 'rep(1, ncol(y))'],
    standard: [`colMeans(${seen})`, `apply(${seen}, 2, sd)`],
    minMax: [`apply(${seen}, 2, min)`, `apply(${seen}, 2, function(column) diff(range(column)))`],
  };
  const cut = cutOf(data);
  const scaled = (rows: string) => `sweep(sweep(${wanted}${rows}, 2, offset), 2, factor, "/")`;
  const [offset, factor] = fits[data.scaleTarget];
  return [
    'y <- as.matrix(table[targets])',
    ...(difference === undefined
      ? []
      : [`base <- rbind(matrix(NA, ${difference}L, ncol(y)), head(y, -${difference}L))`, 'change <- y - base']),
    `offset <- ${offset}`,
    `factor <- ${factor}`,
    ...(cut === null
      ? [`y_train <- ${scaled('[train, , drop = FALSE]')}`]
      : [`scaled <- ${scaled('')}`, 'y_train <- sequences(scaled, steps + 1L)']),
    ...(cut?.validation === undefined ? [] : ['y_validation <- sequences(scaled, validation_steps + 1L)']),
    'y_test <- y[test, , drop = FALSE]',
  ];
}

function network(recipe: Recipe): string[] {
  const variables = layerVariables(recipe.model);
  const last = recipe.model.at(-1)?.name ?? '';
  return [
    cutOf(recipe.data) === null
      ? 'inputs <- keras_input(shape = dim(x_train)[-1])'
      : 'inputs <- keras_input(shape = c(NA, dim(x_train)[3]))',
    ...recipe.model.map((layer) => {
      const from = layer.inputs.map((name) => variables.get(name) ?? name);
      const read = from.length === 1 ? from[0] : `list(${from.join(', ')})`;
      return `${variables.get(layer.name)} <- ${read} |> ${rText(kerasLayer(layer))}`;
    }),
    `model <- keras_model(inputs, ${variables.get(last)})`,
    'summary(model)',
  ];
}

function training(recipe: Recipe): string[] {
  const { train } = recipe;
  const metrics = kerasMetrics(recipe).map(rText);
  const callbacks = kerasCallbacks(recipe).map(rText);
  return [
    'model |> compile(',
    `  optimizer = ${rText(kerasOptimizer(train.optimizer))},`,
    `  loss = ${rString(kerasLoss(recipe))},`,
    ...(train.lossWeight === 1 ? [] : [`  loss_weights = list(${train.lossWeight}),`]),
    `  metrics = list(${metrics.join(', ')})`,
    ')',
    ...(train.shuffle === 'once' ? shuffleOnce(recipe) : []),
    'history <- model |> fit(',
    '  x_train, y_train,',
    `  batch_size = ${train.batchSize}L,`,
    `  epochs = ${train.epochs}L,`,
    ...(train.validationSplit === undefined ? [] : [`  validation_split = ${train.validationSplit},`]),
    ...(cutOf(recipe.data)?.validation === undefined ? [] : ['  validation_data = list(x_validation, y_validation),']),
    ...(callbacks.length === 0 ? [] : [`  callbacks = list(${callbacks.join(', ')}),`]),
    `  shuffle = ${train.shuffle === true ? 'TRUE' : 'FALSE'},`,
    '  verbose = 2',
    ')',
  ];
}

/** Validation rows are the last ones and stay where they are. */
function shuffleOnce({ data, train }: Recipe): string[] {
  const kept =
    train.validationSplit === undefined ? 'nrow(x_train)' : `floor(nrow(x_train) * (1 - ${train.validationSplit}))`;
  return [
    '# Shuffled once, before the first epoch',
    `kept <- ${kept}`,
    'rest <- seq_len(nrow(x_train))[-seq_len(kept)]',
    `once <- c(permutation(${train.seed}L, kept), rest)`,
    `x_train <- x_train[once, ${', '.repeat(dimensionsOf(data) - 1)}drop = FALSE]`,
    `y_train <- y_train[once, ${', '.repeat(cutOf(data) === null ? 1 : 2)}drop = FALSE]`,
  ];
}

function evaluation(recipe: Recipe): string[] {
  const unit = recipe.data.unit === undefined ? '' : ` ${recipe.data.unit}`;
  if (!isClassification(recipe)) {
    const cut = cutOf(recipe.data);
    const told =
      cut === null
        ? 'predict(model, x_test, verbose = 0)'
        : `matrix(predict(model, x_test, verbose = 0)[1, -seq_len(${cut.length}L), ], ncol = ncol(y))`;
    const added = recipe.data.difference === undefined ? '' : ' + base[test, , drop = FALSE]';
    return [
      `predicted <- sweep(sweep(${told}, 2, factor, "*"), 2, offset, "+")${added}`,
      `cat("test rmse", signif(sqrt(mean((predicted - y_test)^2)), 4), ${rString(`${unit.trim()}\n`)})`,
    ];
  }
  const classes =
    recipe.train.loss === 'binaryCrossentropy'
      ? '(predict(model, x_test, verbose = 0)[, 1] > 0.5) * 1L'
      : 'max.col(predict(model, x_test, verbose = 0), ties.method = "first") - 1L';
  return [`predicted <- ${classes}`, 'cat("test accuracy", round(mean(predicted == y_test[, 1]), 4), "\\n")'];
}
