/** Begins a run, or takes it up where its last checkpoint left it, and says so in its events. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { RunStart } from '../../common/run/events.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { loadCheckpoint, saveCheckpoint } from '../run/checkpoint.ts';
import type { RunContext } from '../runContext.ts';
import { planBatches } from './batchPlan.ts';
import type { Network } from './network.ts';
import {
  beginProgress,
  describeShapes,
  fromCheckpoint,
  type Progress,
  type SavedState,
  toCheckpoint,
} from './progress.ts';

export interface TakeUpOptions {
  readonly recipe: Recipe;
  readonly data: PreparedData;
  readonly network: Network;
  readonly context: RunContext;
  readonly start: Pick<RunStart, 'backend' | 'graph' | 'module'>;
}

/** @throws {SkilletError} `run-checkpoint`: the checkpoint belongs to another model or other data. */
export function takeUpProgress({ recipe, data, network, context, start }: TakeUpOptions): Progress {
  const { log, options, past } = context;
  const progress =
    (options.resume ? loadProgress(context, network, data) : null) ??
    beginProgress(data.train.count, recipe.train.seed);
  if (past.hasStarted) {
    const { files = [] } = data.summary;
    log.write({ type: 'runResume', epoch: progress.epoch, step: progress.step, backend: start.backend, files });
    return progress;
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
  });
  return progress;
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
  const sameRows = found.state.order.length === data.train.count;
  if (found.state.shapes !== describeShapes(network) || !sameRows) {
    throw new SkilletError('run-checkpoint', folder, {
      message: sameRows
        ? 'The checkpoint belongs to another model.'
        : `The checkpoint is of ${found.state.order.length} training rows, but the data now gives ${data.train.count}.`,
      remedy: 'Put the recipe and its data back as they were, or start a new run.',
    });
  }
  return fromCheckpoint(found, network);
}

export async function saveProgress(
  progress: Progress,
  network: Network,
  { options, log, outbox }: RunContext,
): Promise<void> {
  // What the checkpoint has behind it must be on the disk before it counts: a run that goes on from it cannot say it again.
  outbox.flush();
  log.sync();
  const folder = path.join(options.runFolder, RUN_FILES.checkpoints);
  const name = saveCheckpoint(folder, progress.step, await toCheckpoint(progress, network));
  const { epoch, step } = progress;
  log.write({ type: 'checkpoint', epoch, step, folder: `${RUN_FILES.checkpoints}/${name}` });
}
