/** Refuses a `tune:` that does not fit the recipe: names, ends of ranges, grids, and values that the recipe cannot take. */
import type { ErrorCode } from '../errorCodes.ts';
import type { Problem } from '../errors.ts';
import { metricDirection } from '../run/metricDirection.ts';
import { countPoints, gridAxes, gridCount, tidyNumber, toSearchRange } from '../study/searchSpace.ts';
import type { SearchRange } from '../study/studyEvents.ts';
import { hasValidation, isClassification, measuredMetrics } from './checkTraining.ts';
import { didYouMean } from './didYouMean.ts';
import type { ParamValue } from './params.ts';
import type { Recipe } from './schema.ts';
import { cutOf } from './sequences.ts';
import { MOST_GRID_POINTS, type TuneRange, type TuneSettings } from './tune.ts';

export interface TuneCheck {
  readonly recipe: Recipe;
  readonly tune: TuneSettings;
  /** The recipe as plain values, `$name` as written. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** What is wrong with a recipe given as plain values. */
  readonly check: (raw: unknown) => readonly Problem[];
}

const problem = (code: ErrorCode, path: string, message: string, remedy: string): Problem => ({
  code,
  path,
  message,
  remedy,
});

/** At most so many values of one parameter are tried on the recipe; of more, the first ones. */
const TRIED_VALUES = 50;

export function checkTune(given: TuneCheck): Problem[] {
  const { recipe, tune } = given;
  const ofParams = Object.entries(tune.params).flatMap(([name, range]) => {
    const ofRange = [...checkName(name, given), ...checkRange(name, range)];
    return ofRange.length > 0 ? ofRange : checkValues(name, toSearchRange(range), given);
  });
  return [
    ...checkObjective(recipe, tune),
    ...ofParams,
    ...(ofParams.length === 0 && tune.algorithm === 'grid' ? checkGrid(tune) : []),
    ...checkHalving(recipe, tune),
  ];
}

/** Metrics on the test rows that the evaluation tells. */
function testMetrics(recipe: Recipe): string[] {
  const names = isClassification(recipe) ? ['accuracy'] : [...new Set(['rmse', ...recipe.train.metrics])];
  return names.map((name) => `test_${name}`);
}

function checkObjective(recipe: Recipe, { objective }: TuneSettings): Problem[] {
  const goal = objective.minimize === undefined ? 'maximize' : 'minimize';
  const metric = objective[goal] ?? '';
  const path = `tune.objective.${goal}`;
  const known = [...measuredMetrics(recipe), ...testMetrics(recipe)];
  if (!known.includes(metric)) {
    const isUnheld = metric.startsWith('val_') && !hasValidation(recipe);
    const hold = cutOf(recipe.data) === null ? 'validationSplit: 0.2 under train' : 'validation under data.sequences';
    const guess = didYouMean(metric, known);
    return [
      problem(
        'recipe-tune',
        path,
        isUnheld ? `${metric} needs validation rows, and there are none.` : `${metric} is not measured.`,
        isUnheld
          ? `Add ${hold}, or choose by a training metric.`
          : `${guess === null ? '' : `Did you mean ${guess}? `}Measured are: ${known.join(', ')}; others go under train.metrics.`,
      ),
    ];
  }
  const isHigherBetter = metricDirection(metric) === 'higher';
  const wanted = isHigherBetter ? 'maximize' : 'minimize';
  return goal === wanted
    ? []
    : [
        problem(
          'recipe-tune',
          path,
          `${metric} is better when it is ${isHigherBetter ? 'higher' : 'lower'}.`,
          `Write objective: { ${wanted}: ${metric} }.`,
        ),
      ];
}

function checkName(name: string, { recipe, raw }: TuneCheck): Problem[] {
  const path = `tune.params.${name}`;
  const known = Object.keys(recipe.params);
  if (!known.includes(name)) {
    const guess = didYouMean(name, known);
    const list = known.length === 0 ? `Add \`${name}: <value>\` under params.` : `Its params: ${known.join(', ')}.`;
    return [
      problem(
        'recipe-unknown-param',
        path,
        `${name} has no entry under params.`,
        guess === null ? list : `Did you mean ${guess}? ${list}`,
      ),
    ];
  }
  const { params: _values, tune: _tune, ...used } = raw;
  // A module is given all of them.
  return recipe.module !== null || holds(used, `$${name}`)
    ? []
    : [
        problem(
          'recipe-tune',
          path,
          `$${name} is used nowhere in the recipe, so every trial would be the same.`,
          `Write $${name} where the value belongs.`,
        ),
      ];
}

