/** Looks at the beginning of a CSV file, packed or not: whether it is text, and which sign parts its fields. */
import { open } from 'node:fs/promises';
import { gunzipSync, constants as zlib } from 'node:zlib';
import { type Delimiter, findDelimiter } from '../../common/data/delimiter.ts';
import { refuseStrangeBytes } from '../../common/data/refuseStrangeBytes.ts';
import { SkilletError } from '../../common/errors.ts';

const HEAD_BYTES = 65_536;

/**
 * A file that cannot be read is told by whoever reads it next.
 *
 * @throws {SkilletError} `data-not-text`.
 */
export async function readDelimiter(file: string, asWritten: string): Promise<Delimiter> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const head = buffer.subarray(0, bytesRead);
      const isPacked = head[0] === 0x1f && head[1] === 0x8b;
      const text = isPacked ? gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }) : head;
      refuseStrangeBytes(text.subarray(0, HEAD_BYTES), asWritten);
      return findDelimiter(text.toString('utf8'));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof SkilletError) {
      throw error;
    }
    return ',';
  }
}
