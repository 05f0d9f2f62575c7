/**
 * Skillet's side of a workload, as a process of its own.
 *
 * `ours <workload> <backend> train <epochs> <runFolder>` trains one whose data is made in memory;
 * `ours <workload> <backend> probe` only says why the backend cannot train it, if so: exit status 3 where it is absent or lacks a layer.
 */
import { homedir } from 'node:os';
import path from 'node:path';
import { SkilletError } from '../../src/common/errors.ts';
import { parseRecipe } from '../../src/common/recipe/parse.ts';
import type { Recipe } from '../../src/common/recipe/schema.ts';
import { findEngine } from '../../src/node/runtime/findEngine.ts';
import { recipeText, WORKLOADS, type WorkloadName } from './recipes.mjs';
import { type MadeUp, makeSamples } from './syntheticData.ts';
import { type EngineFolders, startBackend, trainSamples } from './trainSamples.ts';

const ABSENT: readonly string[] = ['backend-unavailable', 'backend-unsupported'];
const CLASS_COUNT: Readonly<Record<MadeUp, number | null>> = { mnist: 10, lstm: null, cnn: 10 };
/** Shape of one sample's inputs. */
const INPUT_SHAPE: Readonly<Record<WorkloadName, readonly number[]>> = {
  boston: [13],
  mnist: [784],
  shampoo: [4, 1],
  lstm: [50, 16],
  cnn: [784],
};

async function main([name, device = '', action, epochs, runFolder = '']: string[]): Promise<void> {
  const workload = name as WorkloadName;
  const { samples: count } = WORKLOADS[workload];
  const recipe = toRecipe(recipeText(workload), {
    device: device as Recipe['train']['device'],
    epochs: Number(epochs),
  });
  const engine = await engineFolders();
  if (action === 'probe') {
    await startBackend(recipe, { count, inputShape: INPUT_SHAPE[workload] }, engine);
    return;
  }
  const made = workload as MadeUp;
  await trainSamples({ recipe, samples: makeSamples(made, count), classCount: CLASS_COUNT[made], engine, runFolder });
}

function toRecipe(text: string, train: Pick<Recipe['train'], 'device' | 'epochs'>): Recipe {
  const { recipe, problems } = parseRecipe(text);
  if (recipe === null) {
    throw new Error(problems.map(({ path: field, message }) => `${field}: ${message}`).join(' '));
  }
  return { ...recipe, train: { ...recipe.train, ...train } };
}

/** What the command line would tell its trainer. @throws {SkilletError} The TensorFlow that is named is none, or is damaged. */
async function engineFolders(): Promise<EngineFolders> {
  const { platform, arch, env } = process;
  const { engine, problem } = await findEngine({ platform, arch, env, home: homedir() });
  if (problem !== null) {
    throw new SkilletError(problem.code, problem.path, { message: problem.message, remedy: problem.remedy });
  }
  return { ...engine, probeFile: path.resolve(import.meta.dirname, '../../dist/probe.mjs') };
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  const isAbsent = error instanceof SkilletError && ABSENT.includes(error.code);
  process.exitCode = isAbsent ? 3 : 1;
}
