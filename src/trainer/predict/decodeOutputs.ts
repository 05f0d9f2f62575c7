/** Turns a network's outputs back into what a person asked for: values in the data's units, or classes with probabilities. */
import type { Prediction } from '../../common/model/predictMessages.ts';
import type { Sidecar } from '../../common/model/sidecar.ts';
import { inverse } from '../data/scaler.ts';

/**
 * @param outputs Of one row.
 * @param base What a change of each target is added to; absent where the network says values.
 */
export function decodeOutputs({ targets }: Sidecar, outputs: Float32Array, base?: readonly number[]): Prediction {
  if (targets.classes === null) {
    const values = targets.names.map((target, i) => ({
      target,
      value: inverse(targets, i, outputs[i] ?? Number.NaN) + (base?.[i] ?? 0),
    }));
    return { kind: 'values', values };
  }
  // One output is the probability of the second of two classes.
  const [first = Number.NaN] = outputs;
  const shares = outputs.length === 1 ? [1 - first, first] : [...outputs];
  const names = classNames(targets.classes, outputs.length);
  const best = outputs.length === 1 ? Number(first > 0.5) : shares.indexOf(Math.max(...shares));
  return {
    kind: 'classes',
    target: targets.names[0] ?? '',
    predicted: names[best] ?? '',
    probabilities: shares.map((probability, i) => ({ name: names[i] ?? String(i), probability })),
  };
}

/** A network over class numbers may have more outputs than there were classes in the data. */
export function classNames(classes: readonly string[], outputs: number): string[] {
  return Array.from({ length: outputs === 1 ? 2 : outputs }, (_, code) => classes[code] ?? String(code));
}
