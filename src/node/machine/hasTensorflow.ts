/** Whether there is a TensorFlow for this system at all that Skillet can call. */
import type { MachineSources } from './sources.ts';

/** Windows' wheel holds no library of its own, and the Intel Macs' ended with TensorFlow 2.16. */
const SYSTEMS = ['linux x64', 'linux arm64', 'darwin arm64'];

export function hasTensorflow({ platform, arch }: Pick<MachineSources, 'platform' | 'arch'>): boolean {
  return SYSTEMS.includes(`${platform} ${arch}`);
}
