/** Reads the wanted columns of a CSV file, gzipped or not, in one streaming pass. */
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { toCsvError } from '../../common/data/csvFault.ts';
import { parseTime } from '../../common/data/parseTime.ts';
import { SkilletError } from '../../common/errors.ts';
import type { FileFingerprint } from '../../common/run/events.ts';
import { type Column, type ColumnWriter, categoryWriter, numberWriter, textWriter } from './columns.ts';
import { createFingerprint } from './fingerprint.ts';
import { isGzip, isGzipFault } from './gzip.ts';
import { readDelimiter } from './readDelimiter.ts';

export type ColumnKind = 'number' | 'category' | 'time' | 'text';

export interface WantedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Whether a field of a `text` column says nothing. */
  readonly isEmpty?: (field: string) => boolean;
}

export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

export interface LoadedCsv extends Table {
  readonly file: FileFingerprint;
}

interface OpenColumn {
  readonly name: string;
  readonly index: number;
  readonly writer: ColumnWriter;
}

/**
 * @param file Absolute path.
 * @param asWritten The path as the recipe has it, for messages.
 * @param choose Says which columns to keep, once the header is known; may refuse by throwing.
 * @throws {SkilletError} `data-not-found`, `data-not-text`, `data-damaged`, `data-empty`, `data-ragged`, `data-not-a-number`.
 */
export async function loadCsv(
  file: string,
  asWritten: string,
  choose: (header: readonly string[]) => readonly WantedColumn[],
): Promise<LoadedCsv> {
  const fingerprint = createFingerprint(asWritten);
  const columns: OpenColumn[] = [];
  let rows = -1; // The header is not counted.
  const parser = parse({
    delimiter: await readDelimiter(file, asWritten),
    bom: true,
    trim: true,
    skip_empty_lines: true,
    on_record: (record: string[]) => {
      rows += 1;
      if (rows === 0) {
        columns.push(...openColumns(record, choose(record)));
      } else {
        addRow(columns, record, rows);
      }
      return null; // Nothing is handed on: the numbers are kept, not the records.
    },
  });
  parser.resume();
  try {
    const { source, isPacked } = await openText(file);
    const { pass } = fingerprint;
    await (isPacked ? pipeline(source, pass, createGunzip(), parser) : pipeline(source, pass, parser));
  } catch (error) {
    throw isGzipFault(error) ? damaged(asWritten, error, rows) : toDataError(error, asWritten, file);
  }
  if (rows < 1) {
    throw new SkilletError('data-empty', 'data.csv', {
      message: `"${asWritten}" has ${rows < 0 ? 'nothing in it' : 'a header but no rows'}.`,
      remedy: 'Give a CSV file with a header line and at least one row.',
    });
  }
  const read = new Map(columns.map(({ name, writer }) => [name, writer.finish()]));
  return { rows, columns: read, file: fingerprint.finish() };
}

async function openText(file: string): Promise<{ source: Readable; isPacked: boolean }> {
  const handle = await open(file);
  try {
    const start = new Uint8Array(2);
    await handle.read(start, 0, start.length, 0);
    // The stream closes the file when it ends.
    return { source: handle.createReadStream({ start: 0 }), isPacked: isGzip(start) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** @param rows Those that were read whole before the fault. */
function damaged(asWritten: string, { message }: Error, rows: number): SkilletError {
  const read = rows < 1 ? 'before its first row' : `after ${rows} ${rows === 1 ? 'row' : 'rows'}`;
  return new SkilletError('data-damaged', 'data.csv', {
    message: `"${asWritten}" cannot be unpacked any further ${read}: ${message}.`,
    remedy: 'It is cut off or damaged: copy or fetch it again.',
  });
}

function openColumns(header: readonly string[], wanted: readonly WantedColumn[]): OpenColumn[] {
  const writers = {
    number: () => numberWriter(Number),
    time: () => numberWriter(parseTime),
    category: categoryWriter,
    text: ({ isEmpty }: WantedColumn) => textWriter(isEmpty ?? ((field) => field === '')),
  };
  return wanted.map((one) => ({ name: one.name, index: header.indexOf(one.name), writer: writers[one.kind](one) }));
}

function addRow(columns: readonly OpenColumn[], record: readonly string[], row: number): void {
  for (const { name, index, writer } of columns) {
    const field = record[index] ?? '';
    if (!writer.add(field)) {
      throw new SkilletError('data-not-a-number', `data.csv: column ${name}`, {
        message: `Row ${row} has "${field.slice(0, 40)}" where a number belongs.`,
        remedy: `Mend the field, or list ${name} under data.categorical if it holds words, or leave it out of data.features.`,
      });
    }
  }
}

function toDataError(error: unknown, asWritten: string, file: string): unknown {
  if (error instanceof SkilletError) {
    return error;
  }
  if (error instanceof CsvError) {
    return toCsvError(error, asWritten);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  return new SkilletError('data-not-found', 'data.csv', {
    message:
      code === 'ENOENT' ? `"${asWritten}" is not there (looked for ${file}).` : `${file} cannot be read: ${message}.`,
    remedy: 'Give the path relative to the recipe.',
  });
}
