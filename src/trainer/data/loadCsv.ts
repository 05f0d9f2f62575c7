/** Reads the wanted columns of a CSV file in one streaming pass. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { parseTime } from '../../common/data/parseTime.ts';
import { SkilletError } from '../../common/errors.ts';
import { type Column, type ColumnWriter, categoryWriter, numberWriter } from './columns.ts';
import { readDelimiter } from './readDelimiter.ts';

export type ColumnKind = 'number' | 'category' | 'time';

export interface WantedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
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
 * @throws {SkilletError} `data-not-found`, `data-empty`, `data-ragged`, `data-not-a-number`.
 */
export async function loadCsv(
  file: string,
  asWritten: string,
  choose: (header: readonly string[]) => readonly WantedColumn[],
): Promise<Table> {
  const open: OpenColumn[] = [];
  let rows = -1; // The header is not counted.
  const parser = parse({
    delimiter: await readDelimiter(file),
    bom: true,
    trim: true,
    skip_empty_lines: true,
    on_record: (record: string[]) => {
      rows += 1;
      if (rows === 0) {
        open.push(...openColumns(record, choose(record)));
      } else {
        addRow(open, record, rows);
      }
      return null; // Nothing is handed on: the numbers are kept, not the records.
    },
  });
  parser.resume();
  await pipeline(createReadStream(file), parser).catch((error: unknown) => {
    throw toDataError(error, asWritten, file);
  });
  if (rows < 1) {
    throw new SkilletError('data-empty', 'data.csv', {
      message: `"${asWritten}" has ${rows < 0 ? 'nothing in it' : 'a header but no rows'}.`,
      remedy: 'Give a CSV file with a header line and at least one row.',
    });
  }
  return { rows, columns: new Map(open.map(({ name, writer }) => [name, writer.finish()])) };
}

function openColumns(header: readonly string[], wanted: readonly WantedColumn[]): OpenColumn[] {
  const writers = { number: () => numberWriter(Number), time: () => numberWriter(parseTime), category: categoryWriter };
  return wanted.map(({ name, kind }) => ({ name, index: header.indexOf(name), writer: writers[kind]() }));
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
    const found = error as CsvError & { lines?: number; record?: string[] };
    const line = found.lines ?? 0;
    const isRagged = error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
    return new SkilletError('data-ragged', `data.csv: line ${line}`, {
      message: isRagged
        ? `Line ${line} of "${asWritten}" has ${found.record?.length ?? 'another number of'} fields, unlike the header.`
        : `Line ${line} of "${asWritten}" is not proper CSV: ${error.message}.`,
      remedy: 'Give each row one field per column; quote fields that hold commas or line breaks.',
    });
  }
  const { code, message } = error as NodeJS.ErrnoException;
  return new SkilletError('data-not-found', 'data.csv', {
    message:
      code === 'ENOENT' ? `"${asWritten}" is not there (looked for ${file}).` : `${file} cannot be read: ${message}.`,
    remedy: 'Give the path relative to the recipe.',
  });
}
