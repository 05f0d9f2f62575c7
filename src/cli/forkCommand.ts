/** `skillet fork`: goes on from an epoch of another run, with other parameters. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { forkRun } from '../node/forkRun.ts';
import { startTrainer } from '../node/startTrainer.ts';
import { fetchDatasetHere } from './datasetHere.ts';
import { engineHere } from './engineHere.ts';
import { follow, only, toParams, viewOptions, wholeNumber } from './trainCommand.ts';

/** @param trainerFile The trainer's bundle. */
export async function forkCommand(args: string[], trainerFile: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...viewOptions, epoch: { type: 'string' }, set: { type: 'string', multiple: true } },
  });
  const parentFolder = path.resolve(only(positionals, 'run folder'));
  const now = new Date();
  const { runFolder, recipeFile } = await forkRun({
    parentFolder,
    epoch: wholeNumber('--epoch', values.epoch ?? ''),
    set: toParams('--set', values.set ?? []),
    now,
    prepareDataset: async (name) => {
      await fetchDatasetHere(name, { isQuiet: values.quiet === true || values.json === true });
    },
  });
  const engine = await engineHere();
  const { pid } = await startTrainer({ runFolder, recipeFile, trainerFile, execPath: process.execPath, engine });
  return follow({ runFolder, pid, since: now }, values);
}
