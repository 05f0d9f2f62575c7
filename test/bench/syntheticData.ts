/** The made-up data of the large workloads, by the same rules as in peers/harness.py. */
import type { Samples } from '../../src/trainer/data/samples.ts';

type Fill = (inputs: Float32Array, sample: number) => number;

interface Made {
  readonly inputShape: readonly number[];
  /** Makes the noise of one sample learnable in place, and gives its target. */
  readonly rule: Fill;
  /** Noise runs from here to 1. */
  readonly lowest: number;
}

export type MadeUp = 'mnist' | 'lstm' | 'cnn';

const RULES: Readonly<Record<MadeUp, Made>> = {
  mnist: {
    inputShape: [784],
    lowest: 0,
    rule(inputs, sample) {
      const label = sample % 10;
      brighten(inputs, { from: 78 * label, length: 78, by: 0.08 });
      return label;
    },
  },
  lstm: {
    inputShape: [50, 16],
    lowest: -1,
    rule: (inputs) => [45, 46, 47, 48, 49].reduce((sum, step) => sum + (inputs[step * 16] ?? 0) / 5, 0),
  },
  cnn: {
    inputShape: [784],
    lowest: 0,
    rule(inputs, sample) {
      const label = sample % 10;
      const [top, left] = [4 + 12 * Math.floor(label / 5), 1 + 5 * (label % 5)];
      for (let row = top; row < top + 5; row += 1) {
        brighten(inputs, { from: 28 * row + left, length: 5, by: 0.3 });
      }
      return label;
    },
  },
};

export function makeSamples(workload: MadeUp, count: number): Samples {
  const { inputShape, rule, lowest } = RULES[workload];
  const size = inputShape.reduce((product, length) => product * length, 1);
  const width = inputShape.at(-1) ?? 1;
  const matrix = noise(count * size, lowest);
  const targets = new Float32Array(count);
  for (let sample = 0; sample < count; sample += 1) {
    targets[sample] = rule(matrix.subarray(sample * size, (sample + 1) * size), sample);
  }
  return {
    count,
    inputShape,
    matrix,
    firstRow: Int32Array.from({ length: count }, (_, sample) => (sample * size) / width),
    targetRow: Int32Array.from({ length: count }, (_, sample) => sample),
    targets,
    targetWidth: 1,
  };
}

/** Uniform from `lowest` to 1 (Marsaglia's xorshift32, https://doi.org/10.18637/jss.v008.i14). */
function noise(length: number, lowest: number): Float32Array {
  const values = new Float32Array(length);
  const scale = (1 - lowest) / 2 ** 32;
  let state = 2463534242;
  for (let i = 0; i < length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[i] = lowest + (state >>> 0) * scale;
  }
  return values;
}

function brighten(values: Float32Array, { from, length, by }: { from: number; length: number; by: number }): void {
  for (let i = from; i < from + length; i += 1) {
    values[i] = (values[i] ?? 0) + by;
  }
}
