/** Turns a column of texts into a matrix of codes, by the vocabulary of its training rows. */
import type { TextSettings } from '../../common/recipe/textSchema.ts';
import { buildVocabulary, encodeText, tokensOf } from '../../common/text/vocabulary.ts';
import type { EncodedInputs } from './encodeInputs.ts';
import type { Table } from './loadCsv.ts';

/**
 * @param table Without empty texts.
 * @param fitRows The training rows, whose words alone get codes.
 * @returns Codes [rows, length].
 */
export function encodeTexts(table: Table, rule: TextSettings, fitRows: Int32Array): EncodedInputs {
  const column = table.columns.get(rule.column);
  if (column?.kind !== 'category') {
    throw new Error(`The column ${rule.column} was not read as text`);
  }
  const textOf = (row: number) => column.categories[column.codes[row] ?? -1] ?? '';
  const counts = new Map<string, number>();
  for (const row of fitRows) {
    for (const token of tokensOf(textOf(row), rule)) {
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
  }
  const vocabulary = buildVocabulary(counts, rule.vocabulary);
  const width = rule.length;
  const encoded = column.categories.map((text) => encodeText(text, vocabulary, rule));
  const values = new Float32Array(table.rows * width);
  for (let row = 0; row < table.rows; row += 1) {
    values.set(encoded[column.codes[row] ?? -1] ?? [], row * width);
  }
  const each = <T>(value: T) => Array.from({ length: width }, () => value);
  return {
    values,
    width,
    names: Array.from({ length: width }, (_, place) => `${rule.column}[${place}]`),
    categories: {},
    columns: [],
    scaler: { kind: 'none', offset: each(0), factor: each(1) },
    text: { rule, vocabulary, example: textOf(fitRows[0] ?? 0) || null },
  };
}
