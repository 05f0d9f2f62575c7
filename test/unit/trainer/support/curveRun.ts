/** The recipe that tests of whole runs train, and what they look at. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../../../../src/trainer/run/clock.ts';

/** A small network on a curve, with other settings of training, layers or data. */
export const recipe = (
  train: Record<string, unknown>,
  model: unknown[] = MODEL,
  data: Record<string, unknown> = {},
): string =>
  JSON.stringify({
    name: 'Curve',
    data: { csv: 'data.csv', target: 'y', ...data },
    model,
    train: {
      loss: 'meanSquaredError',
      metrics: ['rmse'],
      optimizer: { adam: { learningRate: 0.01 } },
      batchSize: 8,
      epochs: 5,
      device: 'wasm',
      ...train,
    },
  });
export const MODEL = [
  { dense: { name: 'hidden', units: 8, activation: 'tanh' } },
  { dropout: { rate: 0.2 } },
  { dense: { name: 'out', units: 1 } },
];

/** A clock under which every look is a millisecond later. */
export function steppingClock(msPerLook: number): Clock {
  let ms = 0;
  return {
    ...systemClock,
    monotonicMs: () => {
      ms += msPerLook;
      return ms;
    },
  };
}

/** The saved weights, to the byte. */
export const weightsOf = (folder: string): Buffer => readFileSync(path.join(folder, 'model/weights.bin'));
