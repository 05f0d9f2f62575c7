/** The process of a study; see `USAGE`. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatProblem, toProblem } from '../../common/errors.ts';
import { STUDY_FILES } from '../../common/study/studyFolder.ts';
import { runStudy } from './runStudy.ts';
import { openCommands } from './studyCommands.ts';

const USAGE =
  'Usage: study <studyFolder> --recipe-file <file> --trainer <file> --cache <folder> [--tensorflow <folder>] [--resume]';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'recipe-file': { type: 'string' },
      trainer: { type: 'string' },
      cache: { type: 'string' },
      tensorflow: { type: 'string' },
      resume: { type: 'boolean', default: false },
    },
  });
  const [studyFolder] = positionals;
  const { 'recipe-file': recipeFile, trainer, cache } = values;
  if (studyFolder === undefined || recipeFile === undefined || trainer === undefined || cache === undefined) {
    console.error(USAGE);
    return 1;
  }
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stop.abort());
  }
  const folder = path.resolve(studyFolder);
  const status = await runStudy({
    studyFolder: folder,
    recipeFile: path.resolve(recipeFile),
    isResumed: values.resume,
    trainerFile: path.resolve(trainer),
    execPath: process.execPath,
    engine: { cacheFolder: cache, tensorflowFolder: values.tensorflow ?? null },
    cores: availableParallelism(),
    now: () => new Date(),
    commands: await openCommands(path.join(folder, STUDY_FILES.control)),
    signal: stop.signal,
    writer: { skillet: skilletVersion(), pid: process.pid, host: hostname() },
  });
  return status === 'failed' ? 1 : 0;
}

/** The bundle lies one folder below the package's file, the source three. */
function skilletVersion(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const file = ['..', '../../..'].map((up) => path.join(here, up, 'package.json')).find((found) => existsSync(found));
  const found: { version?: string } = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
  return found.version ?? 'unknown';
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(formatProblem(toProblem(error, 'study')));
  process.exitCode = 1;
}
