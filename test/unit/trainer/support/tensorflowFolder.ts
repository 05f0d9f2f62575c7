/** Where this machine has TensorFlow's library, for tests that need it. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * `SKILLET_TENSORFLOW`, else what `skillet setup` has installed.
 *
 * @returns Null where there is none.
 */
export function tensorflowFolder(): string | null {
  const { SKILLET_TENSORFLOW, SKILLET_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = SKILLET_CACHE ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'skillet');
  const runtimes = path.join(cache, 'runtime');
  const installed = existsSync(runtimes)
    ? readdirSync(runtimes).map((name) => path.join(runtimes, name, 'tensorflow'))
    : [];
  const candidates = [...(SKILLET_TENSORFLOW === undefined ? [] : [SKILLET_TENSORFLOW]), ...installed];
  return candidates.find((folder) => existsSync(path.join(folder, 'libtensorflow_cc.so.2'))) ?? null;
}
