/** The trainer process; see `USAGE`. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatProblem, toProblem } from '../common/errors.ts';
import { CACHE_FOLDERS } from '../common/machine/cacheFolders.ts';
import { createBackends } from './backends/backends.ts';
import { createProver } from './backends/proveBackend.ts';
import { createVerdicts, NO_VERDICTS } from './backends/verdicts.ts';
import { systemClock } from './run/clock.ts';
import { trainRecipe } from './trainRecipe.ts';
import { versionsHere } from './versionsHere.ts';

const USAGE =
  'Usage: trainer <runFolder> --recipe-file <file> [--told-recipe-file <file>] [--resume] [--until-epoch <n>] [--observe] [--cores <n>] [--cache <folder>] [--tensorflow <folder>] [--module-limit <seconds>]';
/** A module that gives its model later than this probably never will. */
const MODULE_LIMIT_SECONDS = '60';
/** What a module has left running must not keep the process. */
const LINGER_MS = 2000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'recipe-file': { type: 'string' },
      'told-recipe-file': { type: 'string' },
      resume: { type: 'boolean', default: false },
      'until-epoch': { type: 'string' },
      observe: { type: 'boolean', default: false },
      cores: { type: 'string' },
      cache: { type: 'string' },
      tensorflow: { type: 'string' },
      'module-limit': { type: 'string', default: MODULE_LIMIT_SECONDS },
    },
  });
  const [runFolder] = positionals;
  const recipeFile = values['recipe-file'];
  if (runFolder === undefined || recipeFile === undefined) {
    console.error(USAGE);
    return 1;
  }
  const cacheFolder = values.cache ?? null;
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stop.abort());
  }
  const status = await trainRecipe({
    runFolder: path.resolve(runFolder),
    recipeFile: path.resolve(recipeFile),
    ...(values['told-recipe-file'] === undefined ? {} : { toldRecipeFile: values['told-recipe-file'] }),
    resume: values.resume,
    observe: values.observe,
    ...(values['until-epoch'] === undefined ? {} : { untilEpoch: Number(values['until-epoch']) }),
    datasetsFolder: cacheFolder === null ? null : path.join(cacheFolder, CACHE_FOLDERS.datasets),
    backends: createBackends({
      tensorflowFolder: values.tensorflow ?? null,
      ...(values.cores === undefined ? {} : { cores: Number(values.cores) }),
      prove: createProver({ probeFile: probeFile(), cacheFolder }),
    }),
    verdicts: cacheFolder === null ? NO_VERDICTS : createVerdicts(path.join(cacheFolder, CACHE_FOLDERS.verdicts)),
    clock: systemClock,
    signal: stop.signal,
    noticeFile: process.env.SKILLET_NOTICE_FILE || null,
    moduleLimitMs: Number(values['module-limit']) * 1000,
    writer: { skillet: skilletVersion(), pid: process.pid, host: hostname(), versions: versionsHere() },
  });
  return status === 'failed' ? 1 : 0;
}

/** Beside this file, and made like it. */
function probeFile(): string {
  const own = fileURLToPath(import.meta.url);
  return path.join(path.dirname(own), `probe${path.extname(own)}`);
}

/** The bundle lies one folder below the package's file, the source two. */
function skilletVersion(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const file = ['..', '../..'].map((up) => path.join(here, up, 'package.json')).find((found) => existsSync(found));
  const found: { version?: string } = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
  return found.version ?? 'unknown';
}

try {
  process.exitCode = await main();
  setTimeout(() => process.exit(), LINGER_MS).unref();
} catch (error) {
  console.error(formatProblem(toProblem(error, 'trainer')));
  process.exitCode = 1;
}
