/** The C library of a Linux, against what the native libraries were linked with. */
import type { Finding } from '../../common/machine/check.ts';
import { compareVersions } from '../../common/machine/compareVersions.ts';
import type { MachineSources } from './sources.ts';

/** TensorFlow's wheels carry the tag manylinux_2_27. */
const TENSORFLOW_NEEDS = '2.27';
/** What the symbols of Dawn's prebuilt dawn.node ask for. */
const DAWN_NEEDS = '2.34';

const NEWER = 'Use a newer system: Debian 12, Ubuntu 22.04, RHEL 9 and all after them will do.';

export async function checkLibc({ run, listFolder }: Pick<MachineSources, 'run' | 'listFolder'>): Promise<Finding> {
  const answer = await run('getconf', ['GNU_LIBC_VERSION']);
  const version = answer.outcome === 'exited' ? /^glibc (\d+\.\d+)/.exec(answer.stdout)?.[1] : undefined;
  if (version === undefined) {
    return (await listFolder('/lib')).some((name) => name.startsWith('ld-musl-'))
      ? {
          status: 'warn',
          detail: `musl; TensorFlow needs glibc ${TENSORFLOW_NEEDS} and WebGPU glibc ${DAWN_NEEDS}`,
          remedy: { text: 'Use a system with glibc, such as Debian or Ubuntu, in place of Alpine.' },
        }
      : { status: 'info', detail: 'its version could not be found', remedy: null };
  }
  if (compareVersions(version, TENSORFLOW_NEEDS) < 0) {
    const detail = `glibc ${version}; TensorFlow needs ${TENSORFLOW_NEEDS} and WebGPU ${DAWN_NEEDS}`;
    return { status: 'warn', detail, remedy: { text: NEWER } };
  }
  if (compareVersions(version, DAWN_NEEDS) < 0) {
    return { status: 'info', detail: `glibc ${version}; WebGPU needs ${DAWN_NEEDS}`, remedy: { text: NEWER } };
  }
  return { status: 'ok', detail: `glibc ${version}`, remedy: null };
}
