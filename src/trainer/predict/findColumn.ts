/** Finds a column of a file to predict by its name. */
import { SkilletError } from '../../common/errors.ts';
import { didYouMean } from '../../common/recipe/didYouMean.ts';

/**
 * @param need What the network does with the column.
 * @throws {SkilletError} `data-unknown-column`: it is missing, or there twice.
 */
export function findColumn(
  name: string,
  header: readonly string[],
  file: string,
  need = 'the network was trained on it',
): number {
  const index = header.indexOf(name);
  if (index === -1) {
    const guess = didYouMean(name, header);
    const shown = header.length > 30 ? `${header.slice(0, 30).join(', ')}, …` : header.join(', ');
    throw new SkilletError('data-unknown-column', `${file}: column ${name}`, {
      message: `is missing; ${need}.`,
      remedy: `${guess === null ? 'Add it' : `Rename ${guess}, if that is meant`}. Columns of the file: ${shown}.`,
    });
  }
  if (header.indexOf(name, index + 1) !== -1) {
    throw new SkilletError('data-unknown-column', `${file}: column ${name}`, {
      message: 'is there twice, so that the name does not tell which is meant.',
      remedy: 'Rename one of them.',
    });
  }
  return index;
}
