/** Passes encoded rows through a loaded network, its state carried from call to call where it has one. */
import { dispose, type Tensor, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { SkilletError } from '../../common/errors.ts';
import type { Sidecar } from '../../common/model/sidecar.ts';
import { read } from '../training/readTensors.ts';

/** State after each call, [units] of each state in the sidecar's order; null: zeros. */
export type CarriedState = readonly Float32Array[] | null;

export interface Applied {
  /** [rows, width], row-major. */
  readonly values: Float32Array;
  readonly width: number;
  readonly state: CarriedState;
}

/**
 * @param values Samples one after another, each flattened.
 * @param count How many samples, or how many steps of one sequence.
 */
export async function applyNetwork(
  { model, sidecar }: { readonly model: LayersModel; readonly sidecar: Sidecar },
  values: Float32Array,
  { count, state = null }: { readonly count: number; readonly state?: CarriedState },
): Promise<Applied> {
  const outputs = tidy(() => {
    const data = tensor(values, sampleShape(sidecar, count));
    const batch = data.shape[0] ?? 1;
    const states = sidecar.states.map(({ units }, i) => {
      const given = state?.[i];
      return given === undefined ? zeros([batch, units]) : tensor(given, [batch, units]);
    });
    const made = model.apply(states.length === 0 ? data : [data, ...states], { training: false });
    return [made].flat() as Tensor[];
  });
  try {
    const [predicted = new Float32Array(), ...after] = await read(outputs);
    return { values: predicted, width: predicted.length / count, state: after.length === 0 ? null : after };
  } finally {
    dispose(outputs);
  }
}

function sampleShape({ inputs }: Sidecar, count: number): number[] {
  switch (inputs.encoding) {
    case 'columns': {
      const { sample, names } = inputs;
      return sample.kind === 'row'
        ? [count, ...sample.shape]
        : sample.kind === 'window'
          ? [count, sample.lookback, names.length]
          : [1, count, names.length];
    }
    case 'texts':
      return [count, inputs.length];
    case 'positions':
      return [count, ...inputs.shape];
    case 'steps':
      return inputs.codes ? [1, count] : [1, count, inputs.width];
  }
}

/** How many codes an embedding that reads the data itself has; null without one. */
export function countCodes(model: LayersModel): number | null {
  const inputName = model.inputs[0]?.sourceLayer.name;
  const found = model.layers.find(
    (layer) =>
      layer.getClassName() === 'Embedding' &&
      layer.inboundNodes.some((node) => node.inboundLayers.some(({ name }) => name === inputName)),
  );
  return found === undefined ? null : (found.getConfig().inputDim as number);
}

/**
 * TensorFlow.js would read past an embedding's table without a word.
 *
 * @throws {SkilletError} `data-unknown-category`.
 */
export function refuseCodes(values: Float32Array, codes: number, row: number): void {
  const odd = values.find((value) => !Number.isInteger(value) || value < 0 || value >= codes);
  if (odd !== undefined) {
    throw new SkilletError('data-unknown-category', `row ${row}`, {
      message: `has ${odd}, but the network knows the codes 0 to ${codes - 1}.`,
      remedy: 'Mend the code: it must be a whole number that the training data could hold.',
    });
  }
}
