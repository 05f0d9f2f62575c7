/** Reads the column names of a CSV file, packed or not, that lies below a folder, from its first bytes. */
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, constants as zlib } from 'node:zlib';
import { csvHeader } from '../common/recipe/language/csvHeader.ts';

const HEADER_BYTES = 256 * 1024;

/**
 * Null where there is no such file, where it is not plain text, or where it lies outside of all `folders`, also by way
 * of a link.
 */
export async function readColumns(file: string, folders: readonly string[]): Promise<string[] | null> {
  try {
    const real = await realpath(file);
    const roots = await Promise.all(folders.map((folder) => realpath(folder)));
    if (!roots.some((root) => isBelow(real, root))) {
      return null;
    }
    return await readHeader(real);
  } catch {
    return null;
  }
}

function isBelow(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way !== '' && !way.startsWith('..') && !path.isAbsolute(way);
}

async function readHeader(file: string): Promise<string[] | null> {
  const handle = await open(file);
  try {
    // A pipe or a device would block for ever.
    if (!(await handle.stat()).isFile()) {
      return null;
    }
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const isPacked = head[0] === 0x1f && head[1] === 0x8b;
    const bytes = isPacked ? gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }) : head;
    const columns = bytes.includes(0) ? [] : csvHeader(bytes.toString('utf8'));
    return columns.length === 0 ? null : columns;
  } finally {
    await handle.close();
  }
}
