/** One training step of a network as a graph: forward, loss, gradients, clipping, decay, update, metrics. */
import { dispose, keep, scalar, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { DTYPE } from '../tensorflow/binding.ts';
import type { TensorFlow } from '../tensorflow/kernelBackend.ts';
import type { GraphNode } from '../tensorflow/protobuf.ts';
import { createRecorder } from '../tensorflow/recorder.ts';
import type { Batch } from '../training/batches.ts';
import type { Network } from '../training/network.ts';
import { stateOf, withoutTrace } from './networkState.ts';

export interface RecordedStep {
  /** Placeholders first: state, inputs, targets, scalars of the optimizer, masks of the dropout layers. */
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly string[];
  /** New state, then the metrics [names]. */
  readonly outputs: readonly string[];
  readonly stateShapes: readonly (readonly number[])[];
  readonly scalarCount: number;
  /** In the order of the masks among the inputs. */
  readonly masks: readonly { readonly layer: string; readonly shape: readonly number[] }[];
  /** What the step that was watched gave, for comparison with its first replay. */
  readonly metrics: Float32Array;
}

/**
 * Does the step once for real, and undoes it.
 *
 * @param batch A real one: the graph is made for its size. @throws {NotRecordable}
 */
export function recordStep(network: Network, batch: Batch, tensorflow: TensorFlow): RecordedStep {
  const { binding, idOf } = tensorflow;
  const recorder = createRecorder(binding);
  const declare = (value: Tensor) => recorder.declareInput(idOf(value), { dtype: toDtype(value), shape: value.shape });
  const before = stateOf(network);
  const scalars = network.optimizer.scalars(network.optimizer.steps() + 1).map((value) => scalar(value));
  [...before, batch.inputs, batch.targets, ...scalars].forEach(declare);
  for (const fixed of network.constants) {
    recorder.declareConstant(idOf(fixed), { dtype: toDtype(fixed), shape: fixed.shape, values: fixed.dataSync() });
  }
  const stateShapes = before.map(({ shape }) => [...shape]);
  const masks: { layer: string; shape: number[] }[] = [];
  const kept: Tensor[] = [];
  return withoutTrace(network, () => {
    feedMasks(network, (layer, mask) => {
      masks.push({ layer, shape: mask.shape });
      kept.push(mask);
      declare(mask);
    });
    try {
      recorder.record(() => kept.push(tidy(() => network.learn(batch, scalars))));
      const metrics = kept.at(-1) as Tensor;
      const ends = [...stateOf(network), metrics].map((end) => recorder.nameOf(idOf(end)));
      const { nodes, inputs } = recorder.finish();
      const outputs = ends.map(toOutput);
      return {
        nodes: [...nodes, ...outputs],
        inputs,
        outputs: outputs.map(({ name }) => `${name}:0`),
        stateShapes,
        scalarCount: scalars.length,
        masks,
        metrics: Float32Array.from(metrics.dataSync()),
      };
    } finally {
      unfeedMasks(network);
      dispose([...kept, ...scalars]);
    }
  });
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

function toDtype({ dtype }: Tensor): number {
  return dtype === 'int32' ? DTYPE.int32 : DTYPE.float;
}
