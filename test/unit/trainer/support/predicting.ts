/** Trains small runs and predicts rows with what they leave, in this process. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { predictFile } from '../../../../src/trainer/predict/predictFile.ts';
import { readModelFolder } from '../../../../src/trainer/predict/readModelFolder.ts';
import { startBackend } from './startBackend.ts';
import { makeRun, type TestRun } from './testRun.ts';

export interface Predicting {
  readonly run: TestRun;
  /** Of the run and its recipe. */
  readonly folder: string;
  /** Fields of each line of the predictions, the header first. */
  predict(csv: string | Uint8Array, name?: string): Promise<string[][]>;
  /** What was left beside the rows. */
  leftovers(): string[];
}

/** @param others Text of more files beside the recipe, by name. */
export async function trained(
  t: TestContext,
  recipe: string,
  csv: string,
  others: Readonly<Record<string, string>> = {},
): Promise<Predicting> {
  const run = makeRun(t, recipe, csv);
  for (const [name, text] of Object.entries(others)) {
    writeFileSync(path.join(path.dirname(run.folder), name), text);
  }
  const status = await run.train();
  if (status !== 'completed') {
    throw new Error(`The run ${status}: ${run.events().at(-1) && JSON.stringify(run.events().at(-1))}`);
  }
  const folder = path.dirname(run.folder);
  await startBackend('wasm');
  return {
    run,
    folder,
    async predict(rows, name = 'rows.csv') {
      const rowsFile = path.join(folder, name);
      const outFile = path.join(folder, 'predictions.csv');
      writeFileSync(rowsFile, rows);
      const loaded = await readModelFolder(run.folder);
      try {
        await predictFile(loaded, { rowsFile, outFile, format: 'csv' });
      } finally {
        loaded.model.dispose();
      }
      return toCells(readFileSync(outFile, 'utf8'));
    },
    leftovers: () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('predictions')) : []),
  };
}

/** For files without quotes. */
export const toCells = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
