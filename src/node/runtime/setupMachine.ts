/** What setup must know of this machine: its platform, its NVIDIA driver, the room on its disk. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { CATALOGUE } from './catalogue.ts';
import type { Machine } from './findEngine.ts';
import type { Flavour } from './manifest.ts';

/** For example `linux-x64`; `linux-x64-musl` where the C library is not the one that TensorFlow is built for. */
export function setupPlatform({ platform, arch }: Pick<Machine, 'platform' | 'arch'>, exists = existsSync): string {
  const loader = arch === 'arm64' ? 'ld-musl-aarch64.so.1' : 'ld-musl-x86_64.so.1';
  const isMusl = platform === 'linux' && exists(`/lib/${loader}`) && !exists('/etc/ld.so.cache');
  return `${platform}-${arch}${isMusl ? '-musl' : ''}`;
}

/** Whether the driver is loaded, or its tool can be called. */
export function seesNvidiaDriver({ platform, env }: Pick<Machine, 'platform' | 'env'>, exists = existsSync): boolean {
  if (platform !== 'linux') {
    return false;
  }
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return exists('/proc/driver/nvidia/version') || folders.some((folder) => exists(path.join(folder, 'nvidia-smi')));
}

/** The flavours for a platform, the one that suits the machine first. */
export function suggestFlavours(platform: string, hasNvidia: boolean): Flavour[] {
  const flavours = CATALOGUE.filter((one) => one.platform === platform).map(({ flavour }) => flavour);
  const wanted: Flavour = hasNvidia ? 'cuda' : 'cpu';
  return [...flavours.filter((one) => one === wanted), ...flavours.filter((one) => one !== wanted)];
}

/** For whoever runs this process, on the disk that holds a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
