/** The one place where the benchmark touches the trainer: a run over samples in memory, without data file, evaluation and saved model. */
import path from 'node:path';
import type { Recipe } from '../../src/common/recipe/schema.ts';
import { RUN_FILES } from '../../src/common/run/runFolder.ts';
import { BACKENDS } from '../../src/trainer/backends/backends.ts';
import { chooseBackend } from '../../src/trainer/backends/chooseBackend.ts';
import type { Samples } from '../../src/trainer/data/samples.ts';
import { systemClock } from '../../src/trainer/run/clock.ts';
import { openEventLog } from '../../src/trainer/run/eventLog.ts';
import { createGate } from '../../src/trainer/run/gate.ts';
import { createOutbox } from '../../src/trainer/run/outbox.ts';
import { createNetwork } from '../../src/trainer/training/network.ts';
import { beginProgress } from '../../src/trainer/training/progress.ts';
import { trainLoop } from '../../src/trainer/training/trainLoop.ts';

export interface SamplesRun {
  /** Its `train.device` names the backend. */
  readonly recipe: Recipe;
  readonly samples: Samples;
  /** Null for values. */
  readonly classCount: number | null;
  /** Receives `events.jsonl`. */
  readonly runFolder: string;
}

/** @throws {SkilletError} `backend-unavailable`, `backend-unsupported`. */
export async function startBackend(recipe: Recipe): Promise<void> {
  await chooseBackend({
    recipe,
    backends: BACKENDS,
    stepCost: 0,
    time: () => {
      throw new Error('a named backend is not timed');
    },
  });
}

export async function trainSamples({ recipe, samples, classCount, runFolder }: SamplesRun): Promise<void> {
  await startBackend(recipe);
  const log = openEventLog(path.join(runFolder, RUN_FILES.events), systemClock);
  const outbox = createOutbox(log, systemClock);
  const network = createNetwork({ recipe, inputShape: samples.inputShape, targetUnits: [1] });
  try {
    await trainLoop({
      recipe,
      train: samples,
      validation: null,
      classCount,
      network,
      progress: beginProgress(samples.count, recipe.train.seed),
      gate: createGate({
        clock: systemClock,
        commands: () => [],
        signal: new AbortController().signal,
        onState: outbox.flush,
        onWait: outbox.flush,
      }),
      outbox,
      clock: systemClock,
      saveCheckpoint() {}, // Nobody resumes it.
    });
    outbox.flush();
  } finally {
    network.dispose();
    log.close();
  }
}
