/** Plain JavaScript: slow, and able to train everything. */
import '@tensorflow/tfjs-backend-cpu';
import { activate, describeCpu } from './activate.ts';
import type { Backend } from './backend.ts';

export const cpuBackend: Backend = {
  name: 'cpu',
  kind: 'cpu',
  label: 'plain JavaScript',
  unsupportedLayers: [],
  isSlow: true,
  async start() {
    await activate('cpu');
    return describeCpu();
  },
};
