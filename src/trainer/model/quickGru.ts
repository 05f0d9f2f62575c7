/** The GRU layer as a few large products: the same numbers as TensorFlow.js's own, in fewer operations. */
import {
  add,
  concat,
  matMul,
  mul,
  sigmoid,
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

type GruLayer = ReturnType<typeof layers.gru>;

/** For sigmoid gates and tanh only. */
export function quickenGru(layer: GruLayer, returnSequences: boolean): GruLayer {
  return quickenRecurrent(layer, returnSequences, GRU);
}

/** Both gates beside each other, the candidate. */
type GruTrace = Trace<'gates' | 'candidates'>;

/**
 * z, r = σ(x·W + b + h·U), g = tanh(x·W + b + (r·h)·U), h ← z·h + (1 − z)·g, with the columns of W, b and U in Keras's order z, r, g
 * (Cho et al. 2014, with the reset before the product as there; Keras's `reset_after: false`, the only one that TensorFlow.js has).
 */
const GRU = { forward, backward };

function forward(projected: Tensor, recurrent: Tensor2D, steps: number): GruTrace {
  const [toGates, toCandidate] = cut(recurrent);
  const [gateInputs, candidateInputs] = cut(projected).map((part) => split(part, steps)) as [Tensor[], Tensor[]];
  const trace: GruTrace = { gates: [], candidates: [], outputs: [] };
  for (const [t, x] of candidateInputs.entries()) {
    const before = trace.outputs.at(-1) as Tensor2D | undefined;
    const gateInput = gateInputs[t] as Tensor;
    const gates = sigmoid(before === undefined ? gateInput : add(gateInput, matMul(before, toGates)));
    const [update, reset] = split(gates, 2, 1) as [Tensor, Tensor];
    const candidate = tanh(before === undefined ? x : add(x, matMul(mul<Tensor2D>(reset, before), toCandidate)));
    // g + z·(h − g), which is one operation less than the formula.
    const kept = before === undefined ? mul(update, candidate) : mul(update, sub(before, candidate));
    trace.gates.push(gates);
    trace.candidates.push(candidate);
    trace.outputs.push(before === undefined ? sub(candidate, kept) : add(candidate, kept));
  }
  return trace;
}

function backward(gradient: Tensor, recurrent: Tensor2D, trace: GruTrace): [Tensor, Tensor] {
  const steps = trace.outputs.length;
  const all = overAllSteps(trace);
  const [updates, resets, byUpdate, byReset, byCandidate] = [
    all.update,
    all.reset,
    all.byUpdate,
    all.byReset,
    all.byCandidate,
  ].map((of) => split(of, steps)) as [Tensor[], Tensor[], Tensor[], Tensor[], Tensor[]];
  const [gatesBack, candidateBack] = cut(recurrent).map((part) => transpose(part)) as [Tensor2D, Tensor2D];
  const wanted = split(gradient, steps);
  const gateChanges: Tensor2D[] = new Array(steps);
  const candidateChanges: Tensor2D[] = new Array(steps);
  let byOutput: Tensor | null = null;
  for (let t = steps - 1; t >= 0; t -= 1) {
    const h: Tensor = byOutput === null ? (wanted[t] as Tensor) : add(wanted[t] as Tensor, byOutput);
    const candidate = mul<Tensor2D>(h, byCandidate[t] as Tensor);
    const update = mul(h, byUpdate[t] as Tensor);
    candidateChanges[t] = candidate;
    if (t === 0) {
      gateChanges[t] = concat([update, zerosLike(update)], 1) as Tensor2D;
      break;
    }
    const byHeld = matMul(candidate, candidateBack);
    const gates = concat([update, mul(byHeld, byReset[t] as Tensor)], 1) as Tensor2D;
    gateChanges[t] = gates;
    const direct = add(mul(h, updates[t] as Tensor), mul(byHeld, resets[t] as Tensor));
    byOutput = add(direct, matMul(gates, gatesBack));
  }
  const [ofGates, ofCandidates] = [concat(gateChanges), concat(candidateChanges)] as [Tensor2D, Tensor2D];
  const byRecurrent = [matMul(all.before, ofGates, true, false), matMul(all.held, ofCandidates, true, false)];
  return [concat([ofGates, ofCandidates], 1), concat(byRecurrent, 1)];
}

/** Values of all steps at once, each [steps · batch, units]. */
interface AllSteps {
  readonly update: Tensor;
  readonly reset: Tensor;
  /** The output of the step before, 0 before the first. */
  readonly before: Tensor2D;
  /** r·h, what the reset gate lets through of it. */
  readonly held: Tensor2D;
  /** Slope of the output by what the update gate's function takes. */
  readonly byUpdate: Tensor;
  /** Slope of r·h by what the reset gate's function takes. */
  readonly byReset: Tensor;
  /** Slope of the output by what the candidate's function takes. */
  readonly byCandidate: Tensor;
}

function overAllSteps({ gates, candidates, outputs }: GruTrace): AllSteps {
  const sigmoids = concat(gates);
  const candidate = concat(candidates);
  const before = concat([zerosLike(outputs[0] as Tensor), ...outputs.slice(0, -1)]) as Tensor2D;
  const [update, reset] = split(sigmoids, 2, 1) as [Tensor, Tensor];
  const [updateSlope, resetSlope] = split(mul(sigmoids, sub(1, sigmoids)), 2, 1) as [Tensor, Tensor];
  return {
    update,
    reset,
    before,
    held: mul(reset, before),
    byUpdate: mul(updateSlope, sub(before, candidate)),
    byReset: mul(resetSlope, before),
    byCandidate: mul(sub(1, update), sub(1, square(candidate))),
  };
}

/** Columns of both gates, and those of the candidate. */
function cut<T extends Tensor>(columns: T): [T, T] {
  const units = (columns.shape[1] ?? 3) / 3;
  return split(columns, [2 * units, units], 1) as [T, T];
}
