/** The backends of this build, in the order in which `auto` considers them. */
import type { Backend } from './backend.ts';
import { jsBackend } from './js.ts';
import type { Prove } from './proveBackend.ts';
import { createTensorFlowBackends } from './tensorflow.ts';
import { wasmBackend } from './wasm.ts';
import { createWebgpuBackend } from './webgpu.ts';

export interface BackendOptions {
  /** Holds TensorFlow's library; null where there is none. */
  readonly tensorflowFolder: string | null;
  /** Tries native libraries before they are loaded here. */
  readonly prove: Prove;
  /** Of the processor, for this trainer; all of them when absent. */
  readonly cores?: number;
}

export function createBackends({ tensorflowFolder, prove, cores }: BackendOptions): readonly Backend[] {
  const tensorflow = createTensorFlowBackends({
    folder: tensorflowFolder,
    prove,
    ...(cores === undefined ? {} : { cores }),
  });
  return [...tensorflow, createWebgpuBackend(prove), wasmBackend, jsBackend];
}
