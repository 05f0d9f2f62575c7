/** NVIDIA's CUDA toolkit, where it was installed by itself: its version and its folder. */
import path from 'node:path';
import type { MachineSources } from './sources.ts';

export interface Toolkit {
  readonly version: string;
  readonly folder: string;
}

export async function findToolkit({
  platform,
  env,
  readFile,
}: Pick<MachineSources, 'platform' | 'env' | 'readFile'>): Promise<Toolkit | null> {
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  const folders = [env.CUDA_PATH, env.CUDA_HOME, platform === 'linux' ? '/usr/local/cuda' : undefined];
  for (const folder of folders) {
    if (folder !== undefined && folder !== '') {
      const version =
        versionOf(await readFile(join(folder, 'version.json'))) ??
        // Until CUDA 11.
        /CUDA Version ([\d.]+)/.exec((await readFile(join(folder, 'version.txt'))) ?? '')?.[1];
      if (version !== undefined) {
        return { version, folder };
      }
    }
  }
  return null;
}

function versionOf(text: string | null): string | undefined {
  try {
    const { cuda } = JSON.parse(text ?? '{}') as { cuda?: { version?: unknown } };
    return typeof cuda?.version === 'string' ? cuda.version : undefined;
  } catch {
    return undefined;
  }
}
