/** Which lines the doctor has on a platform, in their order. */
import type { CheckGroup, PlannedCheck } from './check.ts';

type Platform = 'linux' | 'win32' | 'darwin' | (string & {});

const MACHINE: CheckGroup = 'This machine';
const CARDS: CheckGroup = 'Graphics cards';
const RUNTIME: CheckGroup = 'TensorFlow runtime';
const BACKENDS: CheckGroup = 'Backends';

const ALL = [
  { id: 'os', title: 'Operating system', group: MACHINE },
  { id: 'processor', title: 'Processor', group: MACHINE },
  { id: 'libc', title: 'C library', group: MACHINE },
  { id: 'node', title: 'Node.js', group: MACHINE },
  { id: 'memory', title: 'Memory', group: MACHINE },
  { id: 'disk', title: 'Disk', group: MACHINE },
  { id: 'cards', title: 'Cards', group: CARDS },
  { id: 'driver', title: 'NVIDIA driver', group: CARDS },
  { id: 'capability', title: 'Compute capability', group: CARDS },
  { id: 'runtime', title: 'TensorFlow', group: RUNTIME },
  { id: 'cuda', title: 'CUDA', group: RUNTIME },
  { id: 'cudnn', title: 'cuDNN', group: RUNTIME },
  { id: 'tensorflow-gpu', title: 'TensorFlow, GPU', group: BACKENDS },
  { id: 'tensorflow-cpu', title: 'TensorFlow, CPU', group: BACKENDS },
  { id: 'webgpu', title: 'WebGPU', group: BACKENDS },
  { id: 'wasm', title: 'WebAssembly', group: BACKENDS },
  { id: 'js', title: 'Plain JavaScript', group: BACKENDS },
] as const satisfies readonly PlannedCheck[];

export type CheckId = (typeof ALL)[number]['id'];

/** Fastest first. */
export const BACKEND_IDS = ['tensorflow-gpu', 'tensorflow-cpu', 'webgpu', 'wasm', 'js'] as const satisfies CheckId[];

export type BackendId = (typeof BACKEND_IDS)[number];

/** glibc is Linux's; NVIDIA has no drivers for macOS. */
const ONLY_ON: Partial<Record<CheckId, readonly string[]>> = {
  libc: ['linux'],
  driver: ['linux', 'win32'],
  capability: ['linux', 'win32'],
  cuda: ['linux', 'win32'],
  cudnn: ['linux', 'win32'],
};

export function planChecks(platform: Platform): readonly (PlannedCheck & { readonly id: CheckId })[] {
  return ALL.filter(({ id }) => ONLY_ON[id]?.includes(platform) ?? true);
}
