/** What an install would fetch and take, before anything is done. */
import path from 'node:path';
import { CACHE_FOLDERS } from '../../common/machine/cacheFolders.ts';
import { type RuntimePackage, unpackedBytes, wheelsBytes } from './catalogue.ts';
import { checkRuntime } from './checkRuntime.ts';
import { downloadedBytes } from './download.ts';
import type { Runtime } from './findRuntime.ts';
import { loadManifest } from './manifest.ts';

export interface InstallPlan {
  readonly package: RuntimePackage;
  readonly cacheFolder: string;
  /** Where it will lie. */
  readonly folder: string;
  /** Where the wheels lie until they are unpacked. */
  readonly downloadsFolder: string;
  readonly downloadBytes: number;
  /** Of which this much is on the disk from an earlier attempt. */
  readonly fetchedBytes: number;
  readonly unpackedBytes: number;
  /** What stands in its place now. */
  readonly state: 'absent' | 'whole' | 'damaged';
}

export async function planInstall(cacheFolder: string, wanted: RuntimePackage): Promise<InstallPlan> {
  const folder = path.join(
    cacheFolder,
    CACHE_FOLDERS.runtimes,
    `${wanted.platform}-${wanted.flavour}-${wanted.version}`,
  );
  const downloadsFolder = path.join(cacheFolder, CACHE_FOLDERS.downloads);
  const fetched = await Promise.all(
    wanted.wheels.map(({ file, bytes }) =>
      downloadedBytes(path.join(downloadsFolder, file)).then((size) => Math.min(size, bytes)),
    ),
  );
  const isThere = (await loadManifest(folder)) !== null;
  return {
    package: wanted,
    cacheFolder,
    folder,
    downloadsFolder,
    downloadBytes: wheelsBytes(wanted.wheels),
    fetchedBytes: fetched.reduce((sum, bytes) => sum + bytes, 0),
    unpackedBytes: unpackedBytes(wanted.wheels),
    state: !isThere ? 'absent' : (await checkRuntime(toRuntime(wanted, folder))) === null ? 'whole' : 'damaged',
  };
}

export function toRuntime({ version, flavour }: RuntimePackage, folder: string): Runtime {
  return { folder: path.join(folder, 'tensorflow'), version, flavour, source: 'installed' };
}
