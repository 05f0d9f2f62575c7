/** The processor, and whether it has the instructions that TensorFlow's library is compiled for. */
import type { Finding } from '../../common/machine/check.ts';
import type { MachineSources } from './sources.ts';

export async function checkProcessor({
  platform,
  arch,
  cpu,
  readFile,
}: Pick<MachineSources, 'platform' | 'arch' | 'cpu' | 'readFile'>): Promise<Finding> {
  const model = cpu.model
    .replace(/\((R|TM)\)/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
  const cores = `${cpu.cores} core${cpu.cores === 1 ? '' : 's'}`;
  const detail = [model === '' || model === 'unknown' ? 'unnamed' : model, cores].join(', ');
  if (platform !== 'linux' || arch !== 'x64') {
    return { status: 'ok', detail, remedy: null };
  }
  const flags = /^flags\s*:(.*)$/m.exec((await readFile('/proc/cpuinfo')) ?? '')?.[1]?.split(' ');
  if (flags === undefined) {
    return { status: 'ok', detail, remedy: null };
  }
  // https://www.tensorflow.org/install/pip: binaries use AVX; a processor without it dies of an illegal instruction.
  return flags.includes('avx')
    ? { status: 'ok', detail: `${detail}, ${widest(flags)}`, remedy: null }
    : {
        status: 'warn',
        detail: `${detail}, without AVX: TensorFlow cannot run on it`,
        remedy: { text: 'In a virtual machine, let it see the host’s processor (for QEMU: -cpu host).' },
      };
}

const widest = (flags: readonly string[]) =>
  flags.includes('avx512f') ? 'AVX-512' : flags.includes('avx2') ? 'AVX2' : 'AVX';
