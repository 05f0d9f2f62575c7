/** `skillet export-run`: the numbers, a chart or a report of runs, as a file that needs no Skillet. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { SkilletError } from '../common/errors.ts';
import { EXPORT_FORMATS, type ExportFormat, exportRuns } from '../node/compare/exportRuns.ts';
import { writeWhole } from '../node/writeWhole.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

export async function exportRunCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      out: { type: 'string' },
      metric: { type: 'string' },
      steps: { type: 'boolean' },
    },
  });
  const folders = someRuns(positionals, 1);
  const format = formatOf(values.format, values.out);
  const content = await exportRuns(folders, {
    format,
    rows: values.steps === true ? 'steps' : 'epochs',
    version: packageJson.version,
    now: new Date(),
    ...(values.metric === undefined ? {} : { metric: values.metric }),
  });
  if (values.out === '-') {
    process.stdout.write(content);
    return EXIT.completed;
  }
  const target = path.resolve(values.out ?? defaultName(folders, format));
  // A file that was not named is never written over.
  const remedy = 'Name another file with --out.';
  if (values.out === undefined && existsSync(target)) {
    throw new SkilletError('cli-usage', target, { message: 'is there already.', remedy });
  }
  await writeWhole(target, content).catch((error: Error) => {
    throw new SkilletError('cli-usage', target, { message: `cannot be written: ${error.message}.`, remedy });
  });
  process.stdout.write(`${printable(`Wrote ${path.relative(process.cwd(), target)}`)}\n`);
  return EXIT.completed;
}

/** Run folders as they were named, each once. */
export function someRuns(positionals: readonly string[], least: number): string[] {
  const folders = [...new Set(positionals.map((name) => path.resolve(name)))];
  if (folders.length < least) {
    throw new SkilletError('cli-usage', 'run folder', {
      message: least === 1 ? 'no run folder is named.' : `${least} runs are needed, not ${folders.length}.`,
      remedy: 'See skillet runs for their folders.',
    });
  }
  return folders;
}

const defaultName = (folders: readonly string[], format: ExportFormat) =>
  `${folders.length === 1 ? path.basename(folders[0] ?? 'run') : `${folders.length}-runs`}.${format}`;

function formatOf(format: string | undefined, out: string | undefined): ExportFormat {
  const wanted = format ?? path.extname(out ?? '').slice(1);
  const known = EXPORT_FORMATS.find((name) => name === wanted);
  if (known === undefined) {
    throw new SkilletError('cli-usage', '--format', {
      message: wanted === '' ? 'is missing, and no file name says it.' : `"${wanted}" is no format.`,
      remedy: `Use ${EXPORT_FORMATS.join(', ')}; PNG pictures are saved from the page of Skillet: Compare Runs.`,
    });
  }
  return known;
}
