/** Tells a file by its bytes, taken while it is read: so they are those that were trained on. */
import { createHash } from 'node:crypto';
import type { FileFingerprint } from '../../common/run/events.ts';

export interface Fingerprinting {
  /** A stage of a pipeline that hands on what it sees. */
  pass(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  /** Once the file was read to its end. */
  finish(): FileFingerprint;
}

/** @param file As the recipe has it. */
export function createFingerprint(file: string): Fingerprinting {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *pass(chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    finish: () => ({ file, sha256: hash.digest('hex'), bytes }),
  };
}

export function fingerprintOf(file: string, bytes: Uint8Array): FileFingerprint {
  return { file, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}
