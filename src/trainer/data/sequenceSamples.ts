/** Samples that are sequences: every step of each has a target. */
import { SkilletError } from '../../common/errors.ts';
import type { CutSequences, GroupedSequences } from '../../common/recipe/sequences.ts';
import type { EncodedInputs } from './encodeInputs.ts';
import type { EncodedTargets } from './encodeTargets.ts';
import type { Samples } from './samples.ts';
import { toTarget } from './targetUnits.ts';

/** Consecutive rows of the table, and how far ahead of each step its target lies. */
export interface Span {
  readonly from: number;
  readonly steps: number;
  /** 1 where the target is the next row's. */
  readonly ahead: number;
}

/** How sequences of unequal lengths share batches. */
export interface Filling {
  /** Own steps of each sample. */
  readonly steps: Int32Array;
  /** Steps that each sample is filled up to: its bucket. */
  readonly filled: Int32Array;
  /** Which of its own steps count. */
  readonly counts: 'all' | 'last';
}

/**
 * One sample for each span, all filled up to the longest.
 *
 * @param filling Null where all are of one length and every step counts.
 */
export function toSequences(
  inputs: EncodedInputs,
  targets: EncodedTargets,
  { spans, filling }: { readonly spans: readonly Span[]; readonly filling: Filling | null },
): Samples {
  const width = targets.columns.length;
  const longest = longestOf(filling?.filled ?? spans.map(({ steps }) => steps));
  const scaled = new Float32Array(spans.length * longest * width);
  spans.forEach(({ from, steps, ahead }, sample) => {
    for (let step = 0; step < steps; step += 1) {
      for (let i = 0; i < width; i += 1) {
        scaled[(sample * longest + step) * width + i] = toTarget(targets, i, from + step + ahead);
      }
    }
  });
  return {
    count: spans.length,
    inputShape: [longest, inputs.width],
    matrix: inputs.values,
    firstRow: Int32Array.from(spans, ({ from }) => from),
    targetRow: Int32Array.from(spans, ({ from, ahead }) => from + ahead),
    targets: scaled,
    targetWidth: longest * width,
    targetShape: [longest, width],
    ...(filling === null ? {} : { filling }),
  };
}

/** Not `Math.max(...lengths)`: there may be more sequences than a call takes arguments. */
function longestOf(lengths: ArrayLike<number>): number {
  return Array.from(lengths).reduce((longest, length) => Math.max(longest, length), 0);
}

/** Each step of the spans as a sample of its own, of one row: for what looks at steps and not at sequences. */
export function toSteps(inputs: EncodedInputs, targets: EncodedTargets, spans: readonly Span[]): Samples {
  const width = targets.columns.length;
  const places = spans.flatMap(({ from, steps, ahead }) =>
    Array.from({ length: steps }, (_, step) => ({ row: from + step, target: from + step + ahead })),
  );
  return {
    count: places.length,
    inputShape: [inputs.width],
    matrix: inputs.values,
    firstRow: Int32Array.from(places, ({ row }) => row),
    targetRow: Int32Array.from(places, ({ target }) => target),
    targets: Float32Array.from({ length: places.length * width }, (_, k) =>
      toTarget(targets, k % width, places[Math.floor(k / width)]?.target ?? 0),
    ),
    targetWidth: width,
  };
}

/** Steps of the samples that count; a sample that is no sequence is one step. */
export function countSteps({
  count,
  targetShape,
  filling,
}: Pick<Samples, 'count' | 'targetShape' | 'filling'>): number {
  if (filling === undefined) {
    return count * (targetShape === undefined ? 1 : (targetShape[0] ?? 1));
  }
  return filling.counts === 'last' ? count : filling.steps.reduce((sum, steps) => sum + steps, 0);
}

/** What of one series is for training, validation and test. */
export interface CutSpans {
  readonly train: readonly Span[];
  readonly validation: readonly Span[];
  /** The steps after them, in one. */
  readonly test: Span;
}

