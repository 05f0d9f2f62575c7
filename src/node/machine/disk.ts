/** Room on the disk where the TensorFlow runtime is kept. */

import { formatBytes } from '../../common/format.ts';
import type { Finding } from '../../common/machine/check.ts';
import type { MachineSources } from './sources.ts';
import { tilde } from './tilde.ts';

export interface DiskNeeds {
  /** Where the runtime is kept. */
  readonly cacheFolder: string;
  /** What setting up would write at its most; null when nothing is left to set up. */
  readonly neededBytes: number | null;
}

/** Runs and checkpoints want room too, mostly on the same disk. */
const LITTLE_BYTES = 2 ** 30;

export async function checkDisk(
  { freeBytes, home }: Pick<MachineSources, 'freeBytes' | 'home'>,
  { cacheFolder, neededBytes }: DiskNeeds,
): Promise<Finding> {
  const free = await freeBytes(cacheFolder);
  const place = `at ${tilde(cacheFolder, home)}`;
  if (free === null) {
    return { status: 'info', detail: `free space ${place} could not be found`, remedy: null };
  }
  const detail = `${formatBytes(free)} free ${place}`;
  const needed = neededBytes ?? LITTLE_BYTES;
  if (free >= needed) {
    return { status: 'ok', detail, remedy: null };
  }
  const why = neededBytes === null ? 'runs and checkpoints need room' : `setting up takes up to ${formatBytes(needed)}`;
  return { status: 'warn', detail: `${detail}; ${why}`, remedy: { text: 'Make room on that disk.' } };
}
