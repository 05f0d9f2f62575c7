/** Writes the losses of a run's steps as a capsule keeps them, and reads them back. */
import { createHash } from 'node:crypto';
import { BLOCK_STEPS, type CapsuleSteps, KEPT_STEPS, MOST_BLOCKS } from '../../common/capsule/capsule.ts';

export interface LossSeries {
  readonly length: number;
  /** Null where it was not finite. */
  at(step: number): number | null;
}

type Encoding = CapsuleSteps['encoding'];

export function packLosses(series: LossSeries): CapsuleSteps {
  const { length: count } = series;
  const kept = Math.min(count, KEPT_STEPS);
  const encoding = isFloat32(series) ? 'float32' : 'float64';
  const blockSteps = Math.max(BLOCK_STEPS, Math.ceil((count - kept) / MOST_BLOCKS));
  const take = (from: number, to: number) =>
    toBytes(
      Array.from({ length: to - from }, (_, i) => series.at(from + i)),
      encoding,
    );
  const blocks: string[] = [];
  for (let from = kept; from < count; from += blockSteps) {
    blocks.push(hashBlock(take(from, Math.min(count, from + blockSteps))));
  }
  return { count, encoding, loss: take(0, kept).toString('base64'), blockSteps, blocks };
}

/** The losses that were kept one by one; NaN where one was not finite. */
export function unpackLosses({ loss, encoding }: CapsuleSteps): Float64Array {
  const bytes = Buffer.from(loss, 'base64');
  return encoding === 'float32'
    ? Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
    : Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}

export function toBytes(losses: readonly (number | null)[], encoding: Encoding): Buffer {
  const width = encoding === 'float32' ? 4 : 8;
  const bytes = Buffer.alloc(width * losses.length);
  losses.forEach((loss, i) => {
    const value = loss ?? Number.NaN;
    if (encoding === 'float32') {
      bytes.writeFloatLE(value, 4 * i);
    } else {
      bytes.writeDoubleLE(value, 8 * i);
    }
  });
  return bytes;
}

export function hashBlock(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Losses come from float32 tensors; a mean that was taken over shares of a batch need not fit. */
function isFloat32(series: LossSeries): boolean {
  for (let step = 0; step < series.length; step += 1) {
    const loss = series.at(step);
    if (loss !== null && Math.fround(loss) !== loss) {
      return false;
    }
  }
  return true;
}
