/** `skillet annotate`: star, tags, note and archive of runs. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import { type AnnotationChange, parseTags, type RunAnnotations } from '../common/run/annotations.ts';
import { annotateRun, readAnnotations } from '../node/annotateRun.ts';
import { summarizeRun } from '../node/listRuns.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

const options = {
  star: { type: 'boolean' },
  unstar: { type: 'boolean' },
  archive: { type: 'boolean' },
  unarchive: { type: 'boolean' },
  tag: { type: 'string', multiple: true },
  untag: { type: 'string', multiple: true },
  note: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

export async function annotateCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const runFolders = positionals.map((folder) => path.resolve(folder));
  if (runFolders.length === 0) {
    throw new SkilletError('cli-usage', 'run folder', {
      message: 'is missing.',
      remedy: 'Name one or more run folders; see skillet runs.',
    });
  }
  const change = toChange(values);
  for (const runFolder of runFolders) {
    // Without a change they are only told.
    const said = Object.keys(change).length === 0 ? await readOnly(runFolder) : await annotateRun(runFolder, change);
    const text =
      values.json === true ? JSON.stringify({ runFolder, ...said }) : `${path.basename(runFolder)}: ${words(said)}`;
    process.stdout.write(`${printable(text)}\n`);
  }
  return EXIT.completed;
}

function toChange(values: Values): AnnotationChange {
  const { note, tag, untag } = values;
  const starred = either(values.star, values.unstar, 'star');
  const archived = either(values.archive, values.unarchive, 'archive');
  return {
    ...(starred === undefined ? {} : { starred }),
    ...(archived === undefined ? {} : { archived }),
    ...(note === undefined ? {} : { note }),
    ...(tag === undefined ? {} : { addTags: tag.flatMap(parseTags) }),
    ...(untag === undefined ? {} : { removeTags: untag.flatMap(parseTags) }),
  };
}

function either(yes: boolean | undefined, no: boolean | undefined, name: string): boolean | undefined {
  if (yes === true && no === true) {
    throw new SkilletError('cli-usage', `--${name}`, {
      message: `and --un${name} are both given.`,
      remedy: 'Give one of them.',
    });
  }
  return yes === true ? true : no === true ? false : undefined;
}

async function readOnly(runFolder: string): Promise<RunAnnotations> {
  if ((await summarizeRun(runFolder)) === null) {
    throw new SkilletError('run-unreadable', runFolder, { message: 'is no run.', remedy: 'See skillet runs.' });
  }
  return readAnnotations(runFolder);
}

function words({ starred, tags, note, archived }: RunAnnotations): string {
  const parts = [
    starred ? 'starred' : '',
    tags.map((tag) => `#${tag}`).join(' '),
    archived ? 'archived' : '',
    note === '' ? '' : `"${note}"`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'no star, tag or note' : parts.join(', ');
}
