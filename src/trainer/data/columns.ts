/** Columns that grow while a file is read: numbers and category codes in typed arrays, never rows as objects. */
import { isMissing } from '../../common/data/missingWords.ts';

/** Numbers; NaN where the field is missing. Bytes have none missing. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly values: Float64Array | Uint8Array;
}

/** Words: `categories[codes[row]]`, sorted; −1 where the field is missing. */
export interface CategoryColumn {
  readonly kind: 'category';
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type Column = NumberColumn | CategoryColumn;

/** Doubles its room when full. */
class GrowingNumbers {
  #values = new Float64Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(this.#length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** Takes the fields of one column, one by one; `add` gives false for text that is no number. */
export interface ColumnWriter {
  add(field: string): boolean;
  finish(): Column;
}

/** @param parse Gives NaN for text that it cannot read. */
export function numberWriter(parse: (field: string) => number): ColumnWriter {
  const values = new GrowingNumbers();
  return {
    add(field) {
      const missing = isMissing(field);
      const value = missing ? Number.NaN : parse(field);
      values.push(value);
      return missing || Number.isFinite(value);
    },
    finish: () => ({ kind: 'number', values: values.view() }),
  };
}

export function categoryWriter(): ColumnWriter {
  const codes = new GrowingNumbers();
  const codeOf = new Map<string, number>();
  return {
    add(field) {
      if (isMissing(field)) {
        codes.push(-1);
        return true;
      }
      const code = codeOf.get(field) ?? codeOf.size;
      codeOf.set(field, code);
      codes.push(code);
      return true;
    },
    finish: () => sortCategories(codes.view(), [...codeOf.keys()]),
  };
}

/** Texts as categories, of which there may be as many as rows; only an empty one is missing, as `NA` is a text too. */
export function textWriter(isEmpty: (field: string) => boolean): ColumnWriter {
  const codes = new GrowingNumbers();
  const codeOf = new Map<string, number>();
  return {
    add(field) {
      const code = isEmpty(field) ? -1 : (codeOf.get(field) ?? codeOf.size);
      if (code !== -1) {
        codeOf.set(field, code);
      }
      codes.push(code);
      return true;
    },
    finish: () => ({ kind: 'category', codes: Int32Array.from(codes.view()), categories: [...codeOf.keys()] }),
  };
}

/** Codes follow the sorted categories, so that they do not depend on the order of the rows. */
function sortCategories(codes: Float64Array, found: readonly string[]): CategoryColumn {
  const isNumeric = found.every((word) => Number.isFinite(Number(word)));
  const categories = isNumeric ? found.toSorted((a, b) => Number(a) - Number(b)) : found.toSorted();
  const place = new Map(categories.map((word, index) => [word, index]));
  const renumbered = found.map((word) => place.get(word) ?? -1);
  return { kind: 'category', codes: Int32Array.from(codes, (code) => renumbered[code] ?? -1), categories };
}
