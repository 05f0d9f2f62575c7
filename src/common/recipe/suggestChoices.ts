/** What to predict from a data file, by which kind of task, and which columns to leave out: a first guess, with its reasons. */
import { type ColumnProfile, columnOf, type DataProfile, isNumeric } from '../data/profile.ts';
import { formatNumber } from '../format.ts';

export type Task = 'regression' | 'classification' | 'forecast';

export interface RecipeChoices {
  readonly name: string;
  /** Path of the data file, relative to the recipe. */
  readonly csv: string;
  readonly target: string;
  readonly task: Task;
  readonly leaveOut: readonly string[];
}

/** A choice and why. */
export interface Reasoned<T> {
  readonly value: T;
  readonly reason: string;
}

/** What keeps a file from being trained on at all. */
export interface Blocker {
  readonly message: string;
  readonly remedy: string;
}

const FEW_ROWS = 10;
/** Fewer rows of each class than these on average: not classes, but numbers. */
const ROWS_A_CLASS = 5;
const MOST_CLASSES = 20;
const TARGET_NAME =
  /^(y|target|label|labels|class|classes|outcome|response|result|output|species|diagnosis|survived|price|quality|churn|default|medv|mpg|sales|demand|revenue)$/i;
const CALENDAR_NAME = /^(year|quarter|month|week|day|hour|minute)s?$/i;

export function findBlockers(profile: DataProfile): Blocker[] {
  const names = profile.columns.map(({ name }) => name);
  const twin = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  const blockers: (Blocker | false)[] = [
    !profile.hasHeader && {
      message: 'The file has no header: its first line holds values.',
      remedy: `Write the names of the columns as first line, for example ${names.map((_, index) => `c${index + 1}`).join(',')}.`,
    },
    twin !== undefined && {
      message: `Two columns are called "${twin}".`,
      remedy: 'Rename one of them.',
    },
    profile.rows < FEW_ROWS && {
      message: `The file has ${profile.rows} rows: too few to learn from and to test on.`,
      remedy: `Take at least ${FEW_ROWS}; some hundreds are better.`,
    },
    isUnparted(profile) && {
      message: 'Only one column was found: its fields seem to be parted by blanks or bars.',
      remedy: 'Part them by commas, semicolons or tabs.',
    },
    !isUnparted(profile) &&
      targetsOf(profile).length === 0 && {
        message: 'No column can be predicted: none holds numbers or classes that vary.',
        remedy: 'Check the types below; a stray word makes a column of numbers a column of text.',
      },
  ];
  return blockers.filter((blocker) => blocker !== false);
}

/** One column whose name and values have the same number of parts. */
function isUnparted({ columns, head }: DataProfile): boolean {
  const [only, ...others] = columns;
  const parts = (text: string) => text.trim().split(/[\s|]+/).length;
  return (
    only !== undefined &&
    others.length === 0 &&
    parts(only.name) > 1 &&
    head.every(([field = '']) => parts(field) === parts(only.name))
  );
}

/** The columns that can be predicted. */
export function targetsOf({ columns }: DataProfile): ColumnProfile[] {
  return columns.filter((column) => (isNumeric(column) || column.type === 'category') && !isParameterName(column.name));
}

/** @throws {RangeError} No column can be predicted: see `findBlockers`. */
export function suggestTarget(profile: DataProfile): Reasoned<string> {
  const candidates = targetsOf(profile).filter(({ missing, filled }) => missing < filled);
  const named = candidates.findLast(({ name }) => TARGET_NAME.test(name));
  const last =
    candidates.findLast(({ name }) => !CALENDAR_NAME.test(name)) ?? candidates.at(-1) ?? targetsOf(profile).at(-1);
  if (last === undefined) {
    throw new RangeError('No column can be predicted');
  }
  return named === undefined
    ? {
        value: last.name,
        reason:
          candidates.length === 1
            ? 'the only column to predict'
            : last === candidates.at(-1)
              ? 'the last column'
              : 'the last column that is no date',
      }
    : { value: named.name, reason: 'by its name' };
}

/** The tasks that a target allows. */
export function tasksOf(profile: DataProfile, target: string): Task[] {
  const column = columnOf(profile, target);
  if (column === undefined || column.type === 'category') {
    return ['classification'];
  }
  const hasClasses = column.type === 'whole number' && !column.isDistinctCapped && column.distinct <= 50;
  return hasClasses ? ['regression', 'classification', 'forecast'] : ['regression', 'forecast'];
}

