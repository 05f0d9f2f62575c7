/** The two parts of a training step as graphs: from a batch to gradients, and from gradients to new weights. */
import { dispose, keep, scalar, type Tensor, tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow/kernelBackend.ts';
import type { GraphNode } from '../tensorflow/protobuf.ts';
import { createRecorder, type Recorder } from '../tensorflow/recorder.ts';
import { DTYPE } from '../tensorflow/tensorBytes.ts';
import type { Batch } from '../training/batches.ts';
import type { Network } from '../training/network.ts';
import { fixedVariablesOf, variablesOf, withoutTrace } from './networkState.ts';

export interface RecordedPart {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface RecordedGradient extends RecordedPart {
  /** In the order of the masks among the inputs; shapes without the batch dimension. */
  readonly masks: readonly { readonly layer: string; readonly shape: readonly number[] }[];
  /** What was found while it was recorded, for comparison with a replay. */
  readonly metrics: Float32Array;
}

/**
 * Takes the model's variables, inputs, targets and the masks of the dropout layers; gives the gradients, the variables that
 * training moves along without a gradient, and the metrics [names].
 *
 * @param batch A real one: the graph is made for its size. @throws {NotRecordable}
 */
export function recordGradient(network: Network, batch: Batch, tensorflow: TensorFlow): RecordedGradient {
  const recorder = createRecorder(tensorflow.binding);
  const declare = declareWith(recorder, tensorflow);
  [...variablesOf(network), batch.inputs, batch.targets].forEach(declare);
  for (const fixed of network.constants) {
    const { dtype, shape } = describe(fixed);
    recorder.declareConstant(tensorflow.idOf(fixed), { dtype, shape, values: fixed.dataSync() });
  }
  const masks: { layer: string; shape: number[] }[] = [];
  const kept: Tensor[] = [];
  return withoutTrace(network, () => {
    feedMasks(network, (layer, mask) => {
      masks.push({ layer, shape: mask.shape.slice(1) });
      kept.push(mask);
      declare(mask);
    });
    try {
      recorder.record(() => {
        const found = tidy(() => {
          const { metrics, gradients } = network.gradients(batch);
          return [...gradients, metrics];
        });
        kept.push(...found);
      });
      const results = kept.slice(masks.length);
      const ends = [...results.slice(0, -1), ...fixedVariablesOf(network), ...results.slice(-1)];
      const part = finish(recorder, tensorflow, ends);
      return { ...part, masks, metrics: Float32Array.from(results.at(-1)?.dataSync() ?? []) };
    } finally {
      unfeedMasks(network);
      dispose(kept);
    }
  });
}

/**
 * Takes the trained variables, the optimizer's state, the gradients and the optimizer's scalars; gives the new variables and the new
 * state.
 *
 * @throws {NotRecordable}
 */
export function recordUpdate(network: Network, tensorflow: TensorFlow): RecordedPart {
  const { optimizer, variables } = network;
  const recorder = createRecorder(tensorflow.binding);
  const declare = declareWith(recorder, tensorflow);
  const gradients = variables.map((variable) => zerosLike(variable));
  const scalars = optimizer.scalars(optimizer.steps() + 1).map((value) => scalar(value));
  [...variables, ...optimizer.state(), ...gradients, ...scalars].forEach(declare);
  return withoutTrace(network, () => {
    try {
      recorder.record(() => optimizer.apply(gradients, scalars));
      return finish(recorder, tensorflow, [...variables, ...optimizer.state()]);
    } finally {
      dispose([...gradients, ...scalars]);
    }
  });
}

function declareWith(recorder: Recorder, { idOf }: TensorFlow): (value: Tensor) => void {
  return (value) => recorder.declareInput(idOf(value), describe(value));
}

function describe({ dtype, shape }: Tensor): { dtype: number; shape: number[] } {
  return { dtype: dtype === 'int32' ? DTYPE.int32 : DTYPE.float, shape };
}

function finish(recorder: Recorder, { idOf }: TensorFlow, ends: readonly Tensor[]): RecordedPart {
  const names = ends.map((end) => recorder.nameOf(idOf(end)));
  const { nodes, inputs } = recorder.finish();
  const outputs = names.map(toOutput);
  return { nodes: [...nodes, ...outputs], inputs, outputs: outputs.map(({ name }) => `${name}:0`) };
}

/** A function may not give back what it was given, nor the same thing twice. */
function toOutput(input: string, index: number): GraphNode {
  return { name: `out${index}`, op: 'Identity', inputs: [input], attributes: { T: { type: DTYPE.float } } };
}

/** Each mask is drawn as ever, and shown to `see` before it is used. */
function feedMasks({ built }: Network, see: (layer: string, mask: Tensor) => void): void {
  for (const [layer, source] of built.masks) {
    source.feed = (shape) => {
      const mask = keep(tensor(source.draw(shape.reduce((product, length) => product * length, 1)), shape));
      see(layer, mask);
      return mask;
    };
  }
}

function unfeedMasks({ built }: Network): void {
  for (const source of built.masks.values()) {
    source.feed = null;
  }
}
