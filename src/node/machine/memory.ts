/** Memory, as much of it as this process may have. */
import type { Finding } from '../../common/machine/check.ts';
import { formatMemory } from '../../common/machine/formatMemory.ts';
import type { MachineSources } from './sources.ts';

/** TensorFlow takes 0.4 GiB by being loaded; data and network come on top. */
const LITTLE_BYTES = 2 ** 30;

export function checkMemory({ memory }: Pick<MachineSources, 'memory'>): Finding {
  const { totalBytes, availableBytes, limitBytes } = memory;
  const limit = limitBytes === null ? '' : `, of which this container may use ${formatMemory(limitBytes)}`;
  const detail = `${formatMemory(availableBytes)} free of ${formatMemory(totalBytes)}${limit}`;
  return availableBytes >= LITTLE_BYTES
    ? { status: 'ok', detail, remedy: null }
    : {
        status: 'warn',
        detail,
        remedy: { text: 'Close other programs before training: TensorFlow alone takes 0.4 GiB.' },
      };
}
