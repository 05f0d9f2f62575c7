/** Where this machine has TensorFlow's library, for tests that need it. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CACHE_FOLDERS } from '../../../../src/common/machine/cacheFolders.ts';
import { findCacheFolder } from '../../../../src/node/runtime/cacheFolder.ts';

/**
 * `SKILLET_TENSORFLOW`, else what `skillet setup` has installed for the user: `npm test` has a cache of its own.
 *
 * @returns Null where there is none.
 */
export function tensorflowFolder(): string | null {
  const { SKILLET_TENSORFLOW, ...env } = process.env;
  const { SKILLET_CACHE: _, ...own } = env;
  const runtimes = path.join(
    findCacheFolder({ platform: process.platform, env: own, home: homedir() }),
    CACHE_FOLDERS.runtimes,
  );
  const installed = existsSync(runtimes)
    ? readdirSync(runtimes).map((name) => path.join(runtimes, name, 'tensorflow'))
    : [];
  const candidates = [...(SKILLET_TENSORFLOW === undefined ? [] : [SKILLET_TENSORFLOW]), ...installed];
  const names = ['libtensorflow_cc.so.2', 'libtensorflow_cc.2.dylib'];
  return candidates.find((folder) => names.some((name) => existsSync(path.join(folder, name)))) ?? null;
}
