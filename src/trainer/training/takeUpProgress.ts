/** Begins a run, or takes it up where its last checkpoint left it, and says so in its events. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { RunStart } from '../../common/run/events.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { type GrowOptions, growFork } from '../fork/growFork.ts';
import { loadCheckpoint, saveCheckpoint } from '../run/checkpoint.ts';
import type { RunContext } from '../runContext.ts';
import { planBatches } from './batchPlan.ts';
import type { Network } from './network.ts';
import { beginProgress, fromCheckpoint, type Progress, type SavedState, toCheckpoint } from './progress.ts';
import { refuseForeign } from './refuseForeign.ts';

export interface TakeUpOptions extends GrowOptions {
  readonly start: Pick<RunStart, 'backend' | 'graph' | 'module'>;
}

/**
 * @returns Null where the run was told to stop before its fork had begun.
 * @throws {SkilletError} `run-checkpoint`: the checkpoint belongs to another model or other data.
 */
export async function takeUpProgress({ start, ...options }: TakeUpOptions): Promise<Progress | null> {
  const { context, recipe, data, network } = options;
  const { fork } = context;
  const saved = context.options.resume ? loadProgress(context, network, data) : null;
  const begun = saved ?? (fork === null ? beginProgress(data.train.count, recipe.train.seed) : null);
  tellStart(options, start, begun ?? fork?.file ?? { epoch: 0, step: 0 });
  if (begun !== null || fork === null) {
    return begun;
  }
  const progress = await growFork(fork, options);
  if (progress !== null) {
    await saveProgress(progress, network, context, recipe); // What comes after may fork from here again.
  }
  return progress;
}

function tellStart(
  { recipe, data, context: { log, past, fork } }: GrowOptions,
  start: TakeUpOptions['start'],
  { epoch, step }: { readonly epoch: number; readonly step: number },
): void {
  if (past.hasStarted) {
    const { files = [] } = data.summary;
    log.write({ type: 'runResume', epoch, step, backend: start.backend, files });
    return;
  }
  log.write({
    type: 'runStart',
    name: recipe.name,
    params: recipe.params,
    ...start,
    seed: recipe.train.seed,
    epochs: recipe.train.epochs,
    stepsPerEpoch: planBatches(data.train, recipe.train).count,
    batchSize: recipe.train.batchSize,
    metrics: ['loss', ...recipe.train.metrics],
    data: data.summary,
    ...(fork === null ? {} : { fork: { run: fork.file.run, epoch: fork.file.epoch, step: fork.file.step } }),
  });
}

/** @returns Null when there is nothing whole to go on from: then the run starts over. */
function loadProgress({ log, options }: RunContext, network: Network, data: PreparedData): Progress | null {
  const folder = path.join(options.runFolder, RUN_FILES.checkpoints);
  const { found, damaged } = existsSync(folder) ? loadCheckpoint<SavedState>(folder) : { found: null, damaged: [] };
  if (damaged.length > 0) {
    log.write({
      type: 'notice',
      level: 'warning',
      message: `The checkpoint ${damaged.join(', ')} is damaged.`,
      remedy: found === null ? 'The run starts over.' : 'The one before it is used.',
    });
  }
  if (found === null) {
    return null;
  }
  refuseForeign(found, { network, data, folder });
  return fromCheckpoint(found, network);
}

export async function saveProgress(
  progress: Progress,
  network: Network,
  { options, log, outbox, room, fork }: RunContext,
  { train }: Recipe,
): Promise<void> {
  // What the checkpoint has behind it must be on the disk before it counts: a run that goes on from it cannot say it again.
  outbox.flush();
  await room.write(log.sync);
  const folder = path.join(options.runFolder, RUN_FILES.checkpoints);
  const checkpoint = await toCheckpoint(progress, network);
  const { keep } = train.checkpoint;
  const name = await room.write(() =>
    saveCheckpoint(folder, progress.step, { ...checkpoint, keep, base: fork?.file.step, disk: options.disk }),
  );
  const { epoch, step } = progress;
  log.write({ type: 'checkpoint', epoch, step, folder: `${RUN_FILES.checkpoints}/${name}` });
}
