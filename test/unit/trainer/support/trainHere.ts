/** Trains a recipe in this process, without a run folder. */
import assert from 'node:assert/strict';
import type { Recipe } from '../../../../src/common/recipe/schema.ts';
import { createStepper } from '../../../../src/trainer/compiled/createStepper.ts';
import type { PreparedData } from '../../../../src/trainer/data/prepareData.ts';
import type { Observer } from '../../../../src/trainer/observation/observer.ts';
import { systemClock } from '../../../../src/trainer/run/clock.ts';
import { planBatches } from '../../../../src/trainer/training/batchPlan.ts';
import { createNetwork, type Network, type StepMetrics } from '../../../../src/trainer/training/network.ts';
import { beginProgress, type Progress, writeWeights } from '../../../../src/trainer/training/progress.ts';
import type { Stepper } from '../../../../src/trainer/training/stepper.ts';
import { trainLoop } from '../../../../src/trainer/training/trainLoop.ts';

export interface Watch {
  /** Of the samples, with `shuffle: false` in the recipe. */
  readonly order?: readonly number[];
  readonly weights?: readonly Float32Array[];
  readonly onStep?: (metrics: StepMetrics) => void;
  readonly onEpoch?: (metrics: StepMetrics) => void;
  /** With a checkpoint after each epoch, the loop waits for this one. */
  readonly onCheckpoint?: (epoch: number, network: Network) => Promise<void>;
  /** Looks at the layers meanwhile. */
  readonly observe?: (parts: Observed) => Observer;
  /** Why steps are not compiled; a test fails on it unless it takes it. */
  readonly onEager?: (because: string) => void;
}

export interface Observed {
  readonly network: Network;
  readonly stepper: Stepper;
  readonly progress: Progress;
}

/** @param use Looks at the trained network, which is disposed afterwards. */
export async function trainHere<T>(
  recipe: Recipe,
  data: PreparedData,
  { watch = {}, use }: { readonly watch?: Watch; readonly use: (network: Network) => Promise<T> },
): Promise<T> {
  const targetUnits = data.targets.scaler.factor;
  const network = createNetwork({ recipe, inputShape: data.train.inputShape, targetUnits });
  const progress = beginProgress(data.train.count, recipe.train.seed);
  const stepper = await createStepper({
    network,
    samples: data.train,
    classCount: null,
    first: planBatches(data.train, recipe.train).rows(progress.order, 0),
    replicas: [null],
    monotonicMs: systemClock.monotonicMs,
    otherBatches: recipe.train.epochs,
    onEager: watch.onEager ?? ((because) => assert.fail(because)),
  });
  if (stepper.execution.kind === 'eager' && stepper.execution.because !== null) {
    (watch.onEager ?? assert.fail)(stepper.execution.because);
  }
  try {
    if (watch.order !== undefined) {
      progress.order = Int32Array.from(watch.order);
    }
    if (watch.weights !== undefined) {
      writeWeights(network, watch.weights);
    }
    await trainLoop({
      recipe,
      train: data.train,
      validation: data.validation,
      classCount: null,
      network,
      stepper,
      progress,
      gate: { pass: async () => 'go', isPaused: () => false },
      outbox: {
        restartTiming() {},
        addStep: (_step, metrics) => watch.onStep?.(metrics),
        addEpoch: ({ metrics }) => watch.onEpoch?.(metrics as StepMetrics),
        flushIfDue() {},
        flush() {},
      },
      clock: systemClock,
      observer: watch.observe?.({ network, stepper, progress }),
      saveCheckpoint: async () => watch.onCheckpoint?.(progress.epoch, network),
    });
    stepper.settle();
    return await use(network);
  } finally {
    stepper.dispose();
    network.dispose();
  }
}
