/** Trains the epochs of another run again, silently, where no checkpoint of the wanted epoch was kept. */
import type { Recipe } from '../../common/recipe/schema.ts';
import type { Metrics } from '../../common/run/events.ts';
import { createStepper } from '../compiled/createStepper.ts';
import type { countClasses } from '../countClasses.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { settleEmbeddings } from '../data/settleEmbeddings.ts';
import { moduleOfRecipe } from '../module/moduleOfRecipe.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { openGate } from '../run/openGate.ts';
import type { Outbox } from '../run/outbox.ts';
import type { RunContext } from '../runContext.ts';
import { planBatches } from '../training/batchPlan.ts';
import { createNetwork, type Network } from '../training/network.ts';
import { beginProgress, fromCheckpoint, type Progress, type SavedState, toCheckpoint } from '../training/progress.ts';
import { trainLoop } from '../training/trainLoop.ts';

export interface ReplayOptions {
  /** Of the other run. */
  readonly recipe: Recipe;
  readonly data: PreparedData;
  readonly classCount: ReturnType<typeof countClasses>;
  readonly replicas: readonly (string | null)[];
  readonly context: RunContext;
  /** Where to begin; null: at the first epoch. */
  readonly from: Checkpoint<SavedState> | null;
  readonly untilEpoch: number;
}

export interface Replayed {
  readonly checkpoint: Checkpoint<SavedState>;
  /** By epoch, as the other run should have told them. */
  readonly metrics: ReadonlyMap<number, Metrics>;
}

/** @returns Null where the run was told to stop meanwhile. @throws {SkilletError} As training does. */
export async function replayEpochs(options: ReplayOptions): Promise<Replayed | null> {
  const { data, context } = options;
  const recipe = settleEmbeddings(options.recipe, data.inputs);
  const module = await moduleOfRecipe(recipe, data, context);
  const network = createNetwork({
    recipe,
    inputShape: data.train.inputShape,
    targetUnits: data.targets.scaler.factor,
    build: module?.build,
  });
  try {
    const { from } = options;
    const progress = from === null ? beginProgress(data.train.count, recipe.train.seed) : fromCheckpoint(from, network);
    const metrics = await train({ ...options, recipe }, network, progress);
    return metrics === null ? null : { checkpoint: await toCheckpoint(progress, network), metrics };
  } finally {
    network.dispose();
  }
}

async function train(
  { recipe, data, classCount, replicas, context, untilEpoch }: ReplayOptions,
  network: Network,
  progress: Progress,
): Promise<Map<number, Metrics> | null> {
  const { clock } = context.options;
  const inFileOrder = Int32Array.from({ length: data.train.count }, (_, index) => index);
  const stepper = await createStepper({
    network,
    samples: data.train,
    classCount,
    first: planBatches(data.train, recipe.train).rows(inFileOrder, 0),
    replicas,
    monotonicMs: clock.monotonicMs,
    otherBatches: recipe.train.epochs,
    onEager: () => undefined,
  });
  const metrics = new Map<number, Metrics>();
  try {
    const { reason } = await trainLoop({
      recipe: withoutEnd(recipe, untilEpoch),
      untilEpoch,
      train: data.train,
      validation: data.validation,
      classCount,
      network,
      stepper,
      progress,
      gate: openGate(context, { progress, observer: null }),
      outbox: silentOutbox(metrics),
      clock,
      saveCheckpoint: async () => undefined,
    });
    return reason === 'stopped' ? null : metrics;
  } finally {
    stepper.dispose();
    context.inbox.repeat(); // The fork's own gate knows nothing of what this one has read.
  }
}

/** The loop must wait behind the last epoch that is wanted, not end there: an end brings back the best weights. */
function withoutEnd(recipe: Recipe, untilEpoch: number): Recipe {
  const { earlyStopping } = recipe.train;
  return {
    ...recipe,
    train: {
      ...recipe.train,
      epochs: Math.max(recipe.train.epochs, untilEpoch + 1),
      ...(earlyStopping === undefined
        ? {}
        : { earlyStopping: { ...earlyStopping, patience: Number.POSITIVE_INFINITY } }),
    },
  };
}

function silentOutbox(metrics: Map<number, Metrics>): Outbox {
  return {
    restartTiming: () => undefined,
    addStep: () => undefined,
    addEpoch: ({ epoch, metrics: values }) => void metrics.set(epoch, values),
    flushIfDue: () => undefined,
    flush: () => undefined,
  };
}
