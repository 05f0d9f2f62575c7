/** Lets a run on WebGPU fail when its graphics card is lost: TensorFlow.js alone would go on with zeros or a bare error. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { SkilletError } from '../../common/errors.ts';

export type GuardedBackend = WebGPUBackend & { isLost(): boolean };

/**
 * WebGPU reports a lost card and failed commands beside the program's flow. From then on all that is computed is void,
 * so every read fails; a run reads its loss at each step.
 */
export function failReadsOnLoss(backend: WebGPUBackend, device: GPUDevice): GuardedBackend {
  let failure: Error | null = null;
  device.lost.then(({ message }) => {
    failure ??= lost(message);
  });
  device.addEventListener('uncapturederror', ({ error }) => {
    failure ??= refused(error);
  });
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    // A read of what was lost is refused before the loss itself is reported.
    const values = await read(dataId).catch((error: Error) => {
      throw failure ?? lost(error.message);
    });
    if (failure !== null) {
      throw failure;
    }
    return values;
  };
  return Object.assign(backend, { isLost: () => failure !== null });
}

function lost(message: string): SkilletError {
  return new SkilletError('backend-failed', 'train.device', {
    message: `The graphics card was lost${message === '' ? '' : `: ${message.split('\n')[0]}`}.`,
    remedy:
      'Resume the run from its last checkpoint; if it happens again, update the driver or set train.device to cpu.',
  });
}

/** A card that is full is the run's to explain: it knows the batch. */
function refused({ message, constructor: { name } }: GPUError): Error {
  const said = message.split('\n')[0] ?? '';
  return name === 'GPUOutOfMemoryError'
    ? Object.assign(new Error(said === '' ? 'no memory left' : said), { name })
    : new SkilletError('backend-failed', 'train.device', {
        message: `The graphics card refused a command: ${said}`,
        remedy: 'Update the driver, or set train.device to cpu.',
      });
}
