/** One comparison of a filter, such as `units > 32`: what kind of value the field takes, and whether a run's fits. */
import { SkilletError } from '../errors.ts';
import { didYouMean } from '../recipe/didYouMean.ts';
import { isRunField, paramOf, RUN_FIELDS, type RunFieldValue, runFieldValue } from './runFields.ts';
import { isLiveRun, type RunSummary } from './runSummary.ts';

const OPERATORS = ['<', '<=', '>', '>=', '=', '!=', ':'] as const;
export type Operator = (typeof OPERATORS)[number];

export function isOperator(text: string): text is Operator {
  return OPERATORS.some((one) => one === text);
}

export interface Compared {
  readonly op: Operator;
  /** At least one; a run fits that fits one of them. */
  readonly values: readonly string[];
  /** The field as it was typed, where it is told by another name. */
  readonly typed?: string;
}

type Match = (run: RunSummary, now: number) => boolean;
/** Whether a value of a run is the wanted one (`=`, `:`), or on the wanted side of it. */
type Fits = (value: RunFieldValue) => boolean;

const STATUSES = ['starting', 'running', 'paused', 'completed', 'stopped', 'failed', 'interrupted', 'live'] as const;
const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 1440 * MINUTE_MS,
  w: 10_080 * MINUTE_MS,
};

/** @throws {SkilletError} `run-filter`: a value is of another kind than the field. */
export function compileComparison(field: string, { op, values, typed = field }: Compared): Match {
  const name = paramOf(typed) ?? typed;
  if (field === 'status') {
    return compileStatus({ op, values });
  }
  const isPlain = op === '=' || op === ':' || op === '!=';
  if (values.length > 1 && !isPlain) {
    throw wrong(name, `${op} takes one value, not ${values.length}.`, 'Leave out the comma, or write = .');
  }
  const fits = values.map((value) => compileValue(field, { op: op === '!=' ? '=' : op, value, name }));
  const some: Match = (run, now) => {
    const value = field === 'tags' ? null : runFieldValue(run, field, now);
    return field === 'tags'
      ? run.annotations.tags.some((tag) => fits.some((isFit) => isFit(tag)))
      : fits.some((isFit) => isFit(value));
  };
  return op === '!=' ? (run, now) => !some(run, now) : some;
}

function compileStatus({ op, values }: Compared): Match {
  const wanted = values.map((value) => {
    const status = STATUSES.find((one) => one === value.toLowerCase());
    if (status === undefined) {
      const meant = didYouMean(value, STATUSES);
      throw wrong(
        'status',
        `"${value}" is no status.`,
        `${meant === null ? '' : `Did you mean ${meant}? `}One of ${STATUSES.join(', ')}.`,
      );
    }
    return status;
  });
  if (op !== '=' && op !== ':' && op !== '!=') {
    throw wrong('status', `cannot be compared by ${op}.`, 'Write for example: status = failed.');
  }
  return (run) => wanted.some((one) => (one === 'live' ? isLiveRun(run) : run.status === one)) !== (op === '!=');
}

interface Wanted {
  readonly op: Operator;
  readonly value: string;
  readonly name: string;
}

function compileValue(field: string, wanted: Wanted): Fits {
  const kind = isRunField(field) ? RUN_FIELDS[field].kind : 'param';
  switch (kind) {
    case 'number':
      return compareNumber(wanted.op, toNumber(wanted));
    case 'duration':
    case 'age':
      return compareNumber(wanted.op, toDuration(wanted));
    case 'time':
      return compileTime(wanted);
    case 'yes':
      return compileYes(wanted);
    case 'text':
      return compileText(wanted);
    case 'param':
      return compileParam(wanted);
  }
}

function compareNumber(op: Operator, wanted: number): Fits {
  return (value) => typeof value === 'number' && isOnSide(op, value, wanted);
}

function isOnSide(op: Operator, value: number, wanted: number): boolean {
  switch (op) {
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
    default:
      return value === wanted;
  }
}

/** `2026-11`, `2026-11-24` or `2026-11-24T12:30`, in local time; `=` is any moment within. */
function compileTime({ op, value, name }: Wanted): Fits {
  const parts = /^(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?)?$/.exec(value);
  if (parts === null) {
    throw wrong(name, `"${value}" is no day.`, 'Write a day such as 2026-11-24, or ask for the age: age < 7d.');
  }
  const [year, month, day, hour, minute] = parts.slice(1).map((part) => (part === undefined ? null : Number(part)));
  const from = new Date(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0).getTime();
  const to =
    day === null || day === undefined
      ? new Date(year ?? 0, month ?? 1, 1).getTime()
      : hour === null
        ? new Date(year ?? 0, (month ?? 1) - 1, day + 1).getTime()
        : from + MINUTE_MS;
  return (moment) => {
    if (typeof moment !== 'number') {
      return false;
    }
    switch (op) {
      case '<':
        return moment < from;
      case '<=':
        return moment < to;
      case '>':
        return moment >= to;
      case '>=':
        return moment >= from;
      default:
        return moment >= from && moment < to;
    }
  };
}

function compileYes({ op, value, name }: Wanted): Fits {
  const word = value.toLowerCase();
  if (!['yes', 'no', 'true', 'false'].includes(word) || (op !== '=' && op !== ':')) {
    throw wrong(name, `"${op} ${value}" says neither yes nor no.`, `Write ${name} = yes, or is:${name}.`);
  }
  const wanted = word === 'yes' || word === 'true';
  return (is) => (is === true) === wanted;
}

/** `:` looks for a part, `=` for the whole; letters large or small alike. */
function compileText({ op, value, name }: Wanted): Fits {
  if (op !== '=' && op !== ':') {
    throw wrong(name, `is a text and cannot be compared by ${op}.`, `Write ${name} = …, or ${name}: … for a part.`);
  }
  const wanted = value.toLowerCase();
  return (text) =>
    typeof text === 'string' && (op === '=' ? text.toLowerCase() === wanted : text.toLowerCase().includes(wanted));
}

/** A parameter is whatever each run's recipe made it. */
function compileParam({ op, value, name }: Wanted): Fits {
  const number = Number(value);
  if (op !== '=' && op !== ':') {
    return compareNumber(op, toNumber({ op, value, name }));
  }
  const lower = value.toLowerCase();
  return (found) => {
    if (typeof found === 'number') {
      return found === number && value.trim() !== '';
    }
    const text = found === null ? null : String(found).toLowerCase();
    return text !== null && (op === '=' ? text === lower : text.includes(lower));
  };
}

function toNumber({ value, name }: Wanted): number {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) {
    throw wrong(name, `"${value}" is no number.`, 'Write a number such as 32 or 1e-3.');
  }
  return number;
}

/** In ms; seconds where no unit is written. */
function toDuration({ value, name }: Wanted): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)?$/.exec(value);
  if (parts === null) {
    throw wrong(name, `"${value}" is no length of time.`, 'Write a number and s, m, h, d or w, such as 90s or 7d.');
  }
  return Number(parts[1]) * (UNITS[parts[2] ?? 's'] ?? 1);
}

function wrong(field: string, message: string, remedy: string): SkilletError {
  return new SkilletError('run-filter', field, { message, remedy });
}
