/** Tells faults of the disk from other ones, in words. */
import { SkilletError } from '../../common/errors.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'it is read-only',
  EPERM: 'it is read-only',
  EROFS: 'it is read-only',
  ENOTDIR: 'a file stands where a folder belongs',
};

/** Gives an error of the disk as one that a person can mend; others as they are. */
export function toDiskFault(error: unknown, folder: string): unknown {
  const meaning = error instanceof Error ? MEANINGS[(error as NodeJS.ErrnoException).code ?? ''] : undefined;
  return meaning === undefined
    ? error
    : new SkilletError('runtime-disk', folder, {
        message: `cannot be written: ${meaning}.`,
        remedy:
          'Make room, or name another folder for what Skillet fetches with the environment variable SKILLET_CACHE.',
      });
}
