/** What a run done again says about a capsule, and how that is told. */
import { formatNumber } from '../format.ts';

/** Where two runs part, or are farthest from each other. */
export interface Difference {
  /** `steps`: somewhere in a block of steps whose losses a capsule keeps as a hash alone. */
  readonly what: 'step' | 'steps' | 'epoch' | 'evaluation' | 'weights' | 'end';
  /** Counted over all epochs from 0; the first one of `steps`. */
  readonly step: number | null;
  /** Counted from 1. */
  readonly epoch: number | null;
  readonly metric: string | null;
  readonly expected: number | string | null;
  readonly actual: number | string | null;
  /** Null where no number says it. */
  readonly relative: number | null;
}

export interface Changed {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

export interface Tolerance {
  /** Largest relative difference that passes; 0: to the bit. */
  readonly relative: number;
  /** A whole sentence. */
  readonly why: string;
}

export interface Verification {
  readonly name: string;
  readonly verdict: 'identical' | 'withinTolerance' | 'different';
  readonly backend: { readonly expected: string; readonly actual: string; readonly reason: string | null };
  /** Versions and devices that are others than the capsule's. */
  readonly changed: readonly Changed[];
  readonly tolerance: Tolerance;
  /** How much was compared. */
  readonly compared: {
    readonly steps: number;
    readonly epochs: number;
    readonly evaluation: boolean;
    readonly weights: boolean;
  };
  /** The first that is not equal to the bit. */
  readonly firstInexact: Difference | null;
  /** The first that is beyond the tolerance. */
  readonly firstBeyond: Difference | null;
  readonly largest: Difference | null;
  /** Sentences that a person should read. */
  readonly notes: readonly string[];
  readonly curve: ComparedCurve;
  /** It was ended at the first difference. */
  readonly isCutShort: boolean;
  readonly durationMs: number;
}

/** Losses, by epoch where there are some, else by step. */
export interface ComparedCurve {
  readonly by: 'epoch' | 'step';
  readonly firstX: number;
  readonly expected: readonly (number | null)[];
  readonly actual: readonly (number | null)[];
}

/** One word and one sentence. */
export function verdictText({ verdict, firstBeyond, largest, tolerance }: Verification): string {
  switch (verdict) {
    case 'identical':
      return 'Identical: every number is equal to the bit.';
    case 'withinTolerance':
      return largest === null
        ? 'Within tolerance: all numbers are equal, but the weights are not to the bit.'
        : `Within tolerance: the largest relative difference is ${small(largest.relative)}, at ${placeOf(largest)} (${small(tolerance.relative)} is allowed).`;
    default:
      return firstBeyond === null ? 'Different.' : `Different, ${from(firstBeyond)}.`;
  }
}

/** All that is to be said, in the order in which it matters. */
export function verificationLines(result: Verification): string[] {
  const { backend, compared, changed, firstInexact, firstBeyond, largest, tolerance, notes } = result;
  const isElsewhere = backend.expected !== backend.actual;
  const parts = [
    `${compared.steps.toLocaleString('en-US')} step${compared.steps === 1 ? '' : 's'}`,
    `${compared.epochs} epoch${compared.epochs === 1 ? '' : 's'}`,
    ...(compared.evaluation ? ['the result on the test rows'] : []),
    ...(compared.weights ? ['the trained weights'] : []),
  ];
  return [
    verdictText(result),
    ...(firstBeyond === null ? [] : [`  ${valuesOf(firstBeyond)}`]),
    ...(firstBeyond === null && firstInexact !== null
      ? [`The first that is not equal to the bit: ${placeOf(firstInexact)}.`]
      : []),
    ...(firstBeyond !== null && largest !== null && largest.relative !== null
      ? [`The largest relative difference seen: ${small(largest.relative)}, at ${placeOf(largest)}.`]
      : []),
    `Compared: ${parts.join(', ')}.`,
    `Backend: ${backend.actual}${isElsewhere ? `, in place of ${backend.expected}${backend.reason === null ? '' : `: ${backend.reason}`}` : ''}.`,
    `Tolerance: ${tolerance.why}`,
    ...(changed.length === 0 ? ['Versions and device: as in the capsule.'] : ['Other than in the capsule:']),
    ...changed.map(({ what, expected, actual }) => `  ${what}: ${expected} then, ${actual} now`),
    ...notes,
  ];
}

/** `step 18 (epoch 2)`: people count steps from 1. */
export function placeOf({ what, step, epoch, metric }: Difference): string {
  const ofEpoch = epoch === null ? '' : ` (epoch ${epoch})`;
  switch (what) {
    case 'step':
      return `step ${(step ?? 0) + 1}${ofEpoch}`;
    case 'steps':
      return `one of the steps from ${(step ?? 0) + 1} on${ofEpoch}`;
    case 'epoch':
      return `${metric} of epoch ${epoch}`;
    case 'evaluation':
      return `${metric} on the test rows`;
    case 'weights':
      return 'the trained weights';
    default:
      return 'the end of the run';
  }
}

function from(difference: Difference): string {
  const { what } = difference;
  return what === 'step' || what === 'steps' || what === 'epoch'
    ? `from ${placeOf(difference)} on`
    : `in ${placeOf(difference)}`;
}

/** In full: the digits are what it is about. */
function valuesOf({ expected, actual, relative }: Difference): string {
  const show = (value: number | string | null) => (value === null ? 'not a finite number' : String(value));
  return `${show(expected)} in the capsule, ${show(actual)} now${relative === null || !Number.isFinite(relative) ? '' : `: ${small(relative)} apart`}`;
}

const small = (value: number | null) =>
  value === null ? '?' : value === 0 ? '0' : value < 1e-3 ? value.toExponential(1) : formatNumber(value);
