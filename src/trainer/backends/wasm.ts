/** WebAssembly with SIMD, one thread: the embedded default. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { activate, describeCpu } from './activate.ts';
import type { Backend } from './backend.ts';
import { addWasmSegmentSum } from './segmentSum.ts';
import { quickenWasmConvolution } from './wasmConvolution.ts';
import { quickenWasmMatMul } from './wasmMatMul.ts';
import { guardWasmMemory } from './wasmMemory.ts';
import { quickenWasmSlice } from './wasmSlice.ts';

const WASM_FILE = 'tfjs-backend-wasm-simd.wasm';

export const wasmBackend: Backend = {
  name: 'wasm',
  kind: 'cpu',
  label: 'WebAssembly',
  unsupportedLayers: [],
  unsupportedInModules: ['depthwiseConv2d', 'separableConv2d', 'conv3d', 'maxPooling3d'],
  hasReplicas: false,
  isSlow: false,
  async start() {
    setWasmPaths(`${wasmFolder()}${path.sep}`);
    await activate('wasm');
    guardWasmMemory();
    quickenWasmMatMul();
    quickenWasmSlice();
    quickenWasmConvolution();
    addWasmSegmentSum();
    return { device: describeCpu(), version: null, replicas: [null] };
  },
};

/** Beside the bundle; in the package itself when run from the sources. */
function wasmFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return existsSync(path.join(here, WASM_FILE))
    ? here
    : path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
}
