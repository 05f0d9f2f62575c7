/**
 * Skillet's side of the workloads that no data file could hold, as a process of its own.
 *
 * Usage: `ours <workload> <backend> <cold|steady> <runFolder>` trains; `ours <workload> <backend> probe` only says why it cannot, if so:
 * exit status 3 where the backend is absent or lacks a layer.
 */
import { SkilletError } from '../../src/common/errors.ts';
import { type ParsedRecipe, parseRecipe } from '../../src/common/recipe/parse.ts';
import { recipeText, WORKLOADS, type WorkloadName } from './recipes.mjs';
import { makeSamples } from './syntheticData.ts';
import { startBackend, trainSamples } from './trainSamples.ts';

const ABSENT: readonly string[] = ['backend-unavailable', 'backend-unsupported'];
const CLASS_COUNT: Readonly<Partial<Record<WorkloadName, number>>> = { mnist: 10, cnn: 10 };

async function main([name, device = '', mode, runFolder = '']: string[]): Promise<void> {
  const workload = name as WorkloadName;
  const { samples, coldEpochs, steadyEpochs } = WORKLOADS[workload];
  const parsed = toRecipe(parseRecipe(recipeText(workload)));
  const epochs = mode === 'steady' ? coldEpochs + steadyEpochs : coldEpochs;
  const recipe = { ...parsed, train: { ...parsed.train, device, epochs } };
  if (mode === 'probe') {
    await startBackend(recipe);
    return;
  }
  const classCount = CLASS_COUNT[workload] ?? null;
  await trainSamples({ recipe, samples: makeSamples(workload, samples), classCount, runFolder });
}

function toRecipe({ recipe, problems }: ParsedRecipe) {
  if (recipe === null) {
    throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join(' '));
  }
  return recipe;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  const isAbsent = error instanceof SkilletError && ABSENT.includes(error.code);
  process.exitCode = isAbsent ? 3 : 1;
}
