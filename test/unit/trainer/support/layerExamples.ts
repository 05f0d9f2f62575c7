/** Every layer type where it stands in a network, for tests that try them all. */
import type { LayerType } from '../../../../src/common/recipe/layers.ts';

/** Layers in a row, and the shape of one sample. */
export type Example = readonly [layers: readonly unknown[], inputShape: readonly number[]];

const behindDense = (layer: unknown): unknown[] => [{ dense: { units: 2 } }, layer];
const branches = (join: object): unknown[] => [
  { dense: { name: 'left', units: 2 } },
  { dense: { name: 'right', units: 2, inputs: 'input' } },
  join,
];

/** Each layer type where it stands in a network; the rest are other settings of it. */
export const EXAMPLES: Readonly<Record<LayerType, readonly Example[]>> = {
  dense: [
    [[{ dense: { units: 3 } }], [5]],
    [[{ dense: { units: 3, useBias: false } }], [4, 5]],
  ],
  dropout: [[behindDense({ dropout: { rate: 0.4 } }), [5]]],
  activation: [[behindDense({ activation: { activation: 'selu' } }), [5]]],
  flatten: [
    [behindDense('flatten'), [4, 5]],
    [behindDense('flatten'), [5]],
  ],
  reshape: [[behindDense({ reshape: { targetShape: [2, 2, 2] } }), [4, 5]]],
  batchNormalization: [
    [['batchNormalization'], [5]],
    [[{ batchNormalization: { center: false } }], [3, 5]],
  ],
  lstm: [
    [[{ lstm: { units: 3 } }], [4, 2]],
    [
      [{ lstm: { units: 3, returnSequences: true, useBias: false } }, { lstm: { units: 2 } }],
      [4, 2],
    ],
  ],
  gru: [
    [[{ gru: { units: 3, returnSequences: true } }], [4, 2]],
    [[{ gru: { units: 3 } }], [1, 2]],
    [[{ gru: { units: 3, activation: 'relu', recurrentActivation: 'hardSigmoid' } }], [4, 2]],
  ],
  simpleRNN: [[[{ simpleRNN: { units: 3 } }], [4, 2]]],
  conv1d: [
    [[{ conv1d: { filters: 3, kernelSize: 2 } }], [7, 2]],
    [[{ conv1d: { filters: 3, kernelSize: 3, strides: 2, padding: 'same' } }], [7, 2]],
  ],
  conv2d: [
    [[{ conv2d: { filters: 3, kernelSize: 2 } }], [6, 5, 2]],
    [[{ conv2d: { filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: 'same' } }], [6, 5, 2]],
  ],
  maxPooling1d: [[behindDense('maxPooling1d'), [7, 2]]],
  averagePooling1d: [[behindDense({ averagePooling1d: { poolSize: 3, strides: 2, padding: 'same' } }), [7, 2]]],
  maxPooling2d: [[behindDense({ maxPooling2d: { poolSize: [3, 2] } }), [7, 6, 2]]],
  averagePooling2d: [[behindDense({ averagePooling2d: { strides: 1 } }), [7, 6, 2]]],
  globalAveragePooling1d: [[behindDense('globalAveragePooling1d'), [7, 2]]],
  globalMaxPooling1d: [[behindDense('globalMaxPooling1d'), [7, 2]]],
  globalAveragePooling2d: [[behindDense('globalAveragePooling2d'), [7, 6, 2]]],
  globalMaxPooling2d: [[behindDense('globalMaxPooling2d'), [7, 6, 2]]],
  embedding: [[[{ embedding: { inputDim: 10, outputDim: 3 } }], [4]]],
  concatenate: [[branches({ concatenate: { inputs: ['left', 'right', 'left'] } }), [5]]],
  add: [[branches({ add: { inputs: ['left', 'right'] } }), [5]]],
};
