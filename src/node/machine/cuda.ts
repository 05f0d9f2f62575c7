/** CUDA and cuDNN, as found and as TensorFlow needs them. */
import type { Finding, Remedy } from '../../common/machine/check.ts';
import { type Cards, hasNvidia } from './cards.ts';
import { type FoundLibrary, findCudaLibraries } from './cudaLibraries.ts';
import { CUDA_LIBRARIES, CUDA_MAJOR, CUDNN_LIBRARY, CUDNN_MAJOR } from './cudaNeeds.ts';
import { findToolkit } from './cudaToolkit.ts';
import { isForCuda, type RuntimeState } from './runtimeState.ts';
import type { MachineSources } from './sources.ts';
import { tilde } from './tilde.ts';

interface Facts {
  readonly runtime: RuntimeState;
  readonly cards: Cards;
}

export async function checkCuda(sources: MachineSources, facts: Facts): Promise<Finding> {
  const toolkit = await findToolkit(sources);
  const outside = toolkit === null ? null : `${toolkit.version} in ${tilde(toolkit.folder, sources.home)}`;
  return judge(sources, facts, { names: CUDA_LIBRARIES, need: `CUDA ${CUDA_MAJOR}`, outside });
}

export async function checkCudnn(sources: MachineSources, facts: Facts): Promise<Finding> {
  return judge(sources, facts, { names: [CUDNN_LIBRARY], need: `cuDNN ${CUDNN_MAJOR}`, outside: null });
}

interface Wanted {
  readonly names: readonly [string, ...string[]];
  /** For example `CUDA 12`. */
  readonly need: string;
  /** A toolkit that was installed by itself. */
  readonly outside: string | null;
}

async function judge(sources: MachineSources, { runtime, cards }: Facts, wanted: Wanted): Promise<Finding> {
  const { names, need, outside } = wanted;
  const folder = runtime.kind === 'whole' ? runtime.runtime.folder : null;
  const libraries = await findCudaLibraries(sources, names, folder);
  const first = libraries.get(names[0]);
  const found = first === undefined ? (outside ?? 'none found') : describe(first, sources.home);
  const info = (why: string): Finding => ({ status: 'info', detail: `${found}; ${why}`, remedy: null });
  if (sources.platform !== 'linux') {
    return info('TensorFlow does not use it on Windows');
  }
  if (!hasNvidia(cards)) {
    return info('not needed without an NVIDIA card');
  }
  if (!isForCuda(runtime)) {
    return info(`TensorFlow’s GPU build needs ${need}, and setting it up brings it along`);
  }
  const missing = names.filter((name) => !libraries.has(name));
  return missing.length === 0
    ? { status: 'ok', detail: `${found} (TensorFlow needs ${need})`, remedy: null }
    : { status: 'fail', detail: `TensorFlow needs ${need}; missing: ${missing.join(', ')}`, remedy: bring(runtime) };
}

function describe({ version, folder, isBesideRuntime }: FoundLibrary, home: string): string {
  return `${version} ${isBesideRuntime ? 'beside TensorFlow' : `in ${tilde(folder, home)}`}`;
}

function bring(state: RuntimeState): Remedy {
  return state.kind === 'whole' && state.runtime.source === 'named'
    ? {
        text: 'Install NVIDIA’s libraries into the Python environment that the settings name, or set up Skillet’s own TensorFlow.',
        command: `pip install "tensorflow[and-cuda]"`,
        action: 'setUp',
      }
    : { text: 'Set TensorFlow up again for the GPU: that brings NVIDIA’s libraries along.', action: 'setUp' };
}
