/** Compares a run, while it is done again, with what a capsule says of it. */
import { type Capsule, isCutOff, KEPT_STEPS } from '../../common/capsule/capsule.ts';
import type { ComparedCurve, Difference, Tolerance } from '../../common/capsule/verification.ts';
import type { Evaluation, Metrics, RunEnd, RunEvent } from '../../common/run/events.ts';
import { hashBlock, toBytes, unpackLosses } from './packLosses.ts';

export interface Comparison {
  add(event: RunEvent): void;
  /** Of the file that holds the trained weights; null where there is none. */
  addWeights(sha256: string | null): void;
  /** Steps that were done again. */
  steps(): number;
  isDifferent(): boolean;
  found(): Found;
}

export interface Found {
  readonly firstInexact: Difference | null;
  readonly firstBeyond: Difference | null;
  readonly largest: Difference | null;
  readonly compared: {
    readonly steps: number;
    readonly epochs: number;
    readonly evaluation: boolean;
    readonly weights: boolean;
  };
  readonly curve: ComparedCurve;
  readonly notes: readonly string[];
}

/** A number this much smaller than the largest of its curve is compared with that one: close to 0, digits mean little. */
const FLOOR = 1e-3;
/** Of steps, for a picture. */
const MOST_POINTS = 2000;

const PLACE = { step: null, epoch: null, metric: null, relative: null } as const;

export function createComparison(capsule: Capsule, tolerance: Tolerance): Comparison {
  const losses = unpackLosses(capsule.steps);
  const tally: Tally = {
    ...{ capsule, tolerance, losses, lossFloor: floorOf(losses) },
    metricFloors: floorsOf(capsule.epochs.map(({ metrics }) => metrics)),
    ...{ actual: [], actualEpochs: [], waiting: [], steps: 0, blocks: 0, epochs: 0 },
    ...{ hasEvaluation: false, hasWeights: false, firstInexact: null, firstBeyond: null, largest: null },
    growth: [],
  };
  return {
    add: (event) => addEvent(tally, event),
    addWeights: (sha256) => addWeights(tally, sha256),
    steps: () => tally.steps,
    isDifferent: () => tally.firstBeyond !== null,
    found: () => toFound(tally),
  };
}

interface Tally {
  readonly capsule: Capsule;
  readonly tolerance: Tolerance;
  readonly losses: Float64Array;
  readonly lossFloor: number;
  readonly metricFloors: ReadonlyMap<string, number>;
  /** Of the steps that the capsule has one by one, and of the epochs. */
  readonly actual: (number | null)[];
  readonly actualEpochs: (number | null)[];
  /** Losses of the block that is not complete. */
  waiting: (number | null)[];
  steps: number;
  blocks: number;
  epochs: number;
  hasEvaluation: boolean;
  hasWeights: boolean;
  firstInexact: Difference | null;
  firstBeyond: Difference | null;
  largest: Difference | null;
  /** The largest relative difference up to each step. */
  readonly growth: number[];
}

function addEvent(tally: Tally, event: RunEvent): void {
  switch (event.type) {
    case 'steps':
      for (const loss of event.loss) {
        addStep(tally, loss);
      }
      break;
    case 'epochEnd':
      addEpoch(tally, event);
      break;
    case 'evaluation':
      addEvaluation(tally, event);
      break;
    case 'runEnd':
      addEnd(tally, event);
      break;
    default:
      break;
  }
}

function addStep(tally: Tally, loss: number | null): void {
  const { losses, lossFloor: floor, waiting, capsule } = tally;
  const { count, blockSteps } = capsule.steps;
  const step = tally.steps;
  if (step >= count && isCutOff(capsule)) {
    return; // Steps come many at a time: what follows the last one is no difference.
  }
  const epoch = epochOf(capsule, step);
  tally.steps += 1;
  if (step >= count) {
    note(tally, { ...PLACE, what: 'end', step, epoch, expected: `${count} steps`, actual: 'more steps' });
  } else if (step < losses.length) {
    tally.actual.push(loss);
    const pair = { expected: finite(losses[step]), actual: loss, floor };
    compare(tally, { what: 'step', step, epoch, metric: null }, pair);
    tally.growth.push(tally.largest?.relative ?? 0);
  } else {
    waiting.push(loss);
    if (waiting.length === blockSteps || step === count - 1) {
      closeBlock(tally);
    }
  }
}

