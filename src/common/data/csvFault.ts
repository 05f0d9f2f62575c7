/** What csv-parse says of a file that is no proper CSV, told on its line. */
import { SkilletError } from '../errors.ts';

/** As much of its error as is told. */
export interface CsvFault {
  readonly code: string;
  readonly message: string;
  readonly lines?: number;
  readonly record?: readonly string[];
}

/** @param name The file as a person knows it. */
export function toCsvError({ code, message, lines = 0, record }: CsvFault, name: string): SkilletError {
  const isRagged = code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
  return new SkilletError('data-ragged', `data.csv: line ${lines}`, {
    message: isRagged
      ? `Line ${lines} of "${name}" has ${record?.length ?? 'another number of'} fields, unlike the header.`
      : `Line ${lines} of "${name}" is not proper CSV: ${message}.`,
    remedy: 'Give each row one field per column; quote fields that hold the delimiter or line breaks.',
  });
}
