/** Refuses what is no text in UTF-8, by the beginning of a file: read as one, it would give columns of nonsense. */
import { SkilletError } from '../errors.ts';

/** @param head Unpacked. @throws {SkilletError} `data-not-text`. */
export function refuseStrangeBytes(head: Uint8Array, asWritten: string): void {
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (isWide) {
    throw new SkilletError('data-not-text', 'data.csv', {
      message: `"${asWritten}" is written in UTF-16.`,
      remedy: 'Save it as UTF-8: in a spreadsheet choose "CSV UTF-8", in VS Code "Save with Encoding".',
    });
  }
  if (head.includes(0)) {
    throw new SkilletError('data-not-text', 'data.csv', {
      message: `"${asWritten}" is no text: it holds zero bytes, as workbooks, pictures and archives do.`,
      remedy: 'Export the table as a CSV file first.',
    });
  }
}
