/** Goes on with a series on the network's own words: each value is told from those before it, which were told too. */
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Recipe } from '../../common/recipe/schema.ts';
import { cutOf } from '../../common/recipe/sequences.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { transform } from '../data/scaler.ts';
import { fromTarget } from '../data/targetUnits.ts';
import { createStatefulRun } from '../model/statefulRun.ts';
import { type Network, predict } from '../training/network.ts';
import { read } from '../training/readTensors.ts';

/** Each step is a pass of its own, which cannot wait for a million of them. */
const MOST_STEPS = 20_000;

export interface Continued {
  /** For each target, a value or null for each row up to `to`. */
  readonly continued: (number | null)[][];
  /** A sentence, where it cannot be gone on with. */
  readonly obstacle: string | null;
}

export interface Reach {
  readonly network: Network;
  /** The first row whose value is told; those before are known. */
  readonly from: number;
  /** Exclusive; past the end of the series. */
  readonly to: number;
}

export async function continueSeries(recipe: Recipe, data: PreparedData, reach: Reach): Promise<Continued> {
  const { inputs, targets } = data;
  const { from, to } = reach;
  const continued = targets.names.map(() => new Array<number | null>(to).fill(null));
  const obstacle = findObstacle(data, to - from);
  if (obstacle !== null) {
    return { continued, obstacle };
  }
  const growing = growSeries(data, from, to);
  const tell =
    cutOf(recipe.data) === null
      ? fromWindow(recipe, reach.network, { growing, width: inputs.width })
      : fromState(recipe, reach, { growing, width: inputs.width });
  try {
    for (let row = from; row < to; row += 1) {
      const outputs = await tell.next(row);
      growing.add(row, outputs).forEach((value, i) => {
        const line = continued[i];
        if (line !== undefined) {
          line[row] = Number.isFinite(value) ? value : null;
        }
      });
    }
  } finally {
    tell.dispose();
  }
  return { continued, obstacle: null };
}

function findObstacle({ inputs, targets }: PreparedData, steps: number): string | null {
  const unknown = inputs.names.filter((name) => !targets.names.includes(name));
  if (unknown.length > 0) {
    const [what, are] = unknown.length === 1 ? ['column', 'is'] : ['columns', 'are'];
    const shown = unknown.length > 5 ? `${unknown.slice(0, 5).join(', ')}, …` : unknown.join(', ');
    return `It is not continued: the ${what} ${shown} ${are} needed at each step, and nobody knows their future.`;
  }
  return steps > MOST_STEPS ? `It is not continued: ${steps} steps are too many to be told one by one.` : null;
}

interface GrowingSeries {
  /** Inputs of a row, known or told: [features]. */
  inputsOf(row: number): Float32Array;
  /** Takes what the network says of a row. @returns Each target in the data's unit. */
  add(row: number, outputs: Float32Array): number[];
}

function growSeries({ inputs, targets }: PreparedData, from: number, to: number): GrowingSeries {
  const { width, scaler, values } = inputs;
  const columns = targets.columns.map((column) => {
    const grown = new Float64Array(to).fill(Number.NaN);
    grown.set(column.subarray(0, from));
    return grown;
  });
  const sources = inputs.names.map((name) => targets.names.indexOf(name));
  const { difference } = targets;
  const known = (target: number, row: number) => columns[target]?.[row] ?? Number.NaN;
  return {
    inputsOf: (row) =>
      row < from
        ? values.subarray(row * width, (row + 1) * width)
        : Float32Array.from(sources, (target, i) => {
            const before = difference === 0 ? 0 : known(target, row - difference);
            return transform(scaler, i, known(target, row) - before);
          }),
    add(row, outputs) {
      return columns.map((column, i) => {
        const value = fromTarget({ ...targets, columns }, i, { row, output: outputs[i] ?? Number.NaN });
        column[row] = value;
        return value;
      });
    },
  };
}

interface Teller {
  /** What the network says of a row, [targets], from the rows before it. Rows are asked for in order. */
  next(row: number): Promise<Float32Array>;
  dispose(): void;
}

interface Source {
  readonly growing: GrowingSeries;
  readonly width: number;
}

function fromWindow({ data }: Recipe, network: Network, { growing, width }: Source): Teller {
  const { lookback = 1, horizon } = data;
  return {
    async next(row) {
      const window = new Float32Array(lookback * width);
      const first = row - horizon - lookback + 1;
      for (let step = 0; step < lookback; step += 1) {
        window.set(growing.inputsOf(first + step), step * width);
      }
      const output = tidy(() =>
        predict(network.built.model, { inputs: tensor(window, [1, lookback, width]) }, { training: false }),
      );
      const [values = new Float32Array()] = await read([output]);
      output.dispose();
      return values;
    },
    dispose: () => undefined,
  };
}

/** The state begins with the last whole sequence before the first row, as in the test. */
function fromState(recipe: Recipe, { network, from }: Reach, { growing, width }: Source): Teller {
  const run = createStatefulRun(network.built.model, width);
  let at = Math.max(0, from - 1 - (cutOf(recipe.data)?.length ?? 0));
  return {
    async next(row) {
      let said = new Float32Array();
      for (; at < row; at += 1) {
        said = new Float32Array(await run.run(growing.inputsOf(at)));
      }
      return said;
    },
    dispose: run.dispose,
  };
}
