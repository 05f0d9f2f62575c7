/** Decides from a CSV header and the recipe which columns are read, and as what. */
import { SkilletError } from '../../common/errors.ts';
import { didYouMean } from '../../common/recipe/didYouMean.ts';
import { inputColumns } from '../../common/recipe/inputColumns.ts';
import type { DataSettings } from '../../common/recipe/schema.ts';
import { groupedOf } from '../../common/recipe/sequences.ts';
import { tokensOf } from '../../common/text/vocabulary.ts';
import type { WantedColumn } from './loadCsv.ts';

export interface ColumnChoice {
  readonly features: readonly string[];
  readonly targets: readonly string[];
  /** Column that orders the rows, when the test is the latest of them. */
  readonly time: string | null;
  /** Column whose values are divided into training and test each by itself. */
  readonly splitBy: string | null;
  /** Column that names the steps of a series; its text is kept. */
  readonly stepNames: string | null;
  /** Column that marks the sequences. */
  readonly group: string | null;
  readonly wanted: readonly WantedColumn[];
}

/** @throws {SkilletError} `data-unknown-column`. */
export function chooseColumns(data: DataSettings, header: readonly string[]): ColumnChoice {
  const stepNames = data.time?.column ?? null;
  const group = groupedOf(data)?.by ?? null;
  const testTime = data.test !== undefined && 'time' in data.test ? data.test.time : null;
  // Steps that have names are in the order of time already, or are refused.
  const time = testTime === stepNames ? null : testTime;
  const splitBy = splitColumn(data);
  const named: [string, readonly string[]][] = [
    ['data.target', data.target],
    ['data.features', data.features ?? []],
    ['data.categorical', data.categorical],
    ['data.test.time', testTime === null ? [] : [testTime]],
    ['data.time', stepNames === null ? [] : [stepNames]],
    ['data.sequences.by', group === null ? [] : [group]],
    ['data.test.by', splitBy === null ? [] : [splitBy]],
    ['data.text.column', data.text === undefined ? [] : [data.text.column]],
  ];
  for (const [path, names] of named) {
    refuseUnknown(path, names, header);
  }
  refuseTwins(header);
  const { text } = data;
  const features = inputColumns(data, header);
  if (features.length === 0) {
    throw new SkilletError('data-unknown-column', 'data.features', {
      message: `No column is left to predict from; the file has ${header.join(', ')}.`,
      remedy: 'Use a CSV file with more columns, or set data.lookback to predict a series from its own past.',
    });
  }
  const kindOf = (name: string) => (data.categorical.includes(name) ? 'category' : 'number');
  const used = [...new Set([...features, ...data.target])];
  const wanted: WantedColumn[] = used.map((name) =>
    text !== undefined && name === text.column
      ? { name, kind: 'text', isEmpty: (field) => tokensOf(field, text).length === 0 }
      : { name, kind: name === time ? 'time' : kindOf(name) },
  );
  if (time !== null && !used.includes(time)) {
    wanted.push({ name: time, kind: 'time' });
  }
  if (splitBy !== null && !used.includes(splitBy)) {
    wanted.push({ name: splitBy, kind: 'category' });
  }
  const texts = new Set([stepNames, group].filter((name) => name !== null));
  wanted.push(...[...texts].map((name): WantedColumn => ({ name, kind: 'category' })));
  return { features, targets: data.target, time, stepNames, splitBy, group, wanted };
}

/** The column whose values the split counts by; null where it counts all rows together. */
export function splitColumn({ test }: DataSettings): string | null {
  return (test !== undefined && 'every' in test ? test.by : undefined) ?? null;
}

function refuseTwins(header: readonly string[]): void {
  const twin = header.find((name, index) => name !== '' && header.indexOf(name) !== index);
  if (twin !== undefined) {
    throw new SkilletError('data-unknown-column', 'data.csv: header', {
      message: `Two columns are called "${twin}", so that the name does not tell which is meant.`,
      remedy: 'Rename one of them.',
    });
  }
}

function refuseUnknown(path: string, names: readonly string[], header: readonly string[]): void {
  const unknown = names.find((name) => !header.includes(name));
  if (unknown === undefined) {
    return;
  }
  const guess = didYouMean(unknown, header);
  const shown = header.length > 30 ? `${header.slice(0, 30).join(', ')}, …` : header.join(', ');
  throw new SkilletError('data-unknown-column', path, {
    message: `"${unknown}" is not a column of the CSV file.`,
    remedy: `${guess === null ? '' : `Did you mean ${guess}? `}Columns: ${shown}.`,
  });
}
