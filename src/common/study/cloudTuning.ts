/** Reads a `cloudml_tuning.yml`, as R's cloudml and Google's Cloud ML Engine wrote them, into the words of a recipe's `tune:`. */
import { z } from 'zod';
import type { Problem, SourceRange } from '../errors.ts';
import { didYouMean } from '../recipe/didYouMean.ts';
import { toKeys, valueAt } from '../recipe/fieldPath.ts';
import { issueProblems } from '../recipe/issueProblems.ts';
import type { JsonSchema } from '../recipe/jsonSchema.ts';
import { type RecipeSource, readSource } from '../recipe/source.ts';

const SCALES = {
  NONE: 'linear',
  SCALE_TYPE_UNSPECIFIED: 'linear',
  UNIT_LINEAR_SCALE: 'linear',
  UNIT_LOG_SCALE: 'log',
  UNIT_REVERSE_LOG_SCALE: 'reverseLog',
} as const;

const ALGORITHMS = { ALGORITHM_UNSPECIFIED: 'bayesian', GRID_SEARCH: 'grid', RANDOM_SEARCH: 'random' } as const;

const words = <W extends string>(table: Readonly<Record<W, unknown>>) => z.enum(Object.keys(table) as [W, ...W[]]);
const scaleType = words(SCALES).optional();
const parameterName = z.string().min(1);
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1);

/** YAML reads numbers and booleans in a list of categories as such; so does the recipe. */
const category = z.union([z.string(), z.number(), z.boolean()]);

const typed = z.discriminatedUnion('type', [
  z.strictObject({ parameterName, type: z.literal('INTEGER'), minValue: z.int(), maxValue: z.int(), scaleType }),
  z.strictObject({ parameterName, type: z.literal('DOUBLE'), minValue: z.number(), maxValue: z.number(), scaleType }),
  z.strictObject({ parameterName, type: z.literal('CATEGORICAL'), categoricalValues: list(category), scaleType }),
  z.strictObject({ parameterName, type: z.literal('DISCRETE'), discreteValues: list(z.number()), scaleType }),
]);

/** A wrong word for the type is told with all that are right, which the union alone would not do. */
const parameter = z.looseObject({ type: z.enum(['INTEGER', 'DOUBLE', 'CATEGORICAL', 'DISCRETE']) }).pipe(typed);

const count = z.int().min(1).max(10_000);

const hyperparameters = z.strictObject({
  goal: z.enum(['MAXIMIZE', 'MINIMIZE']),
  hyperparameterMetricTag: z.string().min(1),
  params: list(parameter),
  algorithm: words(ALGORITHMS).optional(),
  maxTrials: count.default(1),
  maxParallelTrials: count.max(64).default(1),
  enableTrialEarlyStopping: z.boolean().default(false),
  maxFailedTrials: z.int().min(0).optional(),
  resumePreviousJobId: z.string().optional(),
});

/** All else under `trainingInput` is about the cloud's machines. */
const schema = z.looseObject({ trainingInput: z.looseObject({ hyperparameters }) });

export interface CloudTuning {
  /** As it would stand under `tune:`, but for the objective, which depends on the recipe. */
  readonly tune: {
    readonly algorithm: 'grid' | 'random' | 'bayesian';
    /** Absent for a grid, which is tried whole. */
    readonly trials?: number;
    readonly parallel: number;
    readonly params: Readonly<Record<string, object>>;
    readonly halving?: object;
  };
  readonly goal: 'minimize' | 'maximize';
  readonly metricTag: string;
  /** Settings that only a cloud needs, by name. */
  readonly forCloud: Readonly<Record<string, unknown>>;
}

export interface ReadCloudTuning {
  /** Null when there are problems. */
  readonly tuning: CloudTuning | null;
  readonly problems: readonly Problem[];
  /** Place in the file of a field under the recipe's `tune`. */
  locateTune(path: string): SourceRange | null;
}

/** Never throws for bad input; every problem has its line. */
export function readCloudTuning(text: string): ReadCloudTuning {
  const source = readSource(text);
  const parsed = schema.safeParse(source.value);
  const names = parsed.success ? parsed.data.trainingInput.hyperparameters.params.map((one) => one.parameterName) : [];
  const faults =
    source.problems.length > 0
      ? source.problems
      : parsed.success
        ? repeatedNames(names)
        : issueProblems(parsed.error.issues, source.value, z.toJSONSchema(schema) as JsonSchema);
  const problems = faults.map((fault) => inFile(ofItsType(fault, source.value), source));
  return {
    tuning: parsed.success && problems.length === 0 ? toTuning(parsed.data.trainingInput) : null,
    problems,
    locateTune: (path) => source.locate(toFilePath(path, names)),
  };
}

