/** What a forked run is made with, so that it stands by itself: whose state it takes up, and what is needed to come to it. */
import type { Metrics } from './events.ts';

/** In the run's `fork` folder: the other run's recipe, its checkpoint, and this file. */
export const FORK_FILES = { fork: 'fork.json', recipe: 'recipe.yaml', checkpoints: 'checkpoints' } as const;

export interface ForkFile {
  readonly version: 1;
  /** Name of the other run's folder, beside this one's. */
  readonly run: string;
  /** Epochs and steps of the other run that this one stands on. */
  readonly epoch: number;
  readonly step: number;
  /** What the other run was trained on. */
  readonly backend: string | null;
  /** Whether the epochs can be trained anew from the first: not those of a run that is a fork itself. */
  readonly hasBeginning: boolean;
  /** What the other run gave in the epochs that are to be trained again. */
  readonly recorded: readonly { readonly epoch: number; readonly metrics: Metrics }[];
}

/** Of a folder beside the run's own: nothing outside it is read because a run says so. */
export function isFolderName(value: unknown): value is string {
  return typeof value === 'string' && !/[/\\]|^\.{0,2}$/.test(value);
}

/** Null for what is no such file. */
export function parseForkFile(text: string): ForkFile | null {
  try {
    const value = JSON.parse(text) as ForkFile;
    const isCount = (count: unknown) => typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
    const isWhole = value.version === 1 && isFolderName(value.run) && isCount(value.epoch) && isCount(value.step);
    return isWhole && Array.isArray(value.recorded) ? value : null;
  } catch {
    return null;
  }
}
