/** Feeds a network that was trained on texts: each becomes the codes of its words or characters. */
import { SkilletError } from '../../common/errors.ts';
import type { TextInputs } from '../../common/model/sidecar.ts';
import { encodeText, tokensOf, toVocabulary } from '../../common/text/vocabulary.ts';
import { findColumn } from './findColumn.ts';
import type { RowEncoder } from './rowEncoder.ts';

/** @throws {SkilletError} `data-unknown-column`. */
export function createTextEncoder(inputs: TextInputs, header: readonly string[], file: string): RowEncoder {
  const { column, length } = inputs;
  const index = findColumn(column, header, file);
  const vocabulary = toVocabulary(inputs.tokens);
  return {
    width: length,
    encode(fields, row, into, offset) {
      const text = fields[index] ?? '';
      if (tokensOf(text, inputs).length === 0) {
        throw new SkilletError('data-missing-value', `${file}: column ${column}`, {
          message: `Row ${row} has no text: nothing is left of it once punctuation is out.`,
          remedy: 'Fill the field, or take the row out.',
        });
      }
      into.set(encodeText(text, vocabulary, inputs), offset);
    },
  };
}
