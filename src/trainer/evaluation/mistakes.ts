/** The rows that a network over classes got most wrong, with what it saw of them. */
import type { Mistake } from '../../common/run/events.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { matrixWidth } from '../data/samples.ts';
import { inverse } from '../data/scaler.ts';

/** What the network said of each test row. */
export interface Said {
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** How sure it was of what it predicted, 0 to 1. */
  readonly probability: ArrayLike<number>;
}

export interface MistakeList {
  readonly mistakes: readonly Mistake[];
  /** [height, width, channels] of the pixels that each mistake holds; null where inputs are no images. */
  readonly image: readonly number[] | null;
  /** Names of the values that each mistake holds; null for images, and where there are many. */
  readonly inputs: readonly string[] | null;
}

const MOST = 24;
/** So that an event stays small, whatever the images' size. */
const MOST_PIXELS = 100_000;
/** More columns are no longer taken in at a glance. */
const MOST_VALUES = 8;

/** The wrong rows that it was surest of come first. */
export function worstMistakes(data: PreparedData, said: Said): MistakeList {
  const { test, rowNumbers } = data;
  const image = test.inputShape.length === 3 ? test.inputShape : null;
  const size = test.inputShape.reduce((product, length) => product * length, 1);
  const inputs = image === null && test.inputShape.length === 1 && size <= MOST_VALUES ? data.inputs.names : null;
  const most = image === null ? MOST : Math.min(MOST, Math.floor(MOST_PIXELS / size));
  const wrong = Array.from({ length: test.count }, (_, sample) => sample)
    .filter((sample) => said.actual[sample] !== said.predicted[sample])
    .sort((a, b) => (said.probability[b] ?? 0) - (said.probability[a] ?? 0) || a - b)
    .slice(0, most);
  const range = image === null ? { low: 0, high: 1 } : rangeOf(data);
  const mistakes = wrong.map((sample): Mistake => {
    const seen = image === null && inputs === null ? null : rawInputs(data, sample);
    return {
      row: rowNumbers[test.targetRow[sample] ?? 0] ?? 0,
      actual: said.actual[sample] ?? 0,
      predicted: said.predicted[sample] ?? 0,
      probability: roundTo(said.probability[sample] ?? 0, 4),
      ...(image === null || seen === null ? {} : { pixels: seen.map((value) => toShare(value, range)) }),
      ...(inputs === null || seen === null ? {} : { values: seen.map((value) => Number(value.toPrecision(6))) }),
    };
  });
  return { mistakes, image, inputs };
}

/** One sample's inputs as they stand in the file. */
function rawInputs({ test, inputs }: PreparedData, sample: number): number[] {
  const width = matrixWidth(test);
  const begin = (test.firstRow[sample] ?? 0) * width;
  return Array.from(test.matrix.subarray(begin, begin + width), (value, column) =>
    inverse(inputs.scaler, column, value),
  );
}

/** The darkest and the brightest pixel of all test images, so that every image is drawn to the same scale. */
function rangeOf(data: PreparedData): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (let sample = 0; sample < data.test.count; sample += 1) {
    for (const value of rawInputs(data, sample)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high: high > low ? high : low + 1 };
}

const toShare = (value: number, { low, high }: { low: number; high: number }) =>
  roundTo((value - low) / (high - low), 2);

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
