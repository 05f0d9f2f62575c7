/** Refuses a checkpoint that does not belong to a network and its rows. */
import { SkilletError } from '../../common/errors.ts';
import type { PreparedData } from '../data/prepareData.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { Network } from './network.ts';
import { describeShapes, type SavedState } from './progress.ts';

/** @throws {SkilletError} `run-checkpoint` */
export function refuseForeign(
  found: Checkpoint<SavedState>,
  { network, data, folder }: { readonly network: Network; readonly data: PreparedData; readonly folder: string },
): void {
  const sameRows = found.state.order.length === data.train.count;
  if (found.state.shapes !== describeShapes(network) || !sameRows) {
    throw new SkilletError('run-checkpoint', folder, {
      message: sameRows
        ? 'The checkpoint belongs to another model.'
        : `The checkpoint is of ${found.state.order.length} training rows, but the data now gives ${data.train.count}.`,
      remedy: 'Put the recipe and its data back as they were, or start a new run.',
    });
  }
}
