/** Writes a file beside its place and puts it there when it is whole: nobody finds a half-written one. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { SkilletError } from '../../common/errors.ts';
import { draftName } from '../../common/model/draftName.ts';

export interface SafeFile {
  /** Waits where the disk is slower than the writer. */
  write(text: string): Promise<void>;
}

/**
 * @param fill Writes all of it; when it throws, nothing is left behind.
 * @throws {SkilletError} `model-output`: the file cannot be written; otherwise what `fill` throws.
 */
export async function writeSafely<T>(file: string, fill: (out: SafeFile) => Promise<T>): Promise<T> {
  const draft = draftName(file, process.pid);
  const stream = createWriteStream(draft);
  const faults: unknown[] = [];
  stream.on('error', (error) => {
    faults.push(error);
  });
  try {
    await once(stream, 'open');
    const result = await fill({
      async write(text) {
        if (!stream.write(text)) {
          await once(stream, 'drain');
        }
      },
    });
    stream.end();
    await once(stream, 'close');
    await rename(draft, file).catch((error: Error) => {
      faults.push(error);
      throw error;
    });
    return result;
  } catch (error) {
    stream.destroy();
    await rm(draft, { force: true });
    // What the stream says ends every wait for it.
    throw faults.includes(error) ? cannotWrite(file, error as Error) : error;
  }
}

function cannotWrite(file: string, error: Error): SkilletError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why: Record<string, string> = {
    ENOENT: 'its folder does not exist',
    ENOSPC: 'the disk is full',
    EACCES: 'it is read-only',
    EROFS: 'it is read-only',
    EPERM: 'it is read-only',
    EISDIR: 'it is a folder',
  };
  return new SkilletError('model-output', file, {
    message: `cannot be written: ${why[code ?? ''] ?? message}.`,
    remedy: 'Choose another file, or free some space.',
  });
}
