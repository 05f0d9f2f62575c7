/** Where the files of a capsule lie: below one folder, and never outside of it. */
import { SkilletError } from '../errors.ts';

/**
 * Path of a file below the folder that a capsule may read, with `/` between its parts.
 *
 * @param folder The recipe's, below that folder.
 * @param file As the recipe has it.
 * @throws {SkilletError} `capsule-path`.
 */
export function pathInside(folder: string, file: string): string {
  const whole = `${folder}/${file}`.replaceAll('\\', '/');
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..' && parts.pop() === undefined) {
      throw outside(file);
    }
    if (part !== '..' && part !== '.' && part !== '') {
      parts.push(part);
    }
  }
  if (isAbsolute(file) || isAbsolute(folder) || parts.length === 0 || /[\0:]/.test(whole)) {
    throw outside(file);
  }
  return parts.join('/');
}

/** As Windows or any other system means it. */
export function isAbsolute(file: string): boolean {
  return /^([/\\]|[a-zA-Z]:)/.test(file);
}

function outside(file: string): SkilletError {
  return new SkilletError('capsule-path', file, {
    message: 'leads out of the folder that a capsule may read.',
    remedy: 'Data and modules of a capsule lie below its folder, named by relative paths.',
  });
}
