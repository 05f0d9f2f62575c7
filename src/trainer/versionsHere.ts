/** What the numbers of a run can depend on besides its recipe and its backend. */
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { version_core } from '@tensorflow/tfjs-core';
import { version_layers } from '@tensorflow/tfjs-layers';

export function versionsHere(): Readonly<Record<string, string>> {
  return {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    'tfjs-core': version_core,
    'tfjs-layers': version_layers,
    'tfjs-backend-wasm': version_wasm,
  };
}
