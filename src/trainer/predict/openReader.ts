/** Reads a CSV file row by row, for files that need not fit into memory. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { SkilletError } from '../../common/errors.ts';

/**
 * Gives the header first, then the rows, fields trimmed. Files that end in `.gz` are unpacked.
 *
 * @throws {SkilletError} While it is read: `data-not-found`, `data-ragged`.
 */
export async function* openReader(file: string): AsyncGenerator<readonly string[]> {
  const parser = parse({ bom: true, trim: true, skip_empty_lines: true });
  const source = createReadStream(file);
  // Faults of the source end the parser with the same error, which the loop below throws.
  const done = (file.endsWith('.gz') ? pipeline(source, createGunzip(), parser) : pipeline(source, parser)).catch(
    () => undefined,
  );
  try {
    for await (const record of parser) {
      yield record as string[];
    }
  } catch (error) {
    throw toFault(error, file);
  } finally {
    source.destroy();
    await done;
  }
}

function toFault(error: unknown, file: string): SkilletError {
  const name = path.basename(file);
  if (error instanceof CsvError) {
    const { lines = 0, record } = error as CsvError & { lines?: number; record?: string[] };
    const isRagged = error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
    return new SkilletError('data-ragged', `${name}: line ${lines}`, {
      message: isRagged
        ? `has ${record?.length ?? 'another number of'} fields, unlike the header.`
        : `is not proper CSV: ${error.message}.`,
      remedy: 'Give each row one field per column; quote fields that hold commas or line breaks.',
    });
  }
  const { code, message } = error as NodeJS.ErrnoException;
  return new SkilletError('data-not-found', name, {
    message: code === 'ENOENT' ? `is not there (looked for ${file}).` : `cannot be read: ${message}.`,
    remedy: file.endsWith('.gz') ? 'Check the path, and that the file is packed with gzip.' : 'Check the path.',
  });
}
