/** Makes one of our backends current, by name. */
// Registers the gradients, as it does in the trainer.
import '@tensorflow/tfjs-layers';
import { BACKENDS } from '../../../../src/trainer/backends/backends.ts';

export const BACKEND_NAMES = BACKENDS.map(({ name }) => name);

export async function startBackend(name: string): Promise<void> {
  await BACKENDS.find((backend) => backend.name === name)?.start();
}
