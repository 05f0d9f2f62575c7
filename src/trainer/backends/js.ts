/** Plain JavaScript: slow, and able to train everything. */
import '@tensorflow/tfjs-backend-cpu';
import { activate, describeCpu } from './activate.ts';
import type { Backend } from './backend.ts';
import { quickenJsSegmentSum } from './segmentSum.ts';

export const jsBackend: Backend = {
  name: 'js',
  kind: 'cpu',
  label: 'plain JavaScript',
  unsupportedLayers: [],
  hasReplicas: false,
  isSlow: true,
  async start() {
    await activate('cpu');
    quickenJsSegmentSum();
    return { device: describeCpu(), version: null, replicas: [null] };
  },
};
