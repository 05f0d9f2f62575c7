/** The folder in which Skillet keeps what it fetches and measures on this machine; everything in it may be deleted. */
import path from 'node:path';

export interface CacheOwner {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

/** `SKILLET_CACHE` where it is set, else the platform's own place for caches. */
export function findCacheFolder({ platform, env, home }: CacheOwner): string {
  const { join, resolve } = platform === 'win32' ? path.win32 : path.posix;
  if (env.SKILLET_CACHE) {
    return resolve(env.SKILLET_CACHE);
  }
  if (platform === 'win32') {
    return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'skillet');
  }
  if (platform === 'darwin') {
    return join(home, 'Library', 'Caches', 'skillet');
  }
  // The XDG rules say that a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg?.startsWith('/') ? xdg : join(home, '.cache'), 'skillet');
}
