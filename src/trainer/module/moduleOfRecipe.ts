/** The module of a recipe, opened with what its data asks for; null where the recipe lists its layers. */
import path from 'node:path';
import { isClassification } from '../../common/recipe/checkTraining.ts';
import { MODULE_FIELD } from '../../common/recipe/modelSchema.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { PreparedData } from '../data/prepareData.ts';
import { refuseCodesBeyond } from '../data/refuseStrangeCodes.ts';
import type { RunContext } from '../runContext.ts';
import { type ModelModule, openModule } from './openModule.ts';

/** @throws {SkilletError} `recipe-module`, and `recipe-out-of-range` for codes that an embedding has no row for. */
export async function moduleOfRecipe(
  recipe: Recipe,
  data: PreparedData,
  { options, watch }: RunContext,
): Promise<ModelModule | null> {
  const { module } = recipe;
  if (module === null) {
    return null;
  }
  watch.guardExit();
  // Weights need a backend to live on; the one that trains is chosen by what the module builds.
  await options.backends.find(({ name }) => name === 'js')?.start(NO_WORK);
  const opened = await openModule({
    recipe: { ...recipe, module },
    file: path.resolve(path.dirname(options.recipeFile), module),
    wanted: { inputShape: data.train.inputShape, outputs: countOutputs(recipe, data) },
    watch,
    limitMs: options.moduleLimitMs,
  });
  for (const { name, inputDim } of opened.embeddings) {
    refuseCodesBeyond({ name, inputDim, field: MODULE_FIELD }, data.inputs);
  }
  return opened;
}

const NO_WORK = { stepCost: 0, batchSize: 1, replicas: null, canShare: false };

/** One for each target or class; one for two classes told apart by a probability. */
function countOutputs(recipe: Recipe, { targets }: PreparedData): number {
  if (!isClassification(recipe)) {
    return targets.names.length;
  }
  return recipe.train.loss === 'binaryCrossentropy' ? 1 : (targets.classes?.length ?? 1);
}