function holds(value: unknown, reference: string): boolean {
  return typeof value === 'object' && value !== null
    ? Object.values(value).some((inner) => holds(inner, reference))
    : value === reference;
}

function checkRange(name: string, range: TuneRange): Problem[] {
  const ends = range.int ?? range.double;
  const path = `tune.params.${name}`;
  const type = range.int === undefined ? 'double' : 'int';
  if (ends !== undefined && ends[0] >= ends[1]) {
    return [
      problem(
        'recipe-out-of-range',
        `${path}.${type}`,
        `[${ends[0]}, ${ends[1]}] leaves nothing to search: the first must be the smaller one.`,
        'Write the least and the greatest value, in this order.',
      ),
    ];
  }
  const least = ends?.[0] ?? (range.discrete === undefined ? 1 : Math.min(...range.discrete));
  if (range.scale !== 'linear' && least <= 0) {
    return [
      problem(
        'recipe-out-of-range',
        `${path}.scale`,
        `${range.scale} needs values above 0, and the least is ${least}.`,
        'Use scale: linear, or begin above 0.',
      ),
    ];
  }
  const hasSteps = range.steps !== undefined && ends === undefined;
  const hasScale = range.scale !== 'linear' && range.categorical !== undefined;
  return hasSteps || hasScale
    ? [
        problem(
          'recipe-tune',
          `${path}.${hasSteps ? 'steps' : 'scale'}`,
          `says nothing about ${range.categorical === undefined ? 'discrete' : 'categorical'} values.`,
          'Take it out.',
        ),
      ]
    : [];
}

/** Every trial must be a recipe that can be trained: one value of the range at a time is filled in. */
function checkValues(name: string, range: SearchRange, { raw, check }: TuneCheck): Problem[] {
  const { tune: _tune, ...rest } = raw;
  const params = typeof raw.params === 'object' && raw.params !== null ? raw.params : {};
  const faults = triedValues(range).flatMap((value) => {
    const [fault] = check({ ...rest, params: { ...params, [name]: value } });
    return fault === undefined ? [] : [{ value, fault }];
  });
  const [first] = faults;
  return first === undefined
    ? []
    : [
        problem(
          first.fault.code,
          `tune.params.${name}`,
          `${name} cannot be ${JSON.stringify(first.value)}: ${first.fault.path}: ${first.fault.message}`,
          first.fault.remedy,
        ),
      ];
}

function triedValues(range: SearchRange): ParamValue[] {
  switch (range.type) {
    case 'int':
      return [range.min, range.max];
    case 'double':
      // Both ends may be whole numbers where only whole numbers will do.
      return [range.min, range.max, tidyNumber(range.min + (range.max - range.min) / Math.E)];
    default:
      return range.values.slice(0, TRIED_VALUES);
  }
}

function checkGrid(tune: TuneSettings): Problem[] {
  const open = Object.entries(tune.params).filter(
    ([, range]) => range.double !== undefined && range.steps === undefined,
  );
  if (open.length > 0) {
    return open.map(([name]) =>
      problem(
        'recipe-tune',
        `tune.params.${name}.double`,
        'has no end of values for a grid.',
        'Add steps: 5, for example, or use algorithm: bayesian.',
      ),
    );
  }
  const counts = Object.entries(tune.params).map(([name, range]) => [
    name,
    gridCount(toSearchRange(range), range.steps),
  ]) as [string, number][];
  const most = counts.reduce((product, [, count]) => product * count, 1);
  const remedy = 'Use fewer params, steps for a coarser grid, or algorithm: bayesian.';
  if (most > MOST_GRID_POINTS) {
    const product = counts.map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`).join(' × ');
    const message = `is a grid of ${most.toLocaleString('en-US')} points (${product}); ${MOST_GRID_POINTS} is the most.`;
    return [problem('recipe-tune', 'tune.params', message, remedy)];
  }
  const points = countPoints(gridAxes(tune));
  return tune.trials === undefined || tune.trials >= points
    ? []
    : [
        problem(
          'recipe-tune',
          'tune.trials',
          `${tune.trials} leaves ${points - tune.trials} of the ${points} points of the grid untried.`,
          'Leave trials out to try them all, or use algorithm: random.',
        ),
      ];
}

function checkHalving(recipe: Recipe, { halving }: TuneSettings): Problem[] {
  const { epochs } = recipe.train;
  const first = halving?.minEpochs ?? 1;
  return halving === undefined || first < epochs
    ? []
    : [
        problem(
          'recipe-tune',
          halving.minEpochs === undefined ? 'tune.halving' : 'tune.halving.minEpochs',
          `${first} is no earlier than the end, at epoch ${epochs}.`,
          `Use fewer than ${epochs}, or take halving out.`,
        ),
      ];
}
