/** `skillet restore`: puts a run's recipe back into its recipe file, after it has shown what would change. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { lineDiff, nearChanges } from '../common/compare/lineDiff.ts';
import { SkilletError } from '../common/errors.ts';
import { readRunRecipe } from '../node/compare/readCompared.ts';
import { readRunEpochs } from '../node/readRun.ts';
import { writeWhole } from '../node/writeWhole.ts';
import { printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

/** Without `--force` a recipe file that is there is left as it is: the terminal cannot undo. */
export async function restoreCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { force: { type: 'boolean' }, out: { type: 'string' } },
  });
  const runFolder = path.resolve(only(positionals, 'run folder'));
  const wanted = await readRunRecipe(runFolder);
  const file = path.resolve(values.out ?? (await recipeFileOf(runFolder)));
  const name = path.relative(process.cwd(), file) || file;
  const now = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return null;
    }
    throw unreadable(file, error);
  });
  if (now === wanted) {
    print(`${name} is the run's recipe already.`);
    return EXIT.completed;
  }
  if (now !== null) {
    printDiff(now, wanted, name);
  }
  if (now !== null && values.force !== true) {
    print('Nothing was changed. --force puts the lines marked + in place of those marked -.');
    return EXIT.refused;
  }
  await writeWhole(file, wanted).catch((error: Error) => {
    throw new SkilletError('recipe-unwritable', file, {
      message: `cannot be written: ${error.message}.`,
      remedy: 'Check the folder and its rights, or name another file with --out.',
    });
  });
  print(`${now === null ? 'Made' : 'Restored'} ${name}.`);
  return EXIT.completed;
}

async function recipeFileOf(runFolder: string): Promise<string> {
  const { recipeFile } = await readRunEpochs(runFolder);
  if (recipeFile === null) {
    throw new SkilletError('run-unreadable', runFolder, {
      message: 'has not begun, so it does not say which recipe file it is of.',
      remedy: 'Name the file with --out.',
    });
  }
  return recipeFile;
}

function printDiff(now: string, wanted: string, name: string): void {
  print(`--- ${name}, as it is`);
  print(`+++ ${name}, as the run has it`);
  const marks = { same: ' ', removed: '-', added: '+' } as const;
  for (const line of nearChanges(lineDiff(now, wanted))) {
    print(line === null ? '  …' : `${marks[line.kind]} ${line.text}`);
  }
}

function unreadable(file: string, error: Error): SkilletError {
  return new SkilletError('recipe-unreadable', file, {
    message: `cannot be read: ${error.message}.`,
    remedy: 'Check the path.',
  });
}
