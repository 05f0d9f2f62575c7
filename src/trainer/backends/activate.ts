/** Makes a registered TensorFlow.js backend the current one, and makes sure of it. */
import { cpus } from 'node:os';
import { env, getBackend, setBackend } from '@tensorflow/tfjs-core';

/** @throws {Error} It did not start; TensorFlow.js alone would go on with another one without a word. */
export async function activate(name: string): Promise<void> {
  env().set('PROD', true); // Else TensorFlow.js prints an advertisement.
  const isStarted = await setBackend(name);
  if (!isStarted || getBackend() !== name) {
    throw new Error(`TensorFlow.js could not start its ${name} backend`);
  }
}

/** For example `CPU (AMD EPYC 7B13, 2 cores)`. */
export function describeCpu(): string {
  const found = cpus();
  const model = (found[0]?.model ?? '').replace(/\((R|TM)\)|\s+(CPU|Processor)\b.*$/gi, '').trim();
  const cores = `${found.length} core${found.length === 1 ? '' : 's'}`;
  return model === '' || model === 'unknown' ? `CPU (${cores})` : `CPU (${model}, ${cores})`;
}
