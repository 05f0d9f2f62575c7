/** Profiles a CSV file in one streaming pass: what its columns hold, in memory that does not grow with its rows. */
import path from 'node:path';
import { CsvError, parse } from 'csv-parse';
import { toCsvError } from '../../common/data/csvFault.ts';
import { isMissing } from '../../common/data/missingWords.ts';
import { type DataProfile, isNumeric } from '../../common/data/profile.ts';
import { SkilletError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import { toColumnProfile } from './columnProfile.ts';
import { type ColumnTally, createColumnTally, type Tally } from './columnTally.ts';
import { findTwins } from './findTwins.ts';
import { type OpenCsv, openCsv, unreadable } from './openCsv.ts';
import { createRowSample, type RowSample } from './rowSample.ts';

export interface ProfileOptions {
  /** Read no more than so many bytes, unpacked; all when absent. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Called after each piece of the file, with the share that is read. */
  onProgress?(share: number): void;
}

const HEAD_ROWS = 20;
/** Numbers to keep for bars, quantiles and correlations: 16 MB. */
const SAMPLE_NUMBERS = 2_000_000;
const SAMPLE_ROWS = 5_000;
/** Different fields to remember, shared among the columns. */
const WORDS = 400_000;

/**
 * @param file Absolute path; a packed file (gzip) is told by its first bytes.
 * @throws {SkilletError} `data-not-found`, `data-empty`, `data-ragged`, `data-not-text`; or the signal's reason.
 */
export async function profileCsv(file: string, options: ProfileOptions = {}): Promise<DataProfile> {
  const name = path.basename(file);
  const csv = await openCsv(file, name);
  try {
    const pass = createPass();
    const share = await readAll(csv, pass, options).catch((error: unknown) => {
      throw toDataError(error, file, name);
    });
    if (pass.rows() < 1 || pass.header === null) {
      throw new SkilletError('data-empty', 'data.csv', {
        message: `"${name}" has ${pass.header === null ? 'nothing in it' : 'a header but no rows'}.`,
        remedy: 'Give a CSV file with a header line and at least one row.',
      });
    }
    return toProfile(name, csv, { pass, header: pass.header, share });
  } finally {
    csv.close();
  }
}

interface Pass {
  header: readonly string[] | null;
  readonly head: string[][];
  tallies: readonly ColumnTally[];
  sample: RowSample;
  add(record: string[]): void;
  rows(): number;
}

function createPass(): Pass {
  let rows = -1; // The header is not counted.
  let numbers = new Float64Array();
  const pass: Pass = {
    header: null,
    head: [],
    tallies: [],
    sample: createRowSample(0, 0),
    rows: () => rows,
    add(record) {
      rows += 1;
      if (rows === 0) {
        const width = record.length;
        const mostWords = Math.max(200, Math.min(10_000, Math.floor(WORDS / width)));
        pass.header = record;
        pass.tallies = record.map(() => createColumnTally(mostWords));
        pass.sample = createRowSample(Math.max(1, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_NUMBERS / width))), width);
        numbers = new Float64Array(width);
        return;
      }
      if (rows <= HEAD_ROWS) {
        pass.head.push(record.map((field) => field.slice(0, 60)));
      }
      for (const [index, tally] of pass.tallies.entries()) {
        numbers[index] = tally.add(record[index] ?? '', rows);
      }
      pass.sample.add(numbers);
    },
  };
  return pass;
}

/** Gives the share of the file that was read. */
async function readAll(csv: OpenCsv, pass: Pass, options: ProfileOptions): Promise<number> {
  const { maxBytes = Number.POSITIVE_INFINITY, signal, onProgress } = options;
  // As the trainer reads it.
  const parser = parse({
    delimiter: csv.delimiter,
    bom: true,
    trim: true,
    skip_empty_lines: true,
    on_record: (record: string[]) => {
      pass.add(record);
      return null;
    },
  });
  parser.on('error', () => undefined); // Each write tells its own.
  parser.resume();
  let bytes = 0;
  for await (const chunk of csv.stream) {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      parser.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
    bytes += (chunk as Buffer).length;
    onProgress?.(Math.min(1, csv.bytesRead() / csv.bytes));
    if (bytes >= maxBytes && csv.bytesRead() < csv.bytes) {
      return csv.bytesRead() / csv.bytes; // The row that was cut is not waited for.
    }
  }
  await new Promise<void>((resolve, reject) => {
    parser.once('error', reject).once('end', resolve).end();
  });
  return 1;
}

