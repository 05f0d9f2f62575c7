/** What a recipe does with the data that is there: which columns it reads, and how many rows fall where. */
import { type ColumnProfile, columnOf, type DataProfile, estimateRows } from '../../data/profile.ts';
import { inputColumns } from '../inputColumns.ts';
import type { Recipe } from '../schema.ts';
import { cutOf } from '../sequences.ts';

export interface Facts {
  readonly recipe: Recipe;
  readonly profile: DataProfile;
  readonly features: readonly ColumnProfile[];
  readonly targets: readonly ColumnProfile[];
  /** The column by which the test is chosen. */
  readonly time: ColumnProfile | null;
  /** Rows that can be used, about. */
  readonly rows: number;
  /** Rows, or windows of a series. */
  readonly samples: number;
  /** Null where only the trainer can count them. */
  readonly testSamples: number | null;
  readonly trainSamples: number | null;
}

export function factsOf(recipe: Recipe, profile: DataProfile): Facts {
  const { data, train } = recipe;
  const timeName = data.test !== undefined && 'time' in data.test ? data.test.time : null;
  const known = (names: readonly string[]) => names.flatMap((name) => columnOf(profile, name) ?? []);
  const features = known(
    inputColumns(
      data,
      profile.columns.map(({ name }) => name),
    ),
  );
  const targets = known(data.target);
  const time = timeName === null ? null : (columnOf(profile, timeName) ?? null);
  const used = [...features, ...targets, ...(time === null ? [] : [time])];
  const dropped = data.missing === 'drop' ? Math.max(0, ...used.map(({ missing }) => missing)) : 0;
  const rows = Math.max(0, estimateRows(profile) - Math.round(dropped / profile.share));
  const windows = data.lookback === undefined ? 0 : data.lookback - 1 + data.horizon;
  const samples = Math.max(0, rows - (data.difference ?? 0) - windows);
  const testSamples = countTest(recipe, samples);
  const seen = testSamples === null ? null : Math.max(0, samples - testSamples);
  const split = seen === null ? null : Math.floor(seen * (1 - (train.validationSplit ?? 0)));
  const trainSamples = data.sequences === undefined ? split : (cutOf(data)?.train ?? null);
  return { recipe, profile, features, targets, time, rows, samples, testSamples, trainSamples };
}

function countTest({ data }: Recipe, samples: number): number | null {
  const { test, sequences } = data;
  if (sequences !== undefined) {
    return cutOf(data)?.testSteps ?? null;
  }
  if (test === undefined) {
    return Math.max(1, Math.round(samples * 0.2));
  }
  if ('from' in test && test.from !== undefined) {
    return null;
  }
  if ('rows' in test && test.rows !== undefined) {
    return test.rows;
  }
  if ('every' in test) {
    return Math.round(samples / test.every);
  }
  const fraction = 'fraction' in test ? test.fraction : undefined;
  return Math.max(1, Math.round(samples * (fraction ?? 0.2)));
}

/** Where the recipe speaks of an input: its own place in a list, or the file where it is only not left out. */
export function placeOf({ data }: Recipe, name: string): string {
  const listed = data.features?.indexOf(name) ?? -1;
  const isWord = data.categorical.indexOf(name);
  if (listed >= 0) {
    return `data.features[${listed}]`;
  }
  return isWord >= 0 ? `data.categorical[${isWord}]` : 'data.csv';
}

/** Columns by the place where the recipe speaks of them, so that many on one line are told at once. */
export function byPlace(recipe: Recipe, columns: readonly ColumnProfile[]): [string, readonly ColumnProfile[]][] {
  const places = [...new Set(columns.map(({ name }) => placeOf(recipe, name)))];
  return places.map((place) => [place, columns.filter(({ name }) => placeOf(recipe, name) === place)]);
}

/** `a, b, c and 4 more`. */
export function listNames(columns: readonly ColumnProfile[]): string {
  const shown = columns.slice(0, 4).map(({ name }) => name);
  const more = columns.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** What to write to leave columns out: there is no list of those to leave out, only of those to read. */
export function leaveOutRemedy({ data }: Recipe, columns: readonly ColumnProfile[]): string {
  const what = columns.length === 1 ? 'it' : 'them';
  return data.features === undefined
    ? `List the columns to learn from under data.features, without ${what}.`
    : `Take ${what} out of data.features.`;
}
