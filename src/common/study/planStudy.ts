/** What a study of a recipe will do, from its `tune:` with all defaults filled in. */
import type { Recipe } from '../recipe/schema.ts';
import { DEFAULT_TRIALS, type TuneSettings } from '../recipe/tune.ts';
import { countPoints, gridAxes, toSearchSpace } from './searchSpace.ts';
import type { StudyObjective, StudyStart } from './studyEvents.ts';

/** More trials at a time would leave a Bayesian search little to learn from, and each needs memory of its own. */
const MOST_AT_A_TIME = 4;

/** @param cores Of this machine's processor. */
export function planStudy(recipe: Recipe, tune: TuneSettings, cores: number): Omit<StudyStart, 'type' | 'at'> {
  const points = tune.algorithm === 'grid' ? countPoints(gridAxes(tune)) : null;
  const trials = points ?? tune.trials ?? DEFAULT_TRIALS;
  return {
    name: recipe.name,
    objective: toObjective(tune),
    algorithm: tune.algorithm,
    ...(tune.halving === undefined ? {} : { halving: toRungs(tune.halving, recipe.train.epochs) }),
    space: toSearchSpace(tune),
    trials,
    parallel: Math.min(trials, tune.parallel ?? Math.min(Math.max(1, cores), MOST_AT_A_TIME)),
    seed: tune.seed,
  };
}

function toObjective({ objective }: TuneSettings): StudyObjective {
  return objective.minimize === undefined
    ? { metric: objective.maximize ?? 'loss', goal: 'maximize' }
    : { metric: objective.minimize, goal: 'minimize' };
}

/** Epochs of the looks: each `factor` times as late as the one before, the last before the end. */
function toRungs(
  { factor, minEpochs }: NonNullable<TuneSettings['halving']>,
  epochs: number,
): NonNullable<StudyStart['halving']> {
  const rungs: number[] = [];
  for (let epoch = minEpochs ?? Math.max(1, Math.round(epochs / factor ** 2)); epoch < epochs; epoch *= factor) {
    rungs.push(epoch);
  }
  return { rungs, factor };
}
