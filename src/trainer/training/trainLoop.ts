/** The training loop: epochs of steps, with everything that happens around them. */
import { SkilletError } from '../../common/errors.ts';
import { MODULE_FIELD } from '../../common/recipe/modelSchema.ts';
import { INPUT } from '../../common/recipe/nameLayers.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { Samples } from '../data/samples.ts';
import type { Observer } from '../observation/observer.ts';
import { learningRateAt } from '../optimizer/learningRate.ts';
import type { Clock } from '../run/clock.ts';
import type { Gate } from '../run/gate.ts';
import type { Outbox } from '../run/outbox.ts';
import { type BatchPlan, planBatches, weightOf } from './batchPlan.ts';
import { isPatienceSpent, observeEpoch } from './earlyStopping.ts';
import { findNonFinite, type NonFinite } from './findNonFinite.ts';
import type { Network, StepMetrics } from './network.ts';
import { type Progress, readWeights, writeWeights } from './progress.ts';
import { type Stepper, withBatch } from './stepper.ts';

export interface LoopOptions {
  readonly recipe: Recipe;
  /** Training waits once so many epochs are done. */
  readonly untilEpoch?: number | undefined;
  readonly train: Samples;
  readonly validation: Samples | null;
  /** Outputs over classes, null for values; see `loadBatch`. */
  readonly classCount: number | null;
  readonly network: Network;
  readonly stepper: Stepper;
  readonly progress: Progress;
  readonly gate: Gate;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly saveCheckpoint: () => Promise<void>;
  /** Whether one is wanted now, whatever the recipe says: the machine may be taken away. */
  readonly isSaveWanted?: (() => boolean) | undefined;
  /** Looks at the layers; absent where nobody does. */
  readonly observer?: Observer | undefined;
}

export type LoopEnd =
  | { readonly reason: 'finished' }
  | { readonly reason: 'stopped' }
  | { readonly reason: 'untilEpoch' }
  | { readonly reason: 'earlyStopping'; readonly bestEpoch: number | null };

/** After so long a validation lets signals have their turn. */
const VALIDATION_TURN_MS = 100;

/** What the parts of the loop share. */
interface Loop extends LoopOptions {
  readonly plan: BatchPlan;
}

/** @throws {SkilletError} `run-not-finite`, `run-folder`. */
export async function trainLoop(options: LoopOptions): Promise<LoopEnd> {
  const loop: Loop = { ...options, plan: planBatches(options.train, options.recipe.train) };
  const { recipe, progress, clock } = loop;
  const { epochs, earlyStopping } = recipe.train;
  let savedMs = clock.monotonicMs();
  loop.outbox.restartTiming();
  const saveIfDue = async (isEpochEnd: boolean) => {
    if (
      loop.isSaveWanted?.() === true ||
      isCheckpointDue(recipe, progress, { isEpochEnd, sinceMs: clock.monotonicMs() - savedMs })
    ) {
      loop.stepper.settle();
      await loop.saveCheckpoint();
      savedMs = clock.monotonicMs();
    }
  };
  const stepsPerEpoch = loop.plan.count;
  while (progress.epoch < epochs && !isDone(loop)) {
    if (progress.epoch >= (loop.untilEpoch ?? epochs)) {
      loop.stepper.settle();
      return { reason: 'untilEpoch' };
    }
    const startMs = clock.monotonicMs();
    while (progress.stepInEpoch < stepsPerEpoch) {
      const permit = await loop.gate.pass();
      if (permit === 'stop') {
        loop.stepper.settle();
        return { reason: 'stopped' };
      }
      if (progress.stepInEpoch === 0) {
        beginEpoch(loop); // Not before a stop, or the resumed run would shuffle twice.
      }
      await takeSteps(loop, permit === 'step' ? 1 : stepsPerEpoch - progress.stepInEpoch);
      loop.outbox.flushIfDue();
      await loop.observer?.afterSteps({
        isSingle: permit === 'step',
        isLast: progress.stepInEpoch === stepsPerEpoch,
      });
      await saveIfDue(false);
    }
    await endEpoch(loop, startMs);
    await loop.observer?.afterEpoch(clock.monotonicMs() - startMs);
    await saveIfDue(true);
  }
  loop.stepper.settle();
  const isEarly = earlyStopping !== undefined && isDone(loop);
  if (earlyStopping?.restoreBestWeights === true && progress.bestWeights !== null) {
    writeWeights(loop.network, progress.bestWeights);
  }
  return isEarly ? { reason: 'earlyStopping', bestEpoch: progress.stopping.bestEpoch } : { reason: 'finished' };
}

function isDone({ recipe, progress }: LoopOptions): boolean {
  const { earlyStopping } = recipe.train;
  return earlyStopping !== undefined && progress.epoch > 0 && isPatienceSpent(progress.stopping, earlyStopping);
}

function isCheckpointDue(
  { train }: Recipe,
  { epoch }: Progress,
  { isEpochEnd, sinceMs }: { isEpochEnd: boolean; sinceMs: number },
): boolean {
  const { everyEpochs, everySeconds } = train.checkpoint;
  const byEpoch = isEpochEnd && everyEpochs !== undefined && epoch % everyEpochs === 0;
  return byEpoch || (everySeconds !== undefined && sinceMs >= everySeconds * 1000);
}

function beginEpoch({ recipe, progress }: LoopOptions): void {
  const { shuffle } = recipe.train;
  progress.sums = {};
  progress.rows = 0;
  if (shuffle === true || (shuffle === 'once' && progress.epoch === 0)) {
    progress.order = progress.shuffle.permutation(progress.order.length);
  }
}

