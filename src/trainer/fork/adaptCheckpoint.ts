/** Fits another run's state to a recipe with other settings of training: what has no counterpart begins anew, and is told. */
import type { Recipe } from '../../common/recipe/schema.ts';
import { deriveSeed } from '../random/deriveSeed.ts';
import { Mt19937 } from '../random/mt19937.ts';
import type { Arrays, Checkpoint } from '../run/checkpoint.ts';
import { isPatienceSpent, NOTHING_SEEN } from '../training/earlyStopping.ts';
import { type SavedState, SHUFFLE } from '../training/progress.ts';

export interface Adaptation {
  readonly checkpoint: Checkpoint<SavedState>;
  /** Whole sentences: what could not be taken over. */
  readonly resets: readonly string[];
}

interface Change {
  readonly before: Recipe;
  readonly after: Recipe;
}

/** @param fresh The slots of the new optimizer as they begin, by their names in a checkpoint. */
export function adaptCheckpoint(
  { state, arrays }: Checkpoint<SavedState>,
  { before, after, fresh }: Change & { readonly fresh: Arrays },
): Adaptation {
  const optimizer = adaptOptimizer(state, arrays, { before, after, fresh });
  const stopping = adaptStopping(optimizer.state, optimizer.arrays, { before, after });
  const random = adaptRandom(stopping.state, { before, after });
  return {
    checkpoint: { state: random.state, arrays: stopping.arrays },
    resets: [...optimizer.resets, ...stopping.resets, ...random.resets],
  };
}

function adaptOptimizer(
  state: SavedState,
  arrays: Arrays,
  { before, after, fresh }: Change & { readonly fresh: Arrays },
): { state: SavedState; arrays: Arrays; resets: string[] } {
  const others = Object.fromEntries(Object.entries(arrays).filter(([name]) => !name.startsWith('slot/')));
  const [old, next] = [before.train.optimizer.type, after.train.optimizer.type];
  if (old !== next) {
    const message = `The optimizer is ${next} instead of ${old}: what ${old} remembered of the gradients is dropped, and a schedule of the learning rate begins anew.`;
    return { state: { ...state, optimizerSteps: 0 }, arrays: { ...others, ...fresh }, resets: [message] };
  }
  const slots = Object.keys(fresh).map((name) => [name, arrays[name] ?? fresh[name]] as [string, Float32Array]);
  const missing = Object.keys(fresh).filter((name) => arrays[name] === undefined);
  const names = missing.map((name) => name.slice('slot/'.length)).join(', ');
  return {
    state,
    arrays: { ...others, ...Object.fromEntries(slots) },
    resets: missing.length === 0 ? [] : [`The optimizer has not kept ${names} until now: it begins anew.`],
  };
}

function adaptStopping(
  state: SavedState,
  arrays: Arrays,
  { before, after }: Change,
): { state: SavedState; arrays: Arrays; resets: string[] } {
  const [old, next] = [before.train.earlyStopping, after.train.earlyStopping];
  const withoutBest = Object.fromEntries(Object.entries(arrays).filter(([name]) => !name.startsWith('best/')));
  const monitorOf = (stopping: typeof next) => stopping?.monitor ?? 'val_loss';
  const lacksBest = next?.restoreBestWeights === true && state.bestCount === 0 && state.stopping.best !== null;
  if (next !== undefined && (monitorOf(old) !== monitorOf(next) || lacksBest)) {
    const why = lacksBest ? 'the best weights so far were not kept' : `it now looks at ${next.monitor}`;
    return {
      state: { ...state, stopping: NOTHING_SEEN, bestCount: 0 },
      arrays: withoutBest,
      resets: [`Early stopping begins anew: ${why}.`],
    };
  }
  const isSpent = next !== undefined && isPatienceSpent(state.stopping, next);
  const stopping = isSpent ? { ...state.stopping, waited: 0 } : state.stopping;
  return {
    state: { ...state, stopping, bestCount: next?.restoreBestWeights === true ? state.bestCount : 0 },
    arrays: next?.restoreBestWeights === true ? arrays : withoutBest,
    resets: isSpent ? ['The patience of early stopping is spent at this epoch: it is counted anew.'] : [],
  };
}

function adaptRandom(state: SavedState, { before, after }: Change): { state: SavedState; resets: string[] } {
  const { seed } = after.train;
  return seed === before.train.seed
    ? { state, resets: [] }
    : {
        state: { ...state, shuffle: new Mt19937(deriveSeed(seed, SHUFFLE)).save(), dropout: {} },
        resets: [`From here on, shuffling and dropout are drawn from seed ${seed}.`],
      };
}
