/** A folder with a recipe that trains in a moment, for tests of everything around the trainer. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { tinyCsv, tinyRecipe } from './tinyText.ts';

/** An empty folder that goes away with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'skillet-test-')));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Gives the recipe's path; its folder goes away with the test. */
export function writeTinyRecipe(t: TestContext, part: { recipe?: string; csv?: string } = {}): string {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'tiny.recipe.yaml');
  writeFileSync(file, part.recipe ?? tinyRecipe);
  writeFileSync(path.join(folder, 'tiny.csv'), part.csv ?? tinyCsv);
  return file;
}
