/** Reads one number of a row to predict, or says by column and row why that cannot be. */

import { isMissing } from '../../common/data/missingWords.ts';
import { SkilletError } from '../../common/errors.ts';

export interface FieldPlace {
  readonly file: string;
  readonly column: string;
  /** The first row after the header is 1. */
  readonly row: number;
}

/**
 * @param how How text is read, and what takes the place of a missing value; null refuses it.
 * @throws {SkilletError} `data-missing-value`, `data-not-a-number`.
 */
export function readNumber(
  field: string,
  place: FieldPlace,
  how: { readonly parse: (field: string) => number; readonly mean: number | null },
): number {
  if (isMissing(field)) {
    if (how.mean === null) {
      throw missingValue(place);
    }
    return how.mean;
  }
  const value = how.parse(field);
  if (!Number.isFinite(value)) {
    throw new SkilletError('data-not-a-number', `${place.file}: column ${place.column}`, {
      message: `Row ${place.row} has "${field.slice(0, 40)}" where a number belongs.`,
      remedy: 'Mend the field: the network was trained on numbers there.',
    });
  }
  return value;
}

export function missingValue({ file, column, row }: FieldPlace): SkilletError {
  return new SkilletError('data-missing-value', `${file}: column ${column}`, {
    message: `Row ${row} has no value.`,
    remedy:
      'Fill the field, or take the row out. Trained with data.missing: mean, a network takes the mean for a missing number.',
  });
}
