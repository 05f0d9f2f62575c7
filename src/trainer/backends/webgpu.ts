/** WebGPU through Dawn: a graphics card of any maker, with nothing to install but its driver. */
import { env, findBackend, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { findDawn } from '../native/dawn.ts';
import { activate } from './activate.ts';
import type { Backend } from './backend.ts';
import type { Prove } from './proveBackend.ts';
import { describeDevice, openDevice } from './webgpuDevice.ts';
import { failReadsOnLoss, type GuardedBackend } from './webgpuLoss.ts';

const NAME = 'webgpu';

/**
 * A step is a hundred commands or more, however little each has to do, and the first one waits for as many programs to be
 * compiled; WebAssembly is through with such a step in about a millisecond.
 */
const LEAST_STEP_COST = 1e6;

export function createWebgpuBackend(prove: Prove): Backend {
  return {
    name: NAME,
    kind: 'gpu',
    label: 'WebGPU',
    unsupportedLayers: [],
    hasReplicas: false,
    isSlow: false,
    leastStepCost: LEAST_STEP_COST,
    async start() {
      const device = openedDevice() ?? (await register(prove));
      await activate(NAME);
      return { device: describeDevice(device.adapterInfo, process.platform), version: null, replicas: [null] };
    },
  };
}

/** The device of an earlier start, unless it has been lost since. */
function openedDevice(): GPUDevice | null {
  const backend = findBackend(NAME) as unknown as GuardedBackend | null;
  if (backend?.isLost()) {
    removeBackend(NAME);
    return null;
  }
  return backend?.device ?? null;
}

async function register(prove: Prove): Promise<GPUDevice> {
  // A card's driver is loaded along with Dawn, and some of them crash.
  await prove({ backend: NAME, args: [], files: [findDawn()] });
  // Imported before there is a `navigator.gpu`: TensorFlow.js would register one of its own, whose device is out of reach.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const device = await openDevice({ allowsSoftware: process.env.SKILLET_WEBGPU_SOFTWARE === '1' });
  // Else small tensors that were read are worked on in JavaScript, so that a checkpoint could change what comes after it.
  env().set('WEBGPU_CPU_FORWARD', false);
  const backend = failReadsOnLoss(new WebGPUBackend(device, device.adapterInfo), device);
  const dispose = backend.dispose.bind(backend);
  backend.dispose = () => {
    dispose();
    device.destroy();
  };
  registerBackend(NAME, () => backend);
  return device;
}
