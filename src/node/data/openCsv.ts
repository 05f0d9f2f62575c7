/** Opens a CSV file as a stream of its bytes, unpacked, after a look at its beginning. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, gunzipSync, constants as zlib } from 'node:zlib';
import { type Delimiter, findDelimiter } from '../../common/data/delimiter.ts';
import { refuseStrangeBytes } from '../../common/data/refuseStrangeBytes.ts';
import { SkilletError } from '../../common/errors.ts';

export interface OpenCsv {
  readonly delimiter: Delimiter;
  readonly isCompressed: boolean;
  /** Of the file as it lies on the disk. */
  readonly bytes: number;
  /** Its bytes, unpacked. */
  readonly stream: Readable;
  /** Bytes read from the disk so far. */
  bytesRead(): number;
  close(): void;
}

const HEAD_BYTES = 65_536;

/** @throws {SkilletError} `data-not-found`, `data-empty`, `data-not-text`. */
export async function openCsv(file: string, asWritten: string): Promise<OpenCsv> {
  const { head, bytes } = await readHead(file, asWritten);
  const isCompressed = head[0] === 0x1f && head[1] === 0x8b;
  const text = isCompressed ? unpackHead(head, asWritten) : head;
  refuseStrangeBytes(text, asWritten);
  const disk = createReadStream(file);
  const gunzip = isCompressed ? createGunzip() : null;
  if (gunzip !== null) {
    disk.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  }
  return {
    delimiter: findDelimiter(text.toString('utf8')),
    isCompressed,
    bytes,
    stream: gunzip ?? disk,
    bytesRead: () => disk.bytesRead,
    close() {
      disk.destroy();
      gunzip?.destroy();
    },
  };
}

async function readHead(file: string, asWritten: string): Promise<{ head: Buffer; bytes: number }> {
  try {
    const { size } = await stat(file);
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      if (bytesRead === 0) {
        throw new SkilletError('data-empty', 'data.csv', {
          message: `"${asWritten}" has nothing in it.`,
          remedy: 'Give a CSV file with a header line and at least one row.',
        });
      }
      return { head: buffer.subarray(0, bytesRead), bytes: size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof SkilletError ? error : unreadable(error as NodeJS.ErrnoException, file, asWritten);
  }
}

/** What went wrong with the disk or the packing, in words. */
export function unreadable(error: NodeJS.ErrnoException, file: string, asWritten: string): SkilletError {
  if (error.code?.startsWith('Z_') === true) {
    return damaged(asWritten, error.message);
  }
  return new SkilletError('data-not-found', 'data.csv', {
    message:
      error.code === 'ENOENT'
        ? `"${asWritten}" is not there (looked for ${file}).`
        : `${file} cannot be read: ${error.message}.`,
    remedy: 'Check the path and who may read the file.',
  });
}

function unpackHead(head: Buffer, asWritten: string): Buffer {
  try {
    // The head ends in the middle of the packed data: what can be unpacked of it is enough.
    return gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, HEAD_BYTES);
  } catch (error) {
    throw damaged(asWritten, (error as Error).message);
  }
}

function damaged(asWritten: string, why: string): SkilletError {
  return new SkilletError('data-not-text', 'data.csv', {
    message: `"${asWritten}" is packed, but cannot be unpacked: ${why}.`,
    remedy: 'Fetch or pack the file anew.',
  });
}
