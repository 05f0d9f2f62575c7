/** Operating system and architecture, and whether TensorFlow's library exists for them. */
import type { Finding } from '../../common/machine/check.ts';
import { readDistribution } from './distribution.ts';
import { offersTensorflow } from './offersTensorflow.ts';
import type { MachineSources } from './sources.ts';

type Sources = Pick<MachineSources, 'platform' | 'arch' | 'release' | 'readFile' | 'run'>;

export async function checkOperatingSystem(sources: Sources): Promise<Finding> {
  const detail = `${await systemName(sources)}, ${sources.arch}`;
  return offersTensorflow(sources)
    ? { status: 'ok', detail, remedy: null }
    : { status: 'info', detail: `${detail}; there is no TensorFlow for it that Skillet can use`, remedy: null };
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