function toDataError(error: unknown, file: string, name: string): unknown {
  if (error instanceof CsvError) {
    return toCsvError(error, name);
  }
  const isOfDisk = typeof (error as NodeJS.ErrnoException)?.code === 'string';
  return isOfDisk ? unreadable(error as NodeJS.ErrnoException, file, name) : error;
}

interface Found {
  readonly pass: Pass;
  readonly header: readonly string[];
  readonly share: number;
}

function toProfile(name: string, csv: OpenCsv, { pass, header, share }: Found): DataProfile {
  const tallies = pass.tallies.map((tally) => tally.tally());
  const hasHeader = isHeader(header, tallies);
  const names = hasHeader ? header : header.map((_, index) => `column ${index + 1}`);
  const columns = names.map((column, index) =>
    toColumnProfile(column, tallies[index] as Tally, pass.sample.column(index)),
  );
  const compared = columns.flatMap((column, index) =>
    isNumeric(column) ? [{ name: column.name, values: pass.sample.column(index) }] : [],
  );
  return {
    file: name,
    bytes: csv.bytes,
    rows: pass.rows() + Number(!hasHeader),
    share,
    delimiter: csv.delimiter,
    isCompressed: csv.isCompressed,
    hasHeader,
    sampleRows: pass.sample.size(),
    columns,
    head: hasHeader ? pass.head : [[...header], ...pass.head].slice(0, HEAD_ROWS),
    twins: findTwins(compared),
    notes: notesOf(csv, { tallies, names, share, rows: pass.rows() }),
  };
}

/** A first line with numbers above numbers is data; but data frames call their columns 0, 1, 2, … and tables their years. */
function isHeader(header: readonly string[], tallies: readonly Tally[]): boolean {
  const above = header.filter((_, index) => {
    const tally = tallies[index];
    return tally !== undefined && tally.filled > 0 && tally.numberCount === tally.filled;
  });
  const numbers = above.filter((field) => !isMissing(field) && Number.isFinite(Number(field))).map(Number);
  const isCounting = numbers.length > 1 && numbers.every((value, index) => value - (numbers[0] ?? 0) === index);
  return numbers.length === 0 || numbers.length < 0.5 * above.length || isCounting;
}

interface Noted {
  readonly tallies: readonly Tally[];
  readonly names: readonly string[];
  readonly share: number;
  readonly rows: number;
}

function notesOf(csv: OpenCsv, { tallies, names, share, rows }: Noted): string[] {
  const of = (test: (tally: Tally) => boolean) => names.filter((_, index) => test(tallies[index] as Tally)).join(', ');
  const broken = of(({ hasBrokenLetters }) => hasBrokenLetters);
  const commas = csv.delimiter === ',' ? '' : of(hasDecimalCommas);
  return [
    ...(share < 1
      ? [
          `Only the first ${Math.max(1, Math.round(share * 100))} % of the file (${rows.toLocaleString('en-US')} rows of ${formatBytes(csv.bytes)}) were read.`,
        ]
      : []),
    ...(broken === '' ? [] : [`Letters that are not UTF-8 stand in ${broken}: save the file as UTF-8.`]),
    ...(commas === ''
      ? []
      : [`Numbers are written with a decimal comma in ${commas}: write 1.5 and not 1,5, or they are taken as words.`]),
  ];
}

function hasDecimalCommas({ filled, words, numberCount }: Tally): boolean {
  const some = [...words.keys()].slice(0, 100);
  return filled > numberCount && some.length > 0 && some.every((word) => /^[+-]?[\d.]+(,\d+)?$/.test(word));
}
