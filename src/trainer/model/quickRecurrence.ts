/** A recurrent layer that meets all steps of its input in one product, and goes its own way back. */
import {
  add,
  concat,
  customGrad,
  matMul,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

type RnnLayer = ReturnType<typeof layers.rnn>;

interface Cell {
  readonly kernel: { read(): Tensor2D };
  readonly recurrentKernel: { read(): Tensor2D };
  readonly bias?: { read(): Tensor } | null;
}

/** What the way back needs: each field has one tensor for each time step, `outputs` [batch, units] among them. */
export type Trace<Field extends string> = Readonly<Record<Field | 'outputs', Tensor[]>>;

/** What happens from step to step, in the terms of one kind of layer. */
export interface Recurrence<Field extends string> {
  /** @param projected x·W + b of every step, [steps · batch, gates · units], time-major. */
  forward(projected: Tensor, recurrent: Tensor2D, steps: number): Trace<Field>;
  /** @param gradient By the outputs of every step, [steps · batch, units]. @returns Gradients by `projected` and `recurrent`. */
  backward(gradient: Tensor, recurrent: Tensor2D, trace: Trace<Field>): [Tensor, Tensor];
}

/**
 * The layer stays a plain one for whoever loads the saved model; it is called as ever with a mask or a given state.
 *
 * @param recurrence What the layer's own cell does, its activations included.
 */
export function quickenRecurrent<Layer extends RnnLayer, Field extends string>(
  layer: Layer,
  returnSequences: boolean,
  recurrence: Recurrence<Field>,
): Layer {
  const original = layer.call.bind(layer);
  const cell = layer.cell as unknown as Cell;
  layer.call = (inputs, kwargs) => {
    const [input, ...states] = [inputs].flat() as Tensor[];
    if (input === undefined || states.length > 0 || kwargs.mask != null || kwargs.initialState != null) {
      return original(inputs, kwargs);
    }
    return tidy(() => run(input, cell, returnSequences, recurrence));
  };
  return layer;
}

/** @param input [batch, steps, features] @returns [batch, steps, units], or [batch, units] of the last step. */
function run<Field extends string>(
  input: Tensor,
  cell: Cell,
  returnSequences: boolean,
  recurrence: Recurrence<Field>,
): Tensor {
  const [batch = 1, steps = 1, features = 1] = input.shape;
  const rows = reshape(transpose(input, [1, 0, 2]), [steps * batch, features]);
  const product = matMul(rows, cell.kernel.read());
  const projected = cell.bias == null ? product : add(product, cell.bias.read());
  const outputs = recur(projected, cell.recurrentKernel.read(), { steps, recurrence });
  const units = outputs.shape[1] ?? 1;
  return returnSequences
    ? transpose(reshape(outputs, [steps, batch, units]), [1, 0, 2])
    : slice(outputs, [(steps - 1) * batch, 0], [batch, units]);
}

/** @returns The outputs of every step, [steps · batch, units]. */
function recur<Field extends string>(
  projected: Tensor,
  recurrent: Tensor2D,
  { steps, recurrence }: { readonly steps: number; readonly recurrence: Recurrence<Field> },
): Tensor {
  const call = customGrad((...parts: unknown[]) => {
    const [xw, u, save] = parts as [Tensor, Tensor2D, (tensors: Tensor[]) => void];
    const trace = recurrence.forward(xw, u, steps);
    const fields = Object.keys(trace) as Field[];
    save([u, ...fields.flatMap((field) => trace[field])]);
    const gradFunc = (gradient: Tensor, saved: Tensor[]) => {
      const again = fields.map((field, k) => [field, saved.slice(1 + k * steps, 1 + (k + 1) * steps)]);
      return recurrence.backward(gradient, saved[0] as Tensor2D, Object.fromEntries(again));
    };
    return { value: concat(trace.outputs), gradFunc: gradFunc as (gradient: Tensor, saved: Tensor[]) => Tensor[] };
  });
  return call(projected, recurrent);
}
