/** The backends of this build, in the order in which `auto` considers them. */
import type { Backend } from './backend.ts';
import { jsBackend } from './js.ts';
import { createTensorFlowBackends, type TensorFlowOptions } from './tensorflow.ts';
import { wasmBackend } from './wasm.ts';
import { webgpuBackend } from './webgpu.ts';

export interface BackendOptions {
  readonly tensorflow: TensorFlowOptions;
}

export function createBackends({ tensorflow }: BackendOptions): readonly Backend[] {
  return [...createTensorFlowBackends(tensorflow), webgpuBackend, wasmBackend, jsBackend];
}
