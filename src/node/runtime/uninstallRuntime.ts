/** Takes away all that Skillet keeps of TensorFlow: runtimes, partial downloads, what was found out about them, and the cache folder where it is then empty. */
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { CACHE_FOLDERS } from '../../common/machine/cacheFolders.ts';
import { withSetupLock } from './setupLock.ts';

/**
 * A TensorFlow that a person named is theirs and is left alone, and links are not followed.
 *
 * @throws {SkilletError} `runtime-busy`, `runtime-disk`.
 */
export async function uninstallRuntime(cacheFolder: string): Promise<{ freedBytes: number }> {
  if ((await lstat(cacheFolder).catch(() => null)) === null) {
    return { freedBytes: 0 };
  }
  const freedBytes = await withSetupLock(cacheFolder, async () => {
    let freed = 0;
    for (const name of Object.values(CACHE_FOLDERS)) {
      const folder = path.join(cacheFolder, name);
      freed += await sizeOf(folder);
      await rm(folder, { recursive: true, force: true });
    }
    return freed;
  });
  await rmdir(cacheFolder).catch(() => undefined); // Other things may lie there.
  return { freedBytes };
}

async function sizeOf(entry: string): Promise<number> {
  const found = await lstat(entry).catch(() => null);
  if (found === null || found.isSymbolicLink()) {
    return 0;
  }
  if (!found.isDirectory()) {
    return found.size;
  }
  const sizes = await Promise.all((await readdir(entry)).map((name) => sizeOf(path.join(entry, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
