/** Replays a recorded training step inside TensorFlow: many steps, up to whole epochs, at one call. */
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { isOutOfMemory } from '../backends/isOutOfMemory.ts';
import { matrixWidth, type Samples } from '../data/samples.ts';
import { type Binding, TensorFlowError } from '../tensorflow/binding.ts';
import type { TensorFlow } from '../tensorflow/kernelBackend.ts';
import { encodeGraph } from '../tensorflow/protobuf.ts';
import { NotRecordable } from '../tensorflow/recorder.ts';
import { DTYPE } from '../tensorflow/tensorBytes.ts';
import { loadBatch } from '../training/batches.ts';
import { findNonFiniteWeights } from '../training/findNonFinite.ts';
import type { StepMetrics } from '../training/network.ts';
import { createEagerStepper, type Stepper, type StepperOptions, withBatch } from '../training/stepper.ts';
import { createDeviceState, type DeviceState } from './deviceState.ts';
import { type FedStep, type Feeds, makeFeeds, product, type Tables, uploadTables } from './feeds.ts';
import { fixedVariablesOf, withoutTrace } from './networkState.ts';
import { type RecordedGradient, type RecordedPart, recordGradient, recordUpdate } from './recordParts.ts';
import { type Share, type StepParts, stepGraph } from './stepGraph.ts';
import { type LoopShape, type LoopStep, stepLoop } from './stepLoop.ts';

/** A call is meant to last so long: commands and the panel wait for its end. */
const CALL_MS = 40;
/** Most values of dropout masks that are drawn ahead. */
const MOST_MASK_VALUES = 4e6;
/**
 * A size that comes less often than this is not worth a graph of its own: making one takes about as long as so many steps that
 * are done one operation at a time. Not timed, so that a run that is resumed does its steps as before.
 */
const LEAST_USES = 3;
/** Record and replay do the same sums, perhaps in another order. */
const TOLERANCE = 1e-3;

/** The loop over batches of one size. */
interface Loop {
  readonly name: string;
  readonly batchSize: number;
  /** All its parts, the loop itself last. */
  readonly functions: readonly string[];
  readonly step: LoopStep & FedStep;
  /** Null until it has been timed. */
  msPerStep: number | null;
}

export interface CompiledOptions extends StepperOptions {
  readonly tensorflow: TensorFlow;
  /** Each takes its share of every batch; null is TensorFlow's choice. */
  readonly replicas: readonly (string | null)[];
  readonly monotonicMs: () => number;
  /** How often a batch of another size than the first comes: once an epoch. */
  readonly otherBatches: number;
  /** Told once for each batch size that cannot be compiled; those steps are done one operation at a time. */
  readonly onEager: (because: string) => void;
  /** For tests; see `uploadTables`. */
  readonly mostResidentBytes?: number;
}

/** What the parts of the stepper share. */
interface Parts extends CompiledOptions {
  readonly update: RecordedPart;
  readonly tables: Tables;
  readonly state: DeviceState;
}

/**
 * @param first Samples of a first batch, by which the step is recorded.
 * @throws {NotRecordable} The step cannot be written down, or does something else when it is replayed. @throws {TensorFlowError}
 */
export async function createCompiledStepper(options: CompiledOptions, first: Int32Array): Promise<Stepper> {
  const { network, tensorflow } = options;
  const parts: Parts = {
    ...options,
    update: recordUpdate(network, tensorflow),
    tables: uploadTables(tensorflow.binding, options, options.mostResidentBytes),
    state: createDeviceState(network, tensorflow),
  };
  const { state } = parts;
  const eager = createEagerStepper(options, null);
  const loops = new Map<number, Loop | null>();
  // Whether the latest steps are known to have left all of the state finite.
  let isWhole = false;
  const loopFor = async (rows: Int32Array): Promise<Loop | null> => {
    const known = loops.get(rows.length);
    if (known !== undefined) {
      return known;
    }
    // Shares of a batch give what the whole does, but not where they move averages of their own along.
    const isSameAsEager = options.replicas.length === 1 || fixedVariablesOf(network).length === 0;
    if (options.otherBatches < LEAST_USES && isSameAsEager) {
      loops.set(rows.length, null);
      return null;
    }
    state.settle();
    const loop = await makeLoop(parts, rows).catch((error: Error) => {
      options.onEager(error.message);
      return null;
    });
    loops.set(rows.length, loop);
    return loop;
  };
  const dispose = () => {
    state.dispose();
    parts.tables.dispose();
    for (const loop of loops.values()) {
      removeFunctions(tensorflow.binding, loop?.functions ?? []);
    }
  };
  try {
    loops.set(first.length, await makeLoop(parts, first));
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    execution: { kind: 'compiled' },
    appetite: (batchSize) => appetiteFor(loops.get(batchSize) ?? null),
    async run(batches) {
      const loop = batches[0] === undefined ? null : await loopFor(batches[0]);
      if (loop === null) {
        state.settle();
        isWhole = false; // Single operations do not look.
        return eager.run(batches);
      }
      const done = runLoop(parts, loop, batches);
      isWhole = done.isFinite;
      return done.metrics;
    },
    settle: () => state.settle(),
    async findBrokenWeights() {
      if (isWhole) {
        return null;
      }
      state.settle();
      return findNonFiniteWeights(network);
    },
    dispose,
  };
}

