/** A folder with a recipe that trains in a moment, for tests of everything around the trainer. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** 40 rows of y = 2a - b + 1. */
export const tinyCsv = [
  'a,b,y',
  ...Array.from({ length: 40 }, (_, index) => {
    const [a, b] = [index % 7, (index * 3) % 5];
    return `${a},${b},${2 * a - b + 1}`;
  }),
  '',
].join('\n');

export const tinyRecipe = `name: Tiny
params: { units: 4 }
data: { csv: tiny.csv, target: y, test: { rows: 8 } }
model:
  - dense: { units: $units, activation: relu }
  - dense: { units: 1 }
train: { loss: meanSquaredError, metrics: [rmse], batchSize: 8, epochs: 3, device: cpu }
`;

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
