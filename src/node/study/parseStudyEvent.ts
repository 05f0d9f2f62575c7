/** Reads one line of `study.jsonl`. */
import type { StudyEvent } from '../../common/study/studyEvents.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isNumber = (value: unknown) => typeof value === 'number';
const isString = (value: unknown) => typeof value === 'string';
const isValue = (value: unknown) => value === null || isNumber(value);
/** Trials are counted from 1. */
const isTrial = (value: unknown) => isCount(value) && value !== 0;
const isSpace = (value: unknown) =>
  isObject(value) && Object.values(value).every((range) => isObject(range) && isString(range.type));
const isObjective = (value: unknown) =>
  isObject(value) && isString(value.metric) && (value.goal === 'minimize' || value.goal === 'maximize');
const isHalving = (value: unknown) =>
  value === undefined || (isObject(value) && Array.isArray(value.rungs) && isNumber(value.factor));

/** Per event type, the fields that a reader relies on. */
const SHAPES: Record<StudyEvent['type'], Record<string, (value: unknown) => boolean>> = {
  studyLaunch: { version: isNumber, recipeFile: isString, pid: isNumber, host: isString },
  studyStart: {
    name: isString,
    objective: isObjective,
    algorithm: isString,
    halving: isHalving,
    space: isSpace,
    trials: isTrial,
    parallel: isTrial,
    seed: isCount,
  },
  trialStart: { trial: isTrial, params: isObject, runFolder: isString },
  trialRung: { trial: isTrial, epoch: isCount, value: isValue },
  trialEnd: {
    trial: isTrial,
    status: isString,
    value: isValue,
    epochs: isCount,
    durationMs: isNumber,
    message: isString,
  },
  studyEnd: { status: isString, message: isString, best: isValue },
};

/** Gives the event, or null for a line that is no event this version knows: readers pass over it. */
export function parseStudyEvent(line: string): StudyEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(value) || !isString(value.at) || typeof value.type !== 'string' || !Object.hasOwn(SHAPES, value.type)) {
    return null;
  }
  const shape = SHAPES[value.type as StudyEvent['type']];
  return Object.entries(shape).every(([field, check]) => check(value[field])) ? (value as unknown as StudyEvent) : null;
}
