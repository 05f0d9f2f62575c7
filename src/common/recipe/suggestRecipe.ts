/** Writes a first recipe for a data file: plain, commented, and ready to train. */
import { type ColumnProfile, columnOf, type DataProfile, estimateRows, isNumeric } from '../data/profile.ts';
import { formatCount, formatFigure } from '../format.ts';
import { canLearnFrom, type RecipeChoices, suggestLeaveOut, suggestTarget, timeColumnOf } from './suggestChoices.ts';
import { yamlComment, yamlList, yamlText } from './yamlText.ts';

const TEST_SHARE = 0.2;
const VALIDATION_SHARE = 0.2;

/** @returns The recipe's text. It trains as it is when `findBlockers` finds nothing. */
export function suggestRecipe(profile: DataProfile, choices: RecipeChoices): string {
  const plan = toPlan(profile, choices);
  const { units } = plan;
  return [
    yamlComment(
      `# Made from ${profile.file}: ${formatCount(estimateRows(profile))} rows, ${profile.columns.length} columns.`,
    ),
    `name: ${yamlText(choices.name)}`,
    `params: { units: ${units}, learningRate: ${plan.learningRate} } # used below as $units and $learningRate`,
    'data:',
    ...dataLines(plan),
    'model:',
    ...modelLines(plan),
    'train:',
    ...trainLines(plan),
    '',
  ].join('\n');
}

/** All that is decided before a line is written. */
interface Plan {
  readonly profile: DataProfile;
  readonly choices: RecipeChoices;
  readonly target: ColumnProfile;
  readonly features: readonly ColumnProfile[];
  readonly time: ColumnProfile | null;
  /** Rows that are left to learn from, about. */
  readonly trainRows: number;
  readonly lookback: number | null;
  readonly missing: 'drop' | 'mean' | null;
  readonly units: number;
  readonly learningRate: number;
}

function toPlan(profile: DataProfile, choices: RecipeChoices): Plan {
  const target = columnOf(profile, choices.target);
  if (target === undefined) {
    throw new RangeError(`${choices.target} is no column of ${profile.file}`);
  }
  const time = timeColumnOf(profile);
  const isForecast = choices.task === 'forecast';
  const isInput = (column: ColumnProfile) =>
    column !== time && canLearnFrom(column) && !choices.leaveOut.includes(column.name);
  const features = profile.columns.filter((column) => (column === target ? isForecast : isInput(column)));
  // Of what was not read, nothing is known: rows that lack a value must not end the run.
  const missing = missingPolicy(features, target) ?? (profile.share < 1 ? 'drop' : null);
  const rows = estimateRows(profile) - (missing === 'drop' ? mostMissing([...features, target]) : 0);
  const trainRows = Math.max(1, Math.floor(rows * (1 - TEST_SHARE) * (1 - VALIDATION_SHARE)));
  const plan = { profile, choices, target, features, time, trainRows, missing };
  return {
    ...plan,
    lookback: isForecast ? lookbackFor(time, rows) : null,
    units: unitsFor({ features, target, trainRows, task: choices.task }),
    learningRate: trainRows < 1000 ? 0.003 : 0.001,
  };
}

/** The mean can stand in for a number that is an input, and for nothing else. */
function missingPolicy(features: readonly ColumnProfile[], target: ColumnProfile): 'drop' | 'mean' | null {
  const holed = [...features, target].filter(({ missing }) => missing > 0);
  if (holed.length === 0) {
    return null;
  }
  return holed.every((column) => column !== target && isNumeric(column)) ? 'mean' : 'drop';
}

function mostMissing(columns: readonly ColumnProfile[]): number {
  return Math.max(...columns.map(({ missing }) => missing));
}

/** A round of the calendar, as far as the test rows allow: a window should not be longer than half of them. */
function lookbackFor(time: ColumnProfile | null, rows: number): number {
  const rounds: Record<string, number> = { '1 month': 12, '3 months': 4, '1 day': 7, '1 hour': 24, '1 week': 8 };
  const round = rounds[time?.time?.step ?? ''] ?? 10;
  return Math.max(1, Math.min(round, Math.floor((rows * TEST_SHARE) / 2)));
}

/** Below so many rows a recurrent network learns a trend and a season worse than a plain one that sees the window at once. */
const ROWS_FOR_RECURRENT = 1000;

/** As wide as the rows can carry: no more than about ten weights for each of them. A forecast is held back by its window. */
function unitsFor(data: Pick<Plan, 'features' | 'target' | 'trainRows'> & Pick<RecipeChoices, 'task'>): number {
  const { features, target, trainRows, task } = data;
  if (task === 'forecast') {
    return 32;
  }
  const inputs = features.reduce((sum, column) => sum + (column.type === 'category' ? column.distinct : 1), 0);
  const outputs = task === 'classification' ? target.distinct : 1;
  const weights = (units: number) => units * (inputs + units + outputs);
  return [128, 64, 32, 16, 8].find((units) => weights(units) <= 10 * trainRows) ?? 4;
}

