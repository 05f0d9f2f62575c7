/** `skillet delete`: moves runs aside, brings them back, or removes them for good. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import { formatAge } from '../common/format.ts';
import { RUNS_FOLDER } from '../common/run/runFolder.ts';
import { deleteRuns, emptyDeletions, listDeletions, restoreRuns } from '../node/deletedRuns.ts';
import { foldersBelow } from './listCommands.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

const options = { undo: { type: 'boolean' }, empty: { type: 'boolean' } } as const;

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

export async function deleteCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.undo === true && values.empty === true) {
    throw new SkilletError('cli-usage', '--undo', {
      message: 'and --empty are both given.',
      remedy: 'Give one of them.',
    });
  }
  if (values.undo === true || values.empty === true) {
    const runsFolders = await foldersBelow(path.resolve(positionals[0] ?? '.'), RUNS_FOLDER);
    return values.undo === true ? undo(runsFolders) : empty(runsFolders);
  }
  if (positionals.length === 0) {
    throw new SkilletError('cli-usage', 'run folder', {
      message: 'is missing.',
      remedy: 'Name one or more run folders; see skillet runs.',
    });
  }
  const { runFolders } = await deleteRuns(positionals, new Date());
  for (const runFolder of runFolders) {
    print(`Deleted ${path.relative(process.cwd(), runFolder)}`);
  }
  const parent = path.relative(process.cwd(), path.dirname(runFolders[0] ?? '.'));
  print(`To bring back: skillet delete --undo ${parent === '' ? '.' : parent}`);
  return EXIT.completed;
}

async function undo(runsFolders: readonly string[]): Promise<number> {
  const [latest] = await listDeletions(runsFolders);
  if (latest === undefined) {
    print('No deleted runs are kept here.');
    return EXIT.completed;
  }
  await restoreRuns(latest);
  const age = formatAge(Date.now() - latest.deletedAtMs);
  for (const runFolder of latest.runFolders) {
    print(`Brought back ${path.relative(process.cwd(), runFolder)}, deleted ${age}`);
  }
  return EXIT.completed;
}

async function empty(runsFolders: readonly string[]): Promise<number> {
  const count = await emptyDeletions(runsFolders, { now: new Date(), keptMs: 0 });
  print(`${count} deleted run${count === 1 ? '' : 's'} removed for good`);
  return EXIT.completed;
}