function inFile(fault: Problem, source: RecipeSource): Problem {
  const isKey = fault.code === 'recipe-unknown-key';
  const range = fault.range ?? (isKey ? source.locateKey(fault.path) : source.locate(fault.path));
  const path = fault.path === 'recipe' ? 'trainingInput' : fault.path;
  const isEmpty = fault.message === 'is empty.';
  const remedy = isEmpty ? 'Write trainingInput: with hyperparameters: below it.' : fault.remedy;
  return { ...fault, code: 'tuning-file', path, remedy, ...(range === null ? {} : { range }) };
}

/** A key that is wrong for one type of parameter may be right for another. */
function ofItsType(fault: Problem, value: unknown): Problem {
  const keys = toKeys(fault.path);
  const key = keys.at(-1);
  const type = valueAt(value, [...keys.slice(0, -1), 'type']);
  const shape = typed.options.find((option) => option.shape.type.value === type)?.shape;
  if (fault.code !== 'recipe-unknown-key' || shape === undefined || typeof key !== 'string') {
    return fault;
  }
  const allowed = Object.keys(shape);
  const guess = didYouMean(key, allowed);
  return {
    ...fault,
    message: `"${key}" is not a setting of a parameter of type ${String(type)}.`,
    remedy: `${guess === null ? '' : `Did you mean ${guess}? `}Allowed: ${allowed.join(', ')}.`,
  };
}

function repeatedNames(names: readonly string[]): Problem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            code: 'tuning-file' as const,
            path: `${HYPER}.params[${index}].parameterName`,
            message: `"${name}" is there twice.`,
            remedy: 'Give each parameter one entry.',
          },
        ],
  );
}

function toTuning({ hyperparameters: asked, ...machine }: z.output<typeof schema>['trainingInput']): CloudTuning {
  const algorithm = ALGORITHMS[asked.algorithm ?? 'ALGORITHM_UNSPECIFIED'];
  const { maxFailedTrials, resumePreviousJobId } = asked;
  return {
    tune: {
      algorithm,
      ...(algorithm === 'grid' ? {} : { trials: asked.maxTrials }),
      parallel: asked.maxParallelTrials,
      params: Object.fromEntries(asked.params.map((one) => [one.parameterName, toRange(one)])),
      ...(asked.enableTrialEarlyStopping ? { halving: {} } : {}),
    },
    goal: asked.goal === 'MAXIMIZE' ? 'maximize' : 'minimize',
    metricTag: asked.hyperparameterMetricTag,
    forCloud: {
      ...machine,
      ...(maxFailedTrials === undefined ? {} : { maxFailedTrials }),
      ...(resumePreviousJobId === undefined ? {} : { resumePreviousJobId }),
    },
  };
}

function toRange(one: z.output<typeof typed>): object {
  const scale = SCALES[one.scaleType ?? 'NONE'];
  const spread = scale === 'linear' ? {} : { scale };
  switch (one.type) {
    case 'INTEGER':
      return { int: [one.minValue, one.maxValue], ...spread };
    case 'DOUBLE':
      return { double: [one.minValue, one.maxValue], ...spread };
    case 'DISCRETE':
      return { discrete: one.discreteValues, ...spread };
    case 'CATEGORICAL':
      return { categorical: one.categoricalValues };
  }
}

const HYPER = 'trainingInput.hyperparameters';

/** Where a field under `tune` was said in the file. */
function toFilePath(path: string, names: readonly string[]): string {
  const [, key = '', name = '', field = ''] = path.split('.');
  if (key === 'params') {
    const index = names.indexOf(name);
    const fields: Readonly<Record<string, string>> = { scale: '.scaleType', int: '.minValue', double: '.minValue' };
    return index < 0 ? `${HYPER}.params` : `${HYPER}.params[${index}]${fields[field] ?? ''}`;
  }
  const keys: Readonly<Record<string, string>> = {
    objective: 'hyperparameterMetricTag',
    trials: 'maxTrials',
    parallel: 'maxParallelTrials',
    halving: 'enableTrialEarlyStopping',
    algorithm: 'algorithm',
  };
  return keys[key] === undefined ? HYPER : `${HYPER}.${keys[key]}`;
}

/** What a metric tag means for a recipe, and a sentence about it where that is not plain. */
export function metricOfTag(
  tag: string,
  hasValidation: boolean,
): { readonly metric: string; readonly note: string | null } {
  const name = tag.replace(/(^|_)acc$/, '$1accuracy');
  if (tag !== 'acc' || !hasValidation) {
    const isOwn =
      tag === 'acc' ? ' on the rows it is trained on, because the recipe holds out none (train.validationSplit)' : '';
    return { metric: name, note: name === tag ? null : `${tag} is taken as ${name}${isOwn}.` };
  }
  // To Keras `acc` is what the network gets right of the rows it learns from: chosen by it, the net that learns by heart wins.
  return {
    metric: 'val_accuracy',
    note: 'acc is taken as val_accuracy: of rows that were held out. Write accuracy to choose by the training rows, as Keras does.',
  };
}
