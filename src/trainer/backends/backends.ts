/** The backends of this build, in the order in which `auto` considers them. */
import type { Backend } from './backend.ts';
import { cpuBackend } from './cpu.ts';
import { wasmBackend } from './wasm.ts';

export const BACKENDS: readonly Backend[] = [wasmBackend, cpuBackend];