/**
 * @param first The first row that can be an input.
 * @throws {SkilletError} `data-too-short`.
 */
export function cutSpans(
  rows: number,
  first: number,
  { length, train, validation = 0, testSteps }: CutSequences,
): CutSpans {
  const sequences = Array.from(
    { length: train + validation },
    (_, k): Span => ({ from: first + k * length, steps: length, ahead: 1 }),
  );
  const from = first + sequences.length * length;
  // Each input row but the last of the file has a target: the row after it.
  const left = rows - 1 - from;
  if (left < (testSteps ?? 1)) {
    const most = Math.floor((rows - 1 - first - (testSteps ?? 1)) / length);
    const has = first === 0 ? `${rows} rows` : `${rows - first} rows with a difference`;
    throw new SkilletError('data-too-short', 'data.sequences', {
      message: `${has} are too few for ${sequences.length} sequences of ${length}, the value after the last of them and ${testSteps ?? 1} to test on: that takes ${from - first + 1 + (testSteps ?? 1)}.`,
      remedy:
        most >= 1
          ? `Use at most ${most} sequences of this length in train and validation together, or shorter ones.`
          : 'Use shorter sequences, or more rows.',
    });
  }
  return {
    train: sequences.slice(0, train),
    validation: sequences.slice(train),
    test: { from, steps: testSteps ?? left, ahead: 1 },
  };
}

/** Rows of one sequence, `from` inclusive, `to` exclusive. */
export interface Group {
  /** The value that marks it. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** @throws {SkilletError} `data-sequences`: a sequence of one row has no next row. */
export function groupSpans(groups: readonly Group[], { by, output }: GroupedSequences): Span[] {
  const ahead = output === 'next' ? 1 : 0;
  return groups.map(({ name, from, to }) => {
    const steps = to - from - ahead;
    if (steps < 1) {
      throw new SkilletError('data-sequences', 'data.sequences.by', {
        message: `The sequence ${by} = ${name} has one row, and so no next value to foretell.`,
        remedy: 'Take it out of the file, or set output: each or last.',
      });
    }
    return { from, steps, ahead };
  });
}

/**
 * @returns Null where no filling is needed. @throws {SkilletError} `data-sequences`: unequal lengths without buckets, or a
 *   sequence that is longer than the last.
 */
export function fillSpans(
  spans: readonly Span[],
  groups: readonly Group[],
  { by, output, buckets }: GroupedSequences,
): Filling {
  const lengths = spans.map(({ steps }) => steps);
  const longest = longestOf(lengths);
  const place = lengths.indexOf(longest);
  const steps = Int32Array.from(lengths);
  const counts = output === 'last' ? 'last' : 'all';
  if (buckets === undefined) {
    const other = lengths.findIndex((length) => length !== longest);
    if (other !== -1) {
      throw new SkilletError('data-sequences', 'data.sequences', {
        message: `The sequences have unequal lengths: ${by} = ${groups[other]?.name} has ${lengths[other]} steps, ${by} = ${groups[place]?.name} has ${longest}.`,
        remedy: `Set buckets, the lengths to fill up to, for example buckets: [${proposeBuckets(lengths).join(', ')}].`,
      });
    }
    return { steps, filled: steps, counts };
  }
  if (longest > (buckets.at(-1) ?? 0)) {
    throw new SkilletError('data-sequences', 'data.sequences.buckets', {
      message: `The sequence ${by} = ${groups[place]?.name} has ${longest} steps, more than the largest bucket (${buckets.at(-1)}).`,
      remedy: `Add a bucket of ${longest}, or cut the sequence in the file.`,
    });
  }
  return { steps, filled: steps.map((length) => buckets.find((bucket) => bucket >= length) ?? length), counts };
}

/** Up to three lengths, the longest last, by which about as many sequences each are filled up. */
function proposeBuckets(lengths: readonly number[]): number[] {
  const sorted = lengths.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 1;
  return [...new Set([at(1 / 3), at(2 / 3), at(1)])];
}
