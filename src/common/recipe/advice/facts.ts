/** What a recipe does with the data that is there: which columns it reads, and how many rows fall where. */
import { type ColumnProfile, columnOf, type DataProfile, estimateRows } from '../../data/profile.ts';
import { inputColumns, splitColumn, testTimeOf } from '../inputColumns.ts';
import type { Recipe } from '../schema.ts';
import { cutOf, groupedOf } from '../sequences.ts';

export interface Facts {
  readonly recipe: Recipe;
  readonly profile: DataProfile;
  /** Inputs that are numbers or words; texts are not among them. */
  readonly features: readonly ColumnProfile[];
  readonly targets: readonly ColumnProfile[];
  /** All that is read and cannot be filled: texts, times, and what marks sequences or classes. */
  readonly others: readonly ColumnProfile[];
  /** Rows that can be used, about. */
  readonly rows: number;
  /** Rows, windows of a series, or sequences. */
  readonly samples: number;
  /** Null where only the trainer can count them. */
  readonly testSamples: number | null;
  readonly trainSamples: number | null;
  /** What the network is told in training: as many as samples, but one for each step of a sequence. */
  readonly trainTargets: number | null;
}

export function factsOf(recipe: Recipe, profile: DataProfile): Facts {
  const { data } = recipe;
  const known = (names: readonly (string | null | undefined)[]) =>
    [...new Set(names)].flatMap((name) => columnOf(profile, name ?? '') ?? []);
  const inputs = known(
    inputColumns(
      data,
      profile.columns.map(({ name }) => name),
    ),
  );
  const features = data.text === undefined ? inputs : [];
  const targets = known(data.target);
  const others = known([
    data.text?.column,
    testTimeOf(data),
    data.time?.column,
    groupedOf(data)?.by,
    splitColumn(data),
  ]);
  const used = [...features, ...targets, ...others];
  const dropped = data.missing === 'drop' ? Math.max(0, ...used.map(({ missing }) => missing)) : 0;
  const rows = Math.max(0, estimateRows(profile) - Math.round(dropped / profile.share));
  return { recipe, profile, features, targets, others, rows, ...countSamples(recipe, profile, rows) };
}

type Counts = Pick<Facts, 'samples' | 'testSamples' | 'trainSamples' | 'trainTargets'>;

function countSamples(recipe: Recipe, profile: DataProfile, rows: number): Counts {
  const { data, train } = recipe;
  const cut = cutOf(data);
  if (cut !== null) {
    const trainTargets = cut.train * cut.length;
    return { samples: cut.train, testSamples: cut.testSteps ?? null, trainSamples: cut.train, trainTargets };
  }
  const grouped = groupedOf(data);
  const marks = grouped === null ? undefined : columnOf(profile, grouped.by);
  const reach = data.lookback === undefined ? 0 : data.lookback - 1 + data.horizon + (data.difference ?? 0);
  // Of a file that was read in part, only the sequences of that part are known.
  const samples = grouped === null ? Math.max(0, rows - reach) : (marks?.distinct ?? 0);
  if (grouped !== null && (profile.share < 1 || marks === undefined || marks.isDistinctCapped)) {
    return { samples, testSamples: null, trainSamples: null, trainTargets: null };
  }
  const testSamples = countTest(recipe, samples);
  const seen = testSamples === null ? null : Math.max(0, samples - testSamples);
  const trainSamples = seen === null ? null : Math.floor(seen * (1 - (train.validationSplit ?? 0)));
  const hasSteps = grouped !== null && grouped.output !== 'last' && samples > 0;
  const trainTargets = trainSamples !== null && hasSteps ? Math.round((rows * trainSamples) / samples) : trainSamples;
  return { samples, testSamples, trainSamples, trainTargets };
}

function countTest({ data: { test } }: Recipe, samples: number): number | null {
  if (test === undefined) {
    return Math.max(1, Math.round(samples * 0.2));
  }
  if ('every' in test) {
    // Of many groups, each leaves some rows that are not told here.
    return test.by === undefined ? Math.floor(samples / test.every) : Math.round(samples / test.every);
  }
  if ('from' in test && test.from !== undefined) {
    return null;
  }
  if ('rows' in test && test.rows !== undefined) {
    return test.rows;
  }
  return Math.max(1, Math.round(samples * (('fraction' in test ? test.fraction : undefined) ?? 0.2)));
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