function dataLines(plan: Plan): string[] {
  const { profile, choices, target, features, missing, lookback } = plan;
  const isClasses = choices.task === 'classification';
  const reasons = suggestLeaveOut(profile, choices.target);
  const others = profile.columns.filter(
    (column) => column !== target && column !== plan.time && column.name !== '' && !features.includes(column),
  );
  const words = [...features, ...(isClasses ? [target] : [])].filter(
    (column) => column.type === 'category' || column === target,
  );
  const range = rangeOf(features);
  return [
    `  csv: ${yamlText(choices.csv)}`,
    `  target: ${yamlText(target.name)}${targetComment(plan)}`,
    ...(others.length === 0
      ? []
      : [
          '  # Left out:',
          ...others.map(({ name }) => `  # - ${yamlComment(`${name}: ${reasons.get(name) ?? 'as chosen'}`)}`),
          `  features: ${yamlList(
            features.map(({ name }) => name),
            '  ',
          )}`,
        ]),
    ...(words.length === 0 || (!isClasses && !words.some(({ type }) => type === 'category'))
      ? []
      : [
          `  categorical: ${yamlList(
            words.filter((one) => isClasses || one !== target).map(({ name }) => name),
            '  ',
          )} # ${wordsComment(words, plan)}`,
        ]),
    ...(missing === null ? [] : [`  missing: ${missing} # ${missingComment(plan)}`]),
    `  test: ${testText(plan)}`,
    ...(range === null
      ? []
      : [`  scale: standard # inputs range from ${formatFigure(range[0])} to ${formatFigure(range[1])}`]),
    ...(isClasses ? [] : ["  scaleTarget: standard # results are still given in the target's own unit"]),
    ...(lookback === null
      ? []
      : [
          `  lookback: ${lookback} # steps that the network looks back${plan.time?.time?.step ? `, of ${plan.time.time.step} each` : ''}`,
          '  horizon: 1 # steps ahead',
        ]),
  ];
}

function targetComment({ profile, target, choices }: Plan): string {
  const suggested = suggestTarget(profile);
  const why = suggested.value === target.name ? `, ${suggested.reason}` : '';
  return choices.task === 'classification'
    ? ` # ${target.distinct} classes${profile.share < 1 ? ' in the part that was read' : ''}${why}`
    : ` # ${target.numbers === null ? '' : `from ${formatFigure(target.numbers.min)} to ${formatFigure(target.numbers.max)}`}${why}`;
}

function wordsComment(words: readonly ColumnProfile[], { target }: Plan): string {
  const hasInputs = words.some((column) => column !== target);
  const hasTarget = words.includes(target);
  return [hasInputs ? 'each word becomes an input' : '', hasTarget ? "the target's values become classes" : '']
    .filter((text) => text !== '')
    .join('; ');
}

function missingComment({ features, target, missing }: Plan): string {
  const holed = [...new Set([...features, target])].filter((column) => column.missing > 0);
  const list = holed.slice(0, 5).map((column) => `${column.name} ${formatCount(column.missing)}`);
  const what = missing === 'mean' ? 'the mean of the training rows stands in' : 'rows that lack a value are left out';
  if (holed.length === 0) {
    return `${what}; none was seen in the part of the file that was read`;
  }
  return yamlComment(`${what}; missing: ${list.join(', ')}${holed.length > 5 ? ', …' : ''}`);
}

function testText({ time, choices }: Plan): string {
  if (time !== null) {
    return `{ time: ${yamlText(time.name)}, fraction: ${TEST_SHARE} } # the latest fifth of the rows`;
  }
  return choices.task === 'forecast'
    ? `{ fraction: ${TEST_SHARE}, permutation: none } # the last fifth of the series`
    : `{ fraction: ${TEST_SHARE}, seed: 0 } # a fifth of the rows, drawn at random`;
}

function rangeOf(features: readonly ColumnProfile[]): readonly [number, number] | null {
  const numbers = features.flatMap((column) => (isNumeric(column) && column.numbers !== null ? [column.numbers] : []));
  return numbers.length === 0
    ? null
    : [Math.min(...numbers.map(({ min }) => min)), Math.max(...numbers.map(({ max }) => max))];
}

function modelLines({ choices, target, trainRows }: Plan): string[] {
  const hidden = '  - dense: { units: $units, activation: relu }';
  if (choices.task === 'forecast') {
    const body =
      trainRows < ROWS_FOR_RECURRENT
        ? ['  - flatten # the window as one row', hidden]
        : ['  - lstm: { units: $units }'];
    return [...body, '  - dense: { units: 1 } # a number of any size: no activation'];
  }
  const layers = trainRows < 100 ? [hidden] : [hidden, hidden];
  if (choices.task === 'regression') {
    return [...layers, '  - dense: { units: 1 } # a number of any size: no activation'];
  }
  return target.distinct === 2
    ? [...layers, '  - dense: { units: 1, activation: sigmoid } # the probability of the second class']
    : [...layers, `  - dense: { units: ${target.distinct}, activation: softmax } # a probability for each class`];
}

function trainLines({ choices, target, trainRows }: Plan): string[] {
  const isClasses = choices.task === 'classification';
  const loss = isClasses
    ? target.distinct === 2
      ? 'binaryCrossentropy'
      : 'categoricalCrossentropy'
    : 'meanSquaredError';
  return [
    `  loss: ${loss}`,
    `  metrics: ${isClasses ? '[accuracy]' : '[rmse, mae]'}`,
    '  optimizer: { adam: { learningRate: $learningRate } }',
    `  batchSize: ${batchFor(trainRows)}`,
    `  epochs: ${trainRows < 20_000 ? 200 : 50} # at most: training stops once validation no longer gains`,
    `  validationSplit: ${VALIDATION_SHARE}`,
    `  earlyStopping: { monitor: val_loss, patience: ${trainRows < 20_000 ? 15 : 5}, restoreBestWeights: true }`,
    '  seed: 0',
    '  device: auto',
  ];
}

/** Some twenty updates an epoch at least, and never more rows than there are. */
function batchFor(trainRows: number): number {
  const fit = [256, 128, 64, 32, 16, 8].find((size) => size * 20 <= trainRows) ?? 8;
  return Math.min(fit, trainRows);
}
