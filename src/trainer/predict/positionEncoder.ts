/** Feeds a network that came without names: the columns of the file are its inputs, from left to right. */
import { SkilletError } from '../../common/errors.ts';
import { readNumber } from './readNumber.ts';
import type { RowEncoder } from './rowEncoder.ts';

/** @throws {SkilletError} `data-unknown-column`: there are too few or too many columns. */
export function createPositionEncoder(width: number, header: readonly string[], file: string): RowEncoder {
  if (header.length !== width) {
    throw new SkilletError('data-unknown-column', `${file}: header`, {
      message: `has ${header.length} column${header.length === 1 ? '' : 's'}, but the network takes ${width} number${width === 1 ? '' : 's'} a row.`,
      remedy: 'Leave exactly the inputs in the file, in the order of training; a header line comes first.',
    });
  }
  return {
    width,
    encode(fields, row, into, offset) {
      for (let column = 0; column < width; column += 1) {
        const place = { file, column: header[column] ?? '', row };
        into[offset + column] = readNumber(fields[column] ?? '', place, { parse: Number, mean: null });
      }
    },
  };
}
