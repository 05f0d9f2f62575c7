/** Makes one of our backends current, by name. */
// Registers the gradients, as it does in the trainer.
import '@tensorflow/tfjs-layers';
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { CannotStart } from '../../../../src/trainer/backends/backend.ts';
import { createBackends } from '../../../../src/trainer/backends/backends.ts';
import { tensorflowFolder } from './tensorflowFolder.ts';
import { workOf } from './workOf.ts';

/** One library a process: all tests of a file share it. */
export const BACKENDS = createBackends({ tensorflowFolder: tensorflowFolder(), prove: async () => undefined });

/** Those that need nothing but npm. */
export const BACKEND_NAMES = ['wasm', 'js'];

export async function startBackend(name: string): Promise<void> {
  const backend = BACKENDS.find((candidate) => candidate.name === name);
  assert.ok(backend !== undefined, `${name} is no backend`);
  await backend.start(workOf(1));
}

/** Makes a backend current; marks the test as skipped, with the reason, where it cannot run here. */
export async function canStart(t: TestContext, name: string): Promise<boolean> {
  try {
    await startBackend(name);
    return true;
  } catch (error) {
    if (error instanceof CannotStart) {
      t.skip(`${name}: ${error.message}`);
      return false;
    }
    throw error;
  }
}
