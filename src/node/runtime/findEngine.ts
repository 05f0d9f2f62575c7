/** What a trainer is told about this machine's native engine: where Skillet's cache lies and which TensorFlow to load. */
import path from 'node:path';
import type { Problem } from '../../common/errors.ts';
import { type CacheOwner, findCacheFolder } from './cacheFolder.ts';
import { checkRuntime } from './checkRuntime.ts';
import { findRuntime } from './findRuntime.ts';

export interface Engine {
  readonly cacheFolder: string;
  /** Holds libtensorflow_cc; null where there is no TensorFlow. */
  readonly tensorflowFolder: string | null;
}

export interface Machine extends CacheOwner {
  /** As Node calls it: `x64`, `arm64`. */
  readonly arch: string;
  /** The setting `skillet.tensorflowPath`; where it is empty, SKILLET_TENSORFLOW counts. */
  readonly tensorflowPath?: string;
}

/** The folder that a person named as TensorFlow's, or null. `~` stands for the home folder, as in a shell. */
export function namedTensorflow({ env, home, tensorflowPath }: Machine): string | null {
  const named = tensorflowPath || env.SKILLET_TENSORFLOW || '';
  return named === '' ? null : path.resolve(named.replace(/^~(?=$|[\\/])/, home));
}

/**
 * A damaged TensorFlow is left out, with what is wrong in `problem`: recipes still train without it.
 *
 * @throws {SkilletError} `runtime-folder`: the folder named holds no TensorFlow.
 */
export async function findEngine(machine: Machine): Promise<{ engine: Engine; problem: Problem | null }> {
  const cacheFolder = findCacheFolder(machine);
  const platform = `${machine.platform}-${machine.arch}`;
  const runtime = await findRuntime({ cacheFolder, named: namedTensorflow(machine), platform });
  const problem = runtime === null ? null : await checkRuntime(runtime);
  return {
    engine: { cacheFolder, tensorflowFolder: problem === null ? (runtime?.folder ?? null) : null },
    problem,
  };
}