/** Records the step on a batch of this size, and makes sure that its replay gives the same. */
async function makeLoop(parts: Parts, rows: Int32Array): Promise<Loop> {
  const { binding } = parts.tensorflow;
  const shares = toShares(rows.length, parts.replicas);
  const gradients = new Map<number, RecordedGradient>();
  for (const share of shares) {
    if (!gradients.has(share.rows)) {
      gradients.set(share.rows, await recordShare(parts, rows.subarray(0, share.rows)));
    }
  }
  const name = binding.freshName();
  const stepParts = toStepParts(parts, gradients, shares);
  const { shapes, scalarCount } = stepParts;
  const masks = gradients.get(shares[0]?.rows ?? 0)?.masks ?? [];
  const stateShapes = [...shapes.trained, ...shapes.moved, ...shapes.slots];
  const step = { name: `${name}_step`, stateShapes, scalarCount, masks };
  const functions: string[] = [];
  try {
    const all = [...stepGraph(step.name, stepParts), ...stepLoop(name, step, shapeOf(parts, rows.length))];
    for (const { name: part, nodes, inputs, outputs } of all) {
      binding.addFunction(part, encodeGraph(nodes), inputs, outputs);
      functions.push(part);
    }
    const loop = { name, batchSize: rows.length, functions, step, msPerStep: null };
    const [only, ...others] = gradients.values();
    const isWhole = only !== undefined && others.length === 0 && shares.length === 1;
    compareReplay(parts, loop, { rows, expected: isWhole ? only.metrics : measureShares(parts, rows, shares) });
    return loop;
  } catch (error) {
    removeFunctions(binding, functions);
    throw error instanceof TensorFlowError && !isOutOfMemory(error)
      ? new NotRecordable(`TensorFlow refuses its graph: ${error.message}`)
      : error;
  }
}

/** As even as whole rows allow; a batch of fewer rows than replicas leaves some without work. */
function toShares(rows: number, replicas: readonly (string | null)[]): Share[] {
  return replicas
    .map((device, k) => ({
      device,
      rows: Math.floor((rows * (k + 1)) / replicas.length) - Math.floor((rows * k) / replicas.length),
    }))
    .filter((share) => share.rows > 0);
}

function recordShare(parts: Parts, rows: Int32Array): Promise<RecordedGradient> {
  return withBatch(parts, rows, (batch) => recordGradient(parts.network, batch, parts.tensorflow));
}

/**
 * Metrics of a batch, one operation at a time and share by share: batch normalisation takes the statistics of each. The masks of
 * a dropout layer come from one stream, row after row, however they are cut.
 */
function measureShares(
  { network, samples, classCount }: Parts,
  rows: Int32Array,
  shares: readonly Share[],
): Float32Array {
  const isRoot = network.metricNames.map((name) => name === 'rmse');
  const sums = new Float64Array(isRoot.length);
  withoutTrace(network, () => {
    let from = 0;
    for (const share of shares) {
      const own = rows.subarray(from, from + share.rows);
      const metrics = tidy(() => network.forward(loadBatch(samples, own, classCount), { training: true }).dataSync());
      metrics.forEach((value, i) => {
        sums[i] = (sums[i] ?? 0) + (isRoot[i] ? value * value : value) * share.rows;
      });
      from += share.rows;
    }
  });
  return Float32Array.from(sums, (sum, i) => (isRoot[i] ? Math.sqrt(sum / rows.length) : sum / rows.length));
}

function toStepParts(
  { network, update, samples, classCount }: Parts,
  gradients: ReadonlyMap<number, RecordedGradient>,
  shares: readonly Share[],
): StepParts {
  const shapesOf = (tensors: readonly Tensor[]) => tensors.map(({ shape }) => shape);
  return {
    gradients,
    update,
    shares,
    inputShape: samples.inputShape,
    targetShape: targetShapeOf(samples, classCount),
    shapes: {
      trained: shapesOf(network.variables),
      moved: shapesOf(fixedVariablesOf(network)),
      slots: shapesOf(network.optimizer.state()),
    },
    scalarCount: network.optimizer.scalars(1).length,
    metricNames: network.metricNames,
  };
}

