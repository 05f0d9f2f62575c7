/** The LSTM layer as a few large products: the same numbers as TensorFlow.js's own, in a third of the operations. */
import {
  add,
  concat,
  customGrad,
  matMul,
  mul,
  reshape,
  sigmoid,
  slice,
  split,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  tanh,
  tidy,
  transpose,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

type LstmLayer = ReturnType<typeof layers.lstm>;

interface Cell {
  readonly kernel: { read(): Tensor2D };
  readonly recurrentKernel: { read(): Tensor2D };
  readonly bias?: { read(): Tensor } | null;
}

/** A plain LSTM layer for whoever loads the saved model. For sigmoid gates and tanh only, without mask or given state. */
export function quickenLstm(layer: LstmLayer, returnSequences: boolean): LstmLayer {
  const original = layer.call.bind(layer);
  const { cell } = layer as unknown as { cell: Cell };
  layer.call = (inputs, kwargs) => {
    const [input, ...states] = [inputs].flat() as Tensor[];
    if (input === undefined || states.length > 0 || kwargs.mask != null || kwargs.initialState != null) {
      return original(inputs, kwargs);
    }
    return tidy(() => runLstm(input, cell, returnSequences));
  };
  return layer;
}

/** @param input [batch, steps, features] @returns [batch, steps, units], or [batch, units] of the last step. */
function runLstm(input: Tensor, cell: Cell, returnSequences: boolean): Tensor {
  const [batch = 1, steps = 1, features = 1] = input.shape;
  const rows = reshape(transpose(input, [1, 0, 2]), [steps * batch, features]);
  const product = matMul(rows, cell.kernel.read());
  const projected = cell.bias == null ? product : add(product, cell.bias.read());
  const outputs = recur(projected, cell.recurrentKernel.read(), steps);
  const units = outputs.shape[1] ?? 1;
  return returnSequences
    ? transpose(reshape(outputs, [steps, batch, units]), [1, 0, 2])
    : slice(outputs, [(steps - 1) * batch, 0], [batch, units]);
}

/** What the way back needs of each time step: all four gates, candidate, cell before it, tanh of the cell, output before it. */
interface Trace {
  readonly gates: Tensor[];
  readonly candidates: Tensor[];
  readonly cells: Tensor[];
  readonly squashed: Tensor[];
  readonly outputs: Tensor[];
}

/**
 * i, f, o = σ(z), g = tanh(z), c ← f·c + i·g, h = o·tanh(c), with z = x·W + b + h·U and the gates in Keras's order i, f, c, o
 * (Hochreiter and Schmidhuber 1997; forget gate of Gers, Schmidhuber and Cummins 2000).
 *
 * @param projected x·W + b of every step, [steps · batch, 4 · units], time-major.
 * @returns h of every step, [steps · batch, units].
 */
function recur(projected: Tensor, recurrent: Tensor2D, steps: number): Tensor {
  const run = customGrad((...parts: unknown[]) => {
    const [xw, u, save] = parts as [Tensor, Tensor2D, (tensors: Tensor[]) => void];
    const trace = forward(xw, u, steps);
    const fields = [trace.gates, trace.candidates, trace.cells, trace.squashed, trace.outputs];
    save([u, ...fields.flat()]);
    const gradFunc = (gradient: Tensor, saved: Tensor[]) => {
      const field = (k: number) => saved.slice(1 + k * steps, 1 + (k + 1) * steps);
      const [gates, candidates, cells, squashed, outputs] = [0, 1, 2, 3, 4].map(field) as [
        Tensor[],
        Tensor[],
        Tensor[],
        Tensor[],
        Tensor[],
      ];
      return backward(gradient, saved[0] as Tensor2D, { gates, candidates, cells, squashed, outputs });
    };
    return { value: concat(trace.outputs), gradFunc: gradFunc as (gradient: Tensor, saved: Tensor[]) => Tensor[] };
  });
  return run(projected, recurrent);
}

function forward(projected: Tensor, recurrent: Tensor2D, steps: number): Trace {
  const trace: Trace = { gates: [], candidates: [], cells: [], squashed: [], outputs: [] };
  for (const part of split(projected, steps)) {
    const before = trace.outputs.at(-1) as Tensor2D | undefined;
    const z = before === undefined ? part : add(part, matMul(before, recurrent));
    const [batch = 1, width = 4] = z.shape;
    const units = width / 4;
    const gates = sigmoid(z); // The candidate's quarter is not used; one operation less weighs more.
    const [input, forget, , output] = split(gates, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const candidate = tanh(slice(z, [0, 2 * units], [batch, units]));
    const cellBefore = trace.cells.at(-1);
    const fresh = mul(input, candidate);
    const cell = cellBefore === undefined ? fresh : add(mul(forget, cellBefore), fresh);
    const squashed = tanh(cell);
    trace.gates.push(gates);
    trace.candidates.push(candidate);
    trace.cells.push(cell);
    trace.squashed.push(squashed);
    trace.outputs.push(mul(output, squashed));
  }
  return trace;
}

/** @returns Gradients by `projected` and by the recurrent weights. */
function backward(gradient: Tensor, recurrent: Tensor2D, trace: Trace): Tensor[] {
  const steps = trace.gates.length;
  const { slopes, outputSlopes } = slopesOf(trace);
  const back = transpose(recurrent);
  const wanted = split(gradient, steps);
  const changes: Tensor[] = new Array(steps);
  let byOutput: Tensor | null = null;
  let byCell: Tensor | null = null;
  for (let t = steps - 1; t >= 0; t -= 1) {
    const [input, forget] = split(trace.gates[t] as Tensor, 4, 1) as [Tensor, Tensor];
    const h: Tensor = byOutput === null ? (wanted[t] as Tensor) : add(wanted[t] as Tensor, byOutput);
    const through = mul(h, outputSlopes[t] as Tensor);
    const c: Tensor = byCell === null ? through : add(through, byCell);
    const before = trace.cells[t - 1];
    const byGate = concat(
      [
        mul(c, trace.candidates[t] as Tensor),
        before === undefined ? zerosLike(c) : mul(c, before),
        mul(c, input),
        mul(h, trace.squashed[t] as Tensor),
      ],
      1,
    );
    changes[t] = mul(byGate, slopes[t] as Tensor);
    if (t > 0) {
      byOutput = matMul(changes[t] as Tensor2D, back);
      byCell = mul(c, forget);
    }
  }
  const all = concat(changes);
  const byRecurrent =
    steps === 1
      ? zerosLike(recurrent)
      : matMul(concat(trace.outputs.slice(0, -1)) as Tensor2D, concat(changes.slice(1)) as Tensor2D, true, false);
  return [all, byRecurrent];
}

/** Slopes of the four gates' functions at each step, and of the output by the cell, for all steps at once. */
function slopesOf({ gates, candidates, squashed }: Trace): { slopes: Tensor[]; outputSlopes: Tensor[] } {
  const steps = gates.length;
  const sigmoids = concat(gates);
  const [input, forget, , output] = split(mul(sigmoids, sub(1, sigmoids)), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
  const candidate = sub(1, square(concat(candidates)));
  const open = split(sigmoids, 4, 1)[3] as Tensor;
  return {
    slopes: split(concat([input, forget, candidate, output], 1), steps),
    outputSlopes: split(mul(open, sub(1, square(concat(squashed)))), steps),
  };
}
