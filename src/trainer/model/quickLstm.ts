/** The LSTM layer as a few large products: the same numbers as TensorFlow.js's own, in a third of the operations. */
import {
  add,
  concat,
  matMul,
  mul,
  sigmoid,
  slice,
  split,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  tanh,
  transpose,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { quickenRecurrent, type Trace } from './quickRecurrence.ts';

type LstmLayer = ReturnType<typeof layers.lstm>;

/** For sigmoid gates and tanh only. */
export function quickenLstm(layer: LstmLayer, returnSequences: boolean): LstmLayer {
  return quickenRecurrent(layer, returnSequences, LSTM);
}

/** All four gates, the candidate, the cell after it, its tanh. */
type LstmTrace = Trace<'gates' | 'candidates' | 'cells' | 'squashed'>;

/**
 * i, f, o = σ(z), g = tanh(z), c ← f·c + i·g, h = o·tanh(c), with z = x·W + b + h·U and the gates in Keras's order i, f, c, o
 * (Hochreiter and Schmidhuber 1997; forget gate of Gers, Schmidhuber and Cummins 2000).
 */
const LSTM = { forward, backward };

function forward(projected: Tensor, recurrent: Tensor2D, steps: number): LstmTrace {
  const trace: LstmTrace = { gates: [], candidates: [], cells: [], squashed: [], outputs: [] };
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

function backward(gradient: Tensor, recurrent: Tensor2D, trace: LstmTrace): [Tensor, Tensor] {
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
function slopesOf({ gates, candidates, squashed }: LstmTrace): { slopes: Tensor[]; outputSlopes: Tensor[] } {
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