/** @throws {NotRecordable} */
function compareReplay(
  parts: Parts,
  loop: Loop,
  { rows, expected }: { readonly rows: Int32Array; readonly expected: Float32Array },
): void {
  const replayed = withoutTrace(parts.network, () => {
    const feeds = makeFeeds(feedOptions(parts, loop, [rows]));
    try {
      return callLoop(parts, loop, { feeds, steps: 1 });
    } finally {
      feeds.dispose();
    }
  });
  dropState(parts, replayed);
  for (const [i, wanted] of expected.entries()) {
    const name = parts.network.metricNames[i] ?? '';
    const found = replayed.metrics[0]?.[name] ?? Number.NaN;
    const isClose = Math.abs(found - wanted) <= TOLERANCE * Math.max(1, Math.abs(wanted));
    // A first loss that is not finite is the run's to report.
    if (!isClose && !Object.is(found, wanted)) {
      throw new NotRecordable(`its replay gives another ${name} (${found} instead of ${wanted})`);
    }
  }
}

function appetiteFor(loop: Loop | null): number {
  if (loop === null || loop.msPerStep === null) {
    return 1;
  }
  const values = loop.step.masks.reduce((sum, { shape }) => sum + product(shape), 0) * loop.batchSize;
  const byMasks = values === 0 ? Number.POSITIVE_INFINITY : MOST_MASK_VALUES / values;
  return Math.max(1, Math.floor(Math.min(CALL_MS / Math.max(loop.msPerStep, 1e-3), byMasks)));
}

interface Run {
  readonly metrics: StepMetrics[];
  readonly isFinite: boolean;
}

function runLoop(parts: Parts, loop: Loop, batches: readonly Int32Array[]): Run {
  const { state, monotonicMs } = parts;
  const startMs = monotonicMs();
  const feeds = makeFeeds(feedOptions(parts, loop, batches));
  try {
    const done = callLoop(parts, loop, { feeds, steps: batches.length });
    const broken = done.metrics.findIndex(({ loss }) => !Number.isFinite(loss));
    if (broken < 0) {
      state.replace(done.state, batches.length);
      loop.msPerStep = (monotonicMs() - startMs) / batches.length;
      return done;
    }
    // The broken step must not reach the weights, and the state is spoilt: it is made again, up to the step before.
    dropState(parts, done);
    if (broken > 0) {
      state.replace(callLoop(parts, loop, { feeds, steps: broken }).state, broken);
    }
    return { metrics: done.metrics.slice(0, broken + 1), isFinite: true };
  } finally {
    feeds.dispose();
  }
}

interface Called extends Run {
  readonly state: ReturnType<Binding['executeOp']>;
}

function callLoop(
  { tensorflow, network, state }: Parts,
  loop: Loop,
  { feeds, steps }: { readonly feeds: Feeds; readonly steps: number },
): Called {
  const { binding } = tensorflow;
  const count = binding.createTensor([], DTYPE.int32, Int32Array.of(steps));
  try {
    const outputCount = 2 + loop.step.stateShapes.length;
    const [table, finite, ...next] = binding.executeOp(
      loop.name,
      [],
      [count, ...feeds.ids, ...state.ids()],
      outputCount,
    );
    const metrics = toMetrics(network.metricNames, takeValues(binding, table)).slice(0, steps);
    return { metrics, isFinite: takeValues(binding, finite)[0] === 1, state: next };
  } finally {
    binding.deleteTensor(count);
  }
}

/** Reads a tensor and gives it back. */
function takeValues(binding: Binding, output: Called['state'][number] | undefined): ArrayLike<number> {
  if (output === undefined) {
    return [];
  }
  const values = binding.tensorDataSync(output.id);
  binding.deleteTensor(output.id);
  return values;
}

function toMetrics(names: readonly string[], table: ArrayLike<number>): StepMetrics[] {
  return Array.from({ length: table.length / names.length }, (_, step) =>
    Object.fromEntries(names.map((name, i) => [name, table[step * names.length + i] ?? Number.NaN])),
  );
}

function dropState({ tensorflow }: Parts, { state }: Called): void {
  for (const { id } of state) {
    tensorflow.binding.deleteTensor(id);
  }
}

function removeFunctions(binding: Binding, names: readonly string[]): void {
  for (const name of names.toReversed()) {
    binding.removeFunction(name);
  }
}

function feedOptions(parts: Parts, { step }: Loop, batches: readonly Int32Array[]): Parameters<typeof makeFeeds>[0] {
  return { ...parts, binding: parts.tensorflow.binding, step, batches, done: parts.state.steps() };
}

/** Of one sample. */
function targetShapeOf({ targetShape, targetWidth }: Samples, classCount: number | null): readonly number[] {
  return classCount === null ? (targetShape ?? [targetWidth]) : [classCount];
}

function shapeOf({ network, samples, classCount }: Parts, batchSize: number): LoopShape {
  const { inputShape, targetWidth } = samples;
  return {
    batchSize,
    inputShape,
    matrixWidth: matrixWidth(samples),
    targetWidth,
    targetShape: targetShapeOf(samples, classCount),
    classCount,
    metricCount: network.metricNames.length,
  };
}
