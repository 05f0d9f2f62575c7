/** Reads one line of `events.jsonl`. */
import type { RunEvent } from '../common/run/events.ts';
import { isFolderName } from '../common/run/forkFile.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isArray = (value: unknown) => Array.isArray(value);
const isNumber = (value: unknown) => typeof value === 'number';
/** A place in a run: steps and epochs are counted in whole numbers. */
const isCount = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isString = (value: unknown) => typeof value === 'string';

/** Series by name; names that every object has would be folded into those instead of new ones. */
const isSeries = (value: unknown) =>
  isObject(value) && Object.entries(value).every(([name, series]) => isArray(series) && !(name in Object.prototype));
const isBaselines = (value: unknown) =>
  Array.isArray(value) && value.every((baseline) => isObject(baseline) && isObject(baseline.metrics));

const isListOf = (value: unknown, isOne: (one: unknown) => boolean) => Array.isArray(value) && value.every(isOne);
const isAbsentOr = (value: unknown, isKnown: (known: unknown) => boolean) => value === undefined || isKnown(value);

/** What a kind that a later version adds holds is not known: its evaluation cannot be shown. */
const isPredictions = (value: unknown) =>
  isObject(value) &&
  (value.kind === 'values'
    ? isListOf(value.targets, (target) => isObject(target) && isArray(target.actual) && isArray(target.predicted)) &&
      isArray(value.row)
    : value.kind === 'classes' &&
      isArray(value.classes) &&
      isListOf(value.confusion, isArray) &&
      isAbsentOr(value.mistakes, (mistakes) => isListOf(mistakes, isMistake)) &&
      isAbsentOr(value.image, isArray) &&
      isAbsentOr(value.inputs, isArray));
const isMistake = (value: unknown) =>
  isObject(value) &&
  [value.row, value.actual, value.predicted].every(isCount) &&
  isNumber(value.probability) &&
  isAbsentOr(value.pixels, isArray) &&
  isAbsentOr(value.values, isArray);

const isLayer = (value: unknown) =>
  isObject(value) && isString(value.layer) && (value.activation === null || isObject(value.activation));
const isFingerprint = (value: unknown) =>
  isObject(value) && isString(value.file) && isString(value.sha256) && isCount(value.bytes);
const isFingerprints = (value: unknown) => isAbsentOr(value, (files) => isListOf(files, isFingerprint));
const isFork = (value: unknown) =>
  isObject(value) && isFolderName(value.run) && isCount(value.epoch) && isCount(value.step);

/** Per event type, the fields that a reader relies on. */
const SHAPES: Record<RunEvent['type'], Record<string, (value: unknown) => boolean>> = {
  launch: {
    version: isNumber,
    recipeFile: isString,
    pid: isNumber,
    host: isString,
    versions: (value) => isAbsentOr(value, isObject),
  },
  runStart: {
    name: isString,
    params: isObject,
    backend: isObject,
    epochs: isCount,
    stepsPerEpoch: isCount,
    batchSize: isCount,
    metrics: isArray,
    graph: (value) => isObject(value) && isArray(value.nodes) && isArray(value.edges),
    data: (value) => isObject(value) && isArray(value.features) && isFingerprints(value.files),
    module: (value) => isAbsentOr(value, isFingerprint),
    fork: (value) => isAbsentOr(value, isFork),
  },
  runResume: { epoch: isCount, step: isCount, backend: isObject, files: isFingerprints },
  steps: { first: isCount, loss: isArray, metrics: isSeries, stepsPerSecond: isNumber },
  epochEnd: { epoch: isCount, metrics: isObject, durationMs: isNumber },
  checkpoint: { epoch: isCount, step: isCount, folder: isString },
  state: { state: isString, step: isNumber },
  evaluation: {
    metrics: isObject,
    baselines: isBaselines,
    primary: isObject,
    verdict: isString,
    predictions: isPredictions,
  },
  forecast: {
    target: isString,
    steps: isArray,
    actual: isArray,
    fitted: isArray,
    predicted: isArray,
    continued: isArray,
    validationFrom: (value) => value === null || isCount(value),
    testFrom: isCount,
    remarks: isArray,
  },
  device: {},
  layers: {
    epoch: isCount,
    step: isCount,
    asked: (value) => isAbsentOr(value, (asked) => typeof asked === 'boolean'),
    layers: (value) => isListOf(value, isLayer),
  },
  log: { message: isString },
  notice: { level: isString, message: isString, remedy: isString },
  runEnd: { status: isString, message: isString, problems: (value) => value === undefined || isArray(value) },
};

/** Gives the event, or null for a line that is no event this version knows: readers pass over it. */
export function parseEvent(line: string): RunEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (
    !isObject(value) ||
    typeof value.type !== 'string' ||
    typeof value.at !== 'string' ||
    !Object.hasOwn(SHAPES, value.type)
  ) {
    return null;
  }
  const shape = SHAPES[value.type as RunEvent['type']];
  const fits = Object.entries(shape).every(([field, check]) => check(value[field]));
  return fits ? (value as unknown as RunEvent) : null;
}
