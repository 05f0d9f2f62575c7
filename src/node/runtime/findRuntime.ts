/** Finds the TensorFlow to train with: the one a person names, else the one that Skillet installed last. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { CACHE_FOLDERS } from '../../common/machine/cacheFolders.ts';
import { loadManifest } from './manifest.ts';
import { findNamedRuntime } from './namedRuntime.ts';

export interface Runtime {
  /** Holds libtensorflow_cc. */
  readonly folder: string;
  readonly version: string | null;
  readonly flavour: 'cpu' | 'cuda' | 'unknown';
  readonly source: 'installed' | 'named';
}

export interface RuntimeWanted {
  readonly cacheFolder: string;
  /** What a person set in place of an installed one. */
  readonly named: string | null;
  /** For example `linux-x64`. */
  readonly platform: string;
}

/**
 * An installed one is given as it is; `checkRuntime` tells whether it is still whole.
 *
 * @throws {SkilletError} `runtime-folder`: the folder named holds no TensorFlow.
 */
export async function findRuntime({ cacheFolder, named, platform }: RuntimeWanted): Promise<Runtime | null> {
  return named === null
    ? findInstalled(path.join(cacheFolder, CACHE_FOLDERS.runtimes), platform)
    : findNamedRuntime(named, platform);
}

/** Of several flavours the one installed last: whoever installs a second one wants to use it. */
async function findInstalled(folder: string, platform: string): Promise<Runtime | null> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.startsWith(`${platform}-`))
      .map(async (name) => ({ name, manifest: await loadManifest(path.join(folder, name)) })),
  );
  const [newest] = found.sort((a, b) => (b.manifest?.installedAt ?? '').localeCompare(a.manifest?.installedAt ?? ''));
  return newest === undefined
    ? null
    : {
        folder: path.join(folder, newest.name, 'tensorflow'),
        version: newest.manifest?.version ?? null,
        flavour: newest.manifest?.flavour ?? 'unknown',
        source: 'installed',
      };
}
