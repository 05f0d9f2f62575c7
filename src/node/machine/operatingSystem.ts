/** Operating system and architecture, and whether TensorFlow's library exists for them. */
import type { Finding } from '../../common/machine/check.ts';
import { readDistribution } from './distribution.ts';
import type { MachineSources } from './sources.ts';

type Sources = Pick<MachineSources, 'platform' | 'arch' | 'release' | 'readFile' | 'run'>;

/** Platforms whose wheel holds a library that Skillet can call. */
const WITH_TENSORFLOW = ['linux x64', 'linux arm64', 'darwin arm64', 'win32 x64'];

export async function checkOperatingSystem(sources: Sources): Promise<Finding> {
  const { platform, arch } = sources;
  const detail = `${await systemName(sources)}, ${arch}`;
  return WITH_TENSORFLOW.includes(`${platform} ${arch}`)
    ? { status: 'ok', detail, remedy: null }
    : { status: 'info', detail: `${detail}; TensorFlow has no library for it, the other backends do`, remedy: null };
}

async function systemName(sources: Sources): Promise<string> {
  const { platform, release, run } = sources;
  if (platform === 'linux') {
    const { name } = await readDistribution(sources);
    return /microsoft/i.test(release) ? `${name} in WSL, kernel ${release}` : `${name}, kernel ${release}`;
  }
  if (platform === 'darwin') {
    const answer = await run('sw_vers', ['-productVersion']);
    return answer.outcome === 'exited' && answer.code === 0
      ? `macOS ${answer.stdout.trim()}`
      : `macOS (Darwin ${release})`;
  }
  return platform === 'win32' ? `Windows ${release}` : `${platform} ${release}`;
}
