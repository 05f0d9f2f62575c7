/** What a forked run was made with. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { parseRecipe } from '../../common/recipe/parse.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import { FORK_FILES, type ForkFile, parseForkFile } from '../../common/run/forkFile.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';

export interface ForkSource {
  readonly file: ForkFile;
  /** Of the other run, as it was trained. */
  readonly recipe: Recipe;
  /** Where its checkpoint lies, if it has one. */
  readonly checkpoints: string;
}

/**
 * @returns Null for a run that is no fork.
 * @throws {SkilletError} `run-checkpoint`: it is one, but what it was made with is damaged.
 */
export function readFork(runFolder: string): ForkSource | null {
  const folder = path.join(runFolder, RUN_FILES.fork);
  if (!existsSync(folder)) {
    return null;
  }
  const read = (name: string) => {
    try {
      return readFileSync(path.join(folder, name), 'utf8');
    } catch {
      return '';
    }
  };
  const file = parseForkFile(read(FORK_FILES.fork));
  const { recipe } = parseRecipe(read(FORK_FILES.recipe));
  if (file === null || recipe === null) {
    throw damagedFork(folder);
  }
  return { file, recipe, checkpoints: path.join(folder, FORK_FILES.checkpoints) };
}

export function damagedFork(folder: string): SkilletError {
  return new SkilletError('run-checkpoint', folder, {
    message: 'What the fork was made with is damaged.',
    remedy: 'Fork the other run again.',
  });
}
