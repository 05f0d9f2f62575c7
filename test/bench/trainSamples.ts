/** The one place where the benchmark touches the trainer: a run over samples in memory, without data file, evaluation and saved model. */
import path from 'node:path';
import { inferGraph } from '../../src/common/recipe/inferGraph.ts';
import type { Recipe } from '../../src/common/recipe/schema.ts';
import { RUN_FILES } from '../../src/common/run/runFolder.ts';
import type { Started } from '../../src/trainer/backends/backend.ts';
import { createBackends } from '../../src/trainer/backends/backends.ts';
import { chooseBackend } from '../../src/trainer/backends/chooseBackend.ts';
import { describeWork } from '../../src/trainer/backends/describeWork.ts';
import { createProver } from '../../src/trainer/backends/proveBackend.ts';
import { NO_VERDICTS } from '../../src/trainer/backends/verdicts.ts';
import { createStepper } from '../../src/trainer/compiled/createStepper.ts';
import type { Samples } from '../../src/trainer/data/samples.ts';
import { systemClock } from '../../src/trainer/run/clock.ts';
import { type EventLog, openEventLog } from '../../src/trainer/run/eventLog.ts';
import { createGate } from '../../src/trainer/run/gate.ts';
import { createOutbox } from '../../src/trainer/run/outbox.ts';
import { batchRows } from '../../src/trainer/training/batches.ts';
import { createNetwork } from '../../src/trainer/training/network.ts';
import { beginProgress } from '../../src/trainer/training/progress.ts';
import { trainLoop } from '../../src/trainer/training/trainLoop.ts';

/** What the trainer is told on its command line. */
export interface EngineFolders {
  readonly cacheFolder: string;
  readonly tensorflowFolder: string | null;
  /** The probe's bundle. */
  readonly probeFile: string;
}

export interface SamplesRun {
  /** Its `train.device` names the backend. */
  readonly recipe: Recipe;
  readonly samples: Samples;
  /** Null for values. */
  readonly classCount: number | null;
  readonly engine: EngineFolders;
  /** Receives `events.jsonl`. */
  readonly runFolder: string;
}

/** @throws {SkilletError} `backend-unavailable`, `backend-unsupported`. */
export async function startBackend(
  recipe: Recipe,
  train: Pick<Samples, 'count' | 'inputShape'>,
  { cacheFolder, tensorflowFolder, probeFile }: EngineFolders,
): Promise<Started> {
  const prove = createProver({ probeFile, cacheFolder });
  const { started } = await chooseBackend({
    recipe,
    backends: createBackends({ tensorflowFolder, prove }),
    work: describeWork(recipe, train, { graph: inferGraph(recipe, train.inputShape).graph, module: null }),
    time: () => {
      throw new Error('a named backend is not timed');
    },
    verdicts: NO_VERDICTS,
    question: null,
    now: systemClock.now,
  });
  return started;
}

export async function trainSamples({ recipe, samples, classCount, engine, runFolder }: SamplesRun): Promise<void> {
  const { replicas } = await startBackend(recipe, samples, engine);
  const log = openEventLog(path.join(runFolder, RUN_FILES.events), systemClock);
  const outbox = createOutbox(log, systemClock);
  const network = createNetwork({ recipe, inputShape: samples.inputShape, targetUnits: [1] });
  const progress = beginProgress(samples.count, recipe.train.seed);
  const tellEager = (because: string) => tell(log, `Steps are done one operation at a time: ${because}.`);
  const stepper = await createStepper({
    network,
    samples,
    classCount,
    first: batchRows(progress.order, 0, recipe.train),
    replicas,
    monotonicMs: systemClock.monotonicMs,
    otherBatches: recipe.train.epochs,
    onEager: tellEager,
  });
  if (stepper.execution.kind === 'eager' && stepper.execution.because !== null) {
    tellEager(stepper.execution.because);
  }
  try {
    await trainLoop({
      ...{ recipe, train: samples, classCount, network, stepper, progress, outbox },
      validation: null,
      gate: createGate({
        clock: systemClock,
        commands: () => [],
        signal: new AbortController().signal,
        onState: outbox.flush,
        onWait: outbox.flush,
        onObserve: () => undefined,
      }),
      clock: systemClock,
      saveCheckpoint: async () => undefined, // Nobody resumes it.
    });
    outbox.flush();
  } finally {
    stepper.dispose();
    network.dispose();
    log.close();
  }
}

function tell(log: EventLog, message: string): void {
  log.write({ type: 'notice', level: 'info', message, remedy: 'Nothing needs to be done.' });
}