function closeBlock(tally: Tally): void {
  const { capsule, losses, waiting, blocks } = tally;
  const { blockSteps, encoding, blocks: hashes } = capsule.steps;
  const step = losses.length + blocks * blockSteps;
  // A hash says nothing about how far apart two numbers are.
  if (isExact(tally) && hashBlock(toBytes(waiting, encoding)) !== hashes[blocks]) {
    const place = { ...PLACE, what: 'steps' as const, step, epoch: epochOf(capsule, step) };
    note(tally, { ...place, expected: 'losses with another hash', actual: 'these losses' });
  }
  tally.waiting = [];
  tally.blocks += 1;
}

function addEpoch(tally: Tally, { epoch, metrics }: { readonly epoch: number; readonly metrics: Metrics }): void {
  const expected = tally.capsule.epochs[tally.epochs];
  tally.actualEpochs.push(metricOf(metrics, 'loss'));
  if (expected?.epoch !== epoch) {
    return; // More epochs are more steps, which are told by themselves.
  }
  tally.epochs += 1;
  for (const metric of Object.keys({ ...expected.metrics, ...metrics })) {
    const pair = { expected: metricOf(expected.metrics, metric), actual: metricOf(metrics, metric) };
    const floor = tally.metricFloors.get(metric) ?? 0;
    compare(tally, { what: 'epoch', step: null, epoch, metric }, { ...pair, floor });
  }
}

function addEvaluation(tally: Tally, { metrics }: Evaluation): void {
  const { evaluation } = tally.capsule;
  if (evaluation === null) {
    return;
  }
  tally.hasEvaluation = true;
  for (const metric of Object.keys({ ...evaluation.metrics, ...metrics })) {
    const pair = { expected: metricOf(evaluation.metrics, metric), actual: metricOf(metrics, metric), floor: 0 };
    compare(tally, { what: 'evaluation', step: null, epoch: null, metric }, pair);
  }
}

function addEnd(tally: Tally, { status, message }: RunEnd): void {
  const { run, steps } = tally.capsule;
  if (tally.steps < steps.count || (status === 'failed') !== (run.status === 'failed')) {
    const expected = `${run.status} after ${steps.count} steps`;
    note(tally, { ...PLACE, what: 'end', expected, actual: `${status} after ${tally.steps} steps: ${message}` });
  }
}

function addWeights(tally: Tally, sha256: string | null): void {
  const { weights } = tally.capsule;
  if (weights === null) {
    return;
  }
  tally.hasWeights = true;
  if (sha256 !== weights.sha256) {
    const difference: Difference = { ...PLACE, what: 'weights', expected: weights.sha256, actual: sha256 };
    tally.firstInexact ??= difference;
    // Of weights there is a hash alone: within a tolerance the losses and the result speak for them.
    tally.firstBeyond ??= isExact(tally) ? difference : null;
  }
}

function compare(tally: Tally, place: Omit<Difference, 'expected' | 'actual' | 'relative'>, pair: Pair): void {
  const { expected, actual } = pair;
  if (expected !== actual) {
    note(tally, { ...place, expected, actual, relative: relativeOf(pair) });
  }
}

function note(tally: Tally, difference: Difference): void {
  tally.firstInexact ??= difference;
  const size = difference.relative ?? Number.POSITIVE_INFINITY;
  if (tally.firstBeyond === null && (isExact(tally) || size > tally.tolerance.relative)) {
    tally.firstBeyond = difference;
  }
  if (difference.relative !== null && difference.relative > (tally.largest?.relative ?? -1)) {
    tally.largest = difference;
  }
}

const isExact = ({ tolerance }: Tally) => tolerance.relative === 0;
const epochOf = ({ run }: Capsule, step: number) => Math.floor(step / Math.max(1, run.stepsPerEpoch)) + 1;