/** @param most Steps that may be taken now; the stepper's appetite may be smaller. */
async function takeSteps(loop: Loop, most: number): Promise<void> {
  const { progress, stepper } = loop;
  const batches = nextBatches(loop, most);
  for (const [i, metrics] of (await stepper.run(batches)).entries()) {
    loop.outbox.addStep(progress.step, metrics);
    const rows = batches[i] ?? new Int32Array();
    if (!Number.isFinite(metrics.loss)) {
      stepper.settle();
      throw notFinite(loop, await withBatch(toData(loop), rows, (batch) => findNonFinite(loop.network, batch)));
    }
    const weight = weightOf(loop.train, rows);
    addTo(progress.sums, metrics, weight);
    progress.rows += weight;
    progress.stepInEpoch += 1;
    progress.step += 1;
  }
}

/** The next batches of the epoch that have one size. */
function nextBatches({ plan, progress, stepper }: Loop, most: number): Int32Array[] {
  const { order, stepInEpoch } = progress;
  const first = plan.rows(order, stepInEpoch);
  const batches = [first];
  const count = Math.min(most, stepper.appetite(first.length));
  while (batches.length < count) {
    const rows = plan.rows(order, stepInEpoch + batches.length);
    if (rows.length !== first.length) {
      break;
    }
    batches.push(rows);
  }
  return batches;
}

function toData({ train, classCount }: LoopOptions): Parameters<typeof withBatch>[0] {
  return { samples: train, classCount };
}

async function endEpoch(loop: LoopOptions, startMs: number): Promise<void> {
  const { recipe, progress, network, stepper, clock } = loop;
  // WebAssembly's relu turns NaN into 0, so that a broken weight need not show in the loss.
  const broken = await stepper.findBrokenWeights();
  if (broken !== null) {
    throw notFinite(loop, broken);
  }
  const metrics: StepMetrics = means(progress.sums, progress.rows);
  if (loop.validation !== null) {
    stepper.settle();
    const validated = await validate(loop, loop.validation);
    Object.assign(
      metrics,
      Object.fromEntries(Object.entries(validated).map(([name, value]) => [`val_${name}`, value])),
    );
  }
  progress.epoch += 1;
  progress.stepInEpoch = 0;
  const monitor =
    recipe.train.earlyStopping ?? (loop.validation === null ? null : { monitor: 'val_loss', minDelta: 0 });
  if (monitor !== null) {
    const { state, isBetter } = observeEpoch(progress.stopping, monitor, { epoch: progress.epoch, metrics });
    progress.stopping = state;
    if (isBetter && recipe.train.earlyStopping?.restoreBestWeights === true) {
      stepper.settle();
      progress.bestWeights = await readWeights(network);
    }
  }
  loop.outbox.addEpoch({ epoch: progress.epoch, metrics, durationMs: clock.monotonicMs() - startMs });
  loop.outbox.flushIfDue();
}

/** Metrics over all validation rows at once, however they are cut into batches. */
async function validate(loop: LoopOptions, samples: Samples): Promise<StepMetrics> {
  const sums: StepMetrics = {};
  const { batchSize } = loop.recipe.train;
  let turnedMs = loop.clock.monotonicMs();
  let weights = 0;
  for (let from = 0; from < samples.count; from += batchSize) {
    if (loop.clock.monotonicMs() - turnedMs > VALIDATION_TURN_MS) {
      await loop.clock.turn();
      turnedMs = loop.clock.monotonicMs();
    }
    const rows = Int32Array.from({ length: Math.min(batchSize, samples.count - from) }, (_, i) => from + i);
    const metrics = await withBatch({ samples, classCount: loop.classCount }, rows, loop.network.measure);
    const weight = weightOf(samples, rows);
    // The root comes last: a mean of roots would depend on the batch size.
    const { rmse } = metrics;
    addTo(sums, rmse === undefined ? metrics : { ...metrics, rmse: rmse * rmse }, weight);
    weights += weight;
  }
  const { rmse, ...others } = means(sums, weights);
  return rmse === undefined ? others : { ...others, rmse: Math.sqrt(rmse) };
}

function addTo(sums: Record<string, number>, metrics: StepMetrics, weight: number): void {
  for (const [name, value] of Object.entries(metrics)) {
    sums[name] = (sums[name] ?? 0) + value * weight;
  }
}

function means(sums: Record<string, number>, weight: number): StepMetrics {
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / weight]));
}

function notFinite({ recipe, network, progress }: LoopOptions, { layer, where }: NonFinite): SkilletError {
  const label = network.built.labels?.get(layer) ?? layer;
  const index = recipe.model.findIndex(({ name }) => name === layer);
  const type = recipe.model[index]?.type;
  const field =
    recipe.module !== null && layer !== INPUT ? MODULE_FIELD : type === undefined ? 'data' : `model[${index}].${type}`;
  const what = { weights: 'weights', outputs: 'outputs', gradient: 'gradient' }[where];
  const rate = learningRateAt(recipe.train.optimizer.learningRate, progress.step);
  return new SkilletError('run-not-finite', field, {
    message: `In epoch ${progress.epoch + 1}, step ${progress.step + 1}, the ${what} of ${label} became NaN or infinite; it is the first layer where that happens.`,
    remedy:
      field === 'data'
        ? 'Look for huge values in the data, or set data.scale: standard.'
        : `Use a smaller learningRate (now ${Number(rate.toPrecision(4))}), scale the data, or cut gradients with globalClipNorm.`,
  });
}
