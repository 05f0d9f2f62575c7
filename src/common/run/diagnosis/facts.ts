/** What the rules look at, gathered once for each time a run is judged. */
import { isClassification } from '../../recipe/checkTraining.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { RunStart } from '../events.ts';
import type { RunState } from '../reduceRun.ts';
import { type Curve, curveOf } from './curve.ts';
import { SURE_TREND, trendOf } from './statistics.ts';

export interface RunFacts {
  readonly run: RunState;
  readonly start: RunStart;
  readonly recipe: Recipe;
  /** The training loss. */
  readonly loss: Curve;
  /** The validation loss; null without validation. */
  readonly validation: Curve | null;
  /** Number of the last epoch that ended. */
  readonly epoch: number;
  /** Whether all epochs that were asked for are done. */
  readonly isComplete: boolean;
  /** The loss of a network that guesses blindly; null where only the result can tell. */
  readonly chanceLoss: number | null;
  /** Whether the network says no more than that; null while nobody can know. */
  readonly isAtChance: boolean | null;
}

/** @returns Null before the training has begun. */
export function factsOf(run: RunState, recipe: Recipe): RunFacts | null {
  const { start } = run;
  if (start === null) {
    return null;
  }
  const loss = curveOf(run, 'loss');
  const validation = curveOf(run, 'val_loss');
  const epoch = run.epochs.at(-1)?.epoch ?? 0;
  const chanceLoss = chanceLossOf(recipe, start);
  return {
    run,
    start,
    recipe,
    loss,
    validation: validation.values.length === 0 ? null : validation,
    epoch,
    isComplete: run.end?.status === 'completed' && epoch >= start.epochs,
    chanceLoss,
    isAtChance: isAtChance(run, loss, chanceLoss),
  };
}

/** Guessing among k classes alike costs ln k; saying the mean of a standardised target costs its variance, 1. */
function chanceLossOf(recipe: Recipe, { data, graph }: RunStart): number | null {
  const { loss, lossWeight } = recipe.train;
  if (isClassification(recipe)) {
    const classes =
      loss === 'binaryCrossentropy' ? 2 : (data.classes?.length ?? graph.nodes.at(-1)?.outputShape.at(-1));
    return classes === undefined || classes === null ? null : lossWeight * Math.log(classes);
  }
  return loss === 'meanSquaredError' && recipe.data.scaleTarget === 'standard' ? lossWeight : null;
}

/** Less than this share of a blind guess's loss or error is a sign of having learnt. */
const LEARNT = 0.95;

function isAtChance({ evaluation }: RunState, loss: Curve, chanceLoss: number | null): boolean | null {
  const last = loss.values.at(-1);
  const { metric, better } = evaluation?.primary ?? {};
  const naive = evaluation?.baselines.find(({ name }) => name === 'trainingMean' || name === 'majorityClass');
  const baseline = metric === undefined ? undefined : naive?.metrics[metric];
  const value = metric === undefined ? undefined : evaluation?.metrics[metric];
  if (typeof baseline === 'number' && typeof value === 'number') {
    return better === 'lower' ? value >= LEARNT * baseline : value <= baseline;
  }
  return chanceLoss === null || last === undefined ? null : last >= LEARNT * chanceLoss;
}

/** Whether a curve falls by more than chance could bring. */
export function isFalling({ values }: Curve): boolean {
  return trendOf(values) <= -SURE_TREND;
}
