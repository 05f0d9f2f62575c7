/** Brings a fork to where it begins: the state of another run after some epochs, fitted to the fork's own recipe. */
import { existsSync } from 'node:fs';
import { formatNumber } from '../../common/format.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { Metrics } from '../../common/run/events.ts';
import type { ForkFile } from '../../common/run/forkFile.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { type Checkpoint, loadCheckpoint } from '../run/checkpoint.ts';
import type { RunContext } from '../runContext.ts';
import type { Network } from '../training/network.ts';
import { fromCheckpoint, type Progress, readSlots, type SavedState } from '../training/progress.ts';
import { refuseForeign } from '../training/refuseForeign.ts';
import { adaptCheckpoint } from './adaptCheckpoint.ts';
import { damagedFork, type ForkSource } from './readFork.ts';
import { replayEpochs } from './replayEpochs.ts';

export interface GrowOptions {
  /** The fork's own. */
  readonly recipe: Recipe;
  readonly data: PreparedData;
  readonly classCount: number | null;
  readonly network: Network;
  readonly replicas: readonly (string | null)[];
  readonly context: RunContext;
}

/** @returns Null where the run was told to stop meanwhile. @throws {SkilletError} `run-checkpoint`, and as training does. */
export async function growFork(source: ForkSource, options: GrowOptions): Promise<Progress | null> {
  const { context, network, data } = options;
  const state = await stateOf(source, options);
  if (state === null) {
    return null;
  }
  refuseForeign(state, { network, data, folder: source.checkpoints });
  const slots = await readSlots(network);
  const { checkpoint, resets } = adaptCheckpoint(state, {
    before: source.recipe,
    after: options.recipe,
    fresh: Object.fromEntries(slots.map(([name, values]) => [`slot/${name}`, values])),
  });
  for (const message of resets) {
    context.log.write({ type: 'notice', level: 'info', message, remedy: '' });
  }
  return fromCheckpoint(checkpoint, network);
}

async function stateOf(source: ForkSource, options: GrowOptions): Promise<Checkpoint<SavedState> | null> {
  const { file, recipe } = source;
  const { data, classCount, replicas, context } = options;
  const from = loadBase(source, context);
  if (from !== null && from.state.epoch === file.epoch && from.state.stepInEpoch === 0) {
    return from;
  }
  const first = (from?.state.epoch ?? 0) + 1;
  const span = first === file.epoch ? `Epoch ${first}` : `Epochs ${first} to ${file.epoch}`;
  context.log.write({
    type: 'notice',
    level: 'info',
    message: `${span} of ${file.run} ${first === file.epoch ? 'is' : 'are'} trained again first, as no checkpoint was kept there.`,
    remedy: 'train.checkpoint.keep says how many are kept.',
  });
  const replayed = await replayEpochs({
    ...{ recipe, data, classCount, replicas, context },
    from,
    untilEpoch: file.epoch,
  });
  if (replayed === null) {
    return null;
  }
  tellDifference(file, replayed.metrics, context);
  return replayed.checkpoint;
}

/** @throws {SkilletError} `run-checkpoint`: it is damaged, and the other run cannot be trained from its beginning here. */
function loadBase({ file, checkpoints }: ForkSource, { log }: RunContext): Checkpoint<SavedState> | null {
  const { found, damaged } = existsSync(checkpoints)
    ? loadCheckpoint<SavedState>(checkpoints)
    : { found: null, damaged: [] };
  if (found === null && !file.hasBeginning) {
    throw damagedFork(checkpoints);
  }
  if (damaged.length > 0) {
    log.write({
      type: 'notice',
      level: 'warning',
      message: `The checkpoint ${damaged.join(', ')} that the fork took along is damaged.`,
      remedy: `The epochs of ${file.run} are trained again from the first.`,
    });
  }
  return found;
}

/** What was trained again ought to give what it gave the first time, to the last digit. */
function tellDifference(file: ForkFile, found: ReadonlyMap<number, Metrics>, { log }: RunContext): void {
  for (const { epoch, metrics } of file.recorded) {
    const again = found.get(epoch);
    const other = again && Object.keys(metrics).find((name) => (finite(again[name]) ?? null) !== metrics[name]);
    if (again !== undefined && other !== undefined) {
      log.write({
        type: 'notice',
        level: 'warning',
        message: `Trained again, epoch ${epoch} of ${file.run} gave ${other} ${formatNumber(finite(again[other]))} instead of ${formatNumber(metrics[other] ?? null)}: the fork does not stand exactly where that run stood.`,
        remedy: 'Look for what has changed since: the data, the backend or its version, a module.',
      });
      return;
    }
  }
}

function finite(value: number | null | undefined): number | null {
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}