function toFound(tally: Tally): Found {
  const { capsule, losses, steps, epochs, firstInexact, firstBeyond, largest } = tally;
  const kept = KEPT_STEPS.toLocaleString('en-US');
  return {
    ...{ firstInexact, firstBeyond, largest },
    compared: {
      ...{ steps: Math.min(steps, capsule.steps.count), epochs },
      ...{ evaluation: tally.hasEvaluation, weights: tally.hasWeights },
    },
    curve: toCurve(capsule, losses, tally),
    notes: [
      ...explainParting(tally),
      ...(!isExact(tally) && steps > losses.length
        ? [`Of the steps after ${kept} the capsule has hashes alone: within a tolerance their epochs were compared.`]
        : []),
    ],
  };
}

/** From one step to the next, rounding does not make a difference so many times as large. */
const JUMP = 30;
/** Sooner than this, and larger than this halfway, rounding alone does not make runs part. */
const LEAST_STEPS = 100;
const MOST_HALFWAY = 1e-4;

function explainParting({ firstBeyond, growth, tolerance }: Tally): string[] {
  const { what, step, relative } = firstBeyond ?? { what: null, step: null, relative: null };
  if (
    tolerance.relative === 0 ||
    what !== 'step' ||
    step === null ||
    step === 0 ||
    !Number.isFinite(relative ?? Number.NaN)
  ) {
    return [];
  }
  const before = growth[step - 1] ?? 0;
  const halfway = growth[Math.floor(step / 2)] ?? 0;
  if ((relative ?? 0) > JUMP * before) {
    return [
      `In the steps before, the largest relative difference was ${before.toExponential(1)}: this is a jump, which rounding does not make.`,
    ];
  }
  return step >= LEAST_STEPS && halfway < MOST_HALFWAY
    ? [
        `The runs drift apart little by little (${halfway.toExponential(1)} after half of these steps, ${before.toExponential(1)} just before): rounding alone can do that in training as long as this.`,
      ]
    : [];
}

interface Pair {
  readonly expected: number | null;
  readonly actual: number | null;
  readonly floor: number;
}

/** Infinite where one of the two is no finite number. */
function relativeOf({ expected, actual, floor }: Pair): number {
  if (expected === null || actual === null) {
    return Number.POSITIVE_INFINITY;
  }
  const size = Math.max(Math.abs(expected), Math.abs(actual), floor);
  return size === 0 ? 0 : Math.abs(expected - actual) / size;
}

const finite = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? null : value);

function metricOf(metrics: Metrics, name: string): number | null {
  return Object.hasOwn(metrics, name) ? (metrics[name] ?? null) : null;
}

function floorOf(values: Iterable<number | null>): number {
  let most = 0;
  for (const value of values) {
    if (value !== null && Number.isFinite(value)) {
      most = Math.max(most, Math.abs(value));
    }
  }
  return FLOOR * most;
}

function floorsOf(epochs: readonly Metrics[]): Map<string, number> {
  const names = new Set(epochs.flatMap((metrics) => Object.keys(metrics)));
  return new Map([...names].map((name) => [name, floorOf(epochs.map((metrics) => metricOf(metrics, name)))]));
}

/** By epoch where that makes a line; else the last steps that were compared. */
function toCurve(
  { epochs }: Capsule,
  losses: Float64Array,
  { actual, actualEpochs }: { readonly actual: (number | null)[]; readonly actualEpochs: (number | null)[] },
): ComparedCurve {
  if (actualEpochs.length >= 3) {
    const expected = epochs.map(({ metrics }) => metricOf(metrics, 'loss'));
    return { by: 'epoch', firstX: epochs[0]?.epoch ?? 1, expected, actual: actualEpochs };
  }
  const from = Math.max(0, actual.length - MOST_POINTS);
  const expected = Array.from(losses.subarray(from, from + MOST_POINTS), finite);
  return { by: 'step', firstX: from + 1, expected, actual: actual.slice(from) };
}