export function suggestTask(profile: DataProfile, target: string): Reasoned<Task> {
  const column = columnOf(profile, target);
  const classes = column?.distinct ?? 0;
  if (column === undefined || column.type === 'category') {
    return { value: 'classification', reason: `${target} has ${classes} classes` };
  }
  const time = timeColumnOf(profile);
  if (time?.time?.isRegular === true) {
    return { value: 'forecast', reason: `${time.name} steps evenly by ${time.time.step}` };
  }
  const others = profile.columns.filter((one) => one !== column && reasonToLeaveOut(profile, one) === null);
  if (others.length === 0) {
    return { value: 'forecast', reason: `${target} can only be told from its own past` };
  }
  const isFewClasses = classes <= MOST_CLASSES && classes * ROWS_A_CLASS <= profile.rows && classes <= 10;
  const isClasses = column.type === 'whole number' && isFewClasses && (classes === 2 || column.numbers?.min === 0);
  return isClasses
    ? { value: 'classification', reason: `${target} is one of ${classes} whole numbers` }
    : { value: 'regression', reason: `${target} is a number` };
}

/** The column that orders the rows; null where none does. */
export function timeColumnOf({ columns }: DataProfile): ColumnProfile | null {
  return columns.find(({ type, missing }) => type === 'time' && missing === 0) ?? null;
}

/** Column → why it is of no use as an input. The target and the time column are not in it. */
export function suggestLeaveOut(profile: DataProfile, target: string): ReadonlyMap<string, string> {
  const time = timeColumnOf(profile);
  return new Map(
    profile.columns.flatMap((column) => {
      if (column.name === target || column === time) {
        return [];
      }
      const reason = reasonToLeaveOut(profile, column) ?? twinReason(profile, column, target);
      return reason === null ? [] : [[column.name, reason]];
    }),
  );
}

/** Whether the trainer can take a column as an input at all, useful or not. */
export function canLearnFrom({ name, type, filled, numbers, strays }: ColumnProfile): boolean {
  if (name === '' || filled === 0 || isParameterName(name)) {
    return false;
  }
  return type === 'category' || (numbers !== null && strays === null);
}

/** More words than these have too few rows each to learn from. */
export function isManyWords({ distinct }: ColumnProfile, rows: number): boolean {
  return distinct > Math.max(20, rows / 50);
}

function reasonToLeaveOut(profile: DataProfile, column: ColumnProfile): string | null {
  const { type, why, missing, filled, distinct } = column;
  if (isParameterName(column.name)) {
    return 'a name that begins with $ means a parameter; rename it';
  }
  if (type === 'time') {
    return column === timeColumnOf(profile) ? 'it orders the rows' : 'a date is no number';
  }
  if (type === 'id' || type === 'constant' || type === 'empty' || type === 'text') {
    return why ?? `it is ${type}`;
  }
  if (missing > filled) {
    return `${Math.round((100 * missing) / (missing + filled))} % of it is missing`;
  }
  return type === 'category' && isManyWords(column, profile.rows)
    ? `${distinct} different words are too many for ${profile.rows.toLocaleString('en-US')} rows`
    : null;
}

function twinReason({ twins }: DataProfile, { name }: ColumnProfile, target: string): string | null {
  const twin = twins.find(({ a, b }) => (a === name && b === target) || (b === name && a === target));
  return twin === undefined ? null : `it says the same as the target (correlation ${formatNumber(twin.correlation)})`;
}

/** `$units` as a value means the parameter of that name, and nothing else can be written for it. */
function isParameterName(name: string): boolean {
  return /^\$[A-Za-z_]\w*$/.test(name);
}

/** `boston_housing.csv` → `Boston housing`. */
export function nameFromFile(file: string): string {
  const words = file
    .replace(/\.(csv|tsv|txt)(\.gz)?$/i, '')
    .replace(/[_\s]+/g, ' ')
    .trim();
  return words === '' ? 'Recipe' : words.charAt(0).toUpperCase() + words.slice(1);
}

/** `Boston housing` → `boston-housing`: a file name without its ending. */
export function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return slug === '' ? 'recipe' : slug;
}

/** All of it at once. @param wanted What a person has said already. @throws {RangeError} Without a column to predict. */
export function suggestChoices(
  profile: DataProfile,
  csv: string,
  wanted: { readonly target?: string | undefined; readonly task?: Task | undefined } = {},
): RecipeChoices {
  const target = wanted.target ?? suggestTarget(profile).value;
  return {
    name: nameFromFile(profile.file),
    csv,
    target,
    task: wanted.task ?? suggestTask(profile, target).value,
    leaveOut: [...suggestLeaveOut(profile, target).keys()],
  };
}
