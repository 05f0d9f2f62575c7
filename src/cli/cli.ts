/** The command line: `skillet <command>`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import type { JobRef } from '../common/cloud/job.ts';
import { formatProblem, type Problem, SkilletError, toProblem } from '../common/errors.ts';
import { STUDY_FILES } from '../common/study/studyFolder.ts';
import { RefusedRecipe } from '../node/createRun.ts';
import { controlRun } from '../node/jobs/controlRun.ts';
import { readRun } from '../node/readRun.ts';
import { sendControl } from '../node/sendControl.ts';
import { summarizeStudy } from '../node/study/listStudies.ts';
import { sendStudyControl } from '../node/study/sendStudyControl.ts';
import { annotateCommand } from './annotateCommand.ts';
import { capsuleCommand, verifyCommand } from './capsuleCommands.ts';
import { cloudCommands } from './cloud/cloudCommands.ts';
import { compareCommand } from './compareCommand.ts';
import { Cancelled } from './datasetHere.ts';
import { deleteCommand } from './deleteCommand.ts';
import { doctorCommand } from './doctorCommand.ts';
import { exportCommand } from './exportCommand.ts';
import { exportRunCommand } from './exportRunCommand.ts';
import { fetchCommand } from './fetchCommand.ts';
import { forkCommand } from './forkCommand.ts';
import { checkCommand, runsCommand, showCommand } from './listCommands.ts';

import { importCommand } from './modelCommands.ts';
import { newCommand } from './newCommand.ts';
import { predictCommand } from './predictCommand.ts';
import { restoreCommand } from './restoreCommand.ts';
import { setupCommand } from './setupCommand.ts';
import { studiesCommand } from './studiesCommand.ts';
import { printable } from './table.ts';
import { only, resumeCommand, trainCommand } from './trainCommand.ts';
import { tuneCommand } from './tuneCommand.ts';
import { COMMANDS, EXIT, overview } from './usage.ts';

const here = import.meta.dirname ?? __dirname;
const trainerFile = path.join(here, 'trainer.mjs');
const studyFile = path.join(here, 'study.mjs');
const predictFile = path.join(here, 'predict.mjs');
const importFile = path.join(here, 'importModel.mjs');
const probeFile = path.join(here, 'probe.mjs');
const kerasFile = path.join(here, 'keras.mjs');

const commands: Record<string, (args: string[]) => Promise<number>> = {
  train: (args) => trainCommand(args, trainerFile),
  resume: (args) => resumeCommand(args, trainerFile),
  fork: (args) => forkCommand(args, trainerFile),
  stop: (args) => controlCommand(args, 'stop'),
  pause: (args) => controlCommand(args, 'pause'),
  step: stepCommand,
  continue: (args) => controlCommand(args, 'resume'),
  tune: (args) => tuneCommand(args, { studyFile, trainerFile }),
  studies: studiesCommand,
  runs: runsCommand,
  annotate: annotateCommand,
  delete: deleteCommand,
  show: showCommand,
  compare: compareCommand,
  restore: restoreCommand,
  'export-run': exportRunCommand,
  check: checkCommand,
  capsule: capsuleCommand,
  verify: (args) => verifyCommand(args, trainerFile),
  export: (args) => exportCommand(args, kerasFile),
  fetch: fetchCommand,
  import: (args) => importCommand(args, { importFile, kerasFile }),
  predict: (args) => predictCommand(args, predictFile),
  new: newCommand,
  setup: (args) => setupCommand(args, probeFile),
  doctor: (args) => doctorCommand(args, probeFile),
  ...cloudCommands(here),
};

async function controlCommand(args: string[], type: 'stop' | 'pause' | 'resume'): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const runFolder = path.resolve(only(positionals, 'run folder'));
  if (existsSync(path.join(runFolder, STUDY_FILES.events))) {
    return controlStudy(runFolder, type);
  }
  const run = await readRun(runFolder);
  if (run.recipeFile === null || run.end !== null) {
    throw new SkilletError('run-unreadable', runFolder, {
      message: run.end === null ? 'is no run, or has not begun.' : `has ended (${run.end.status}).`,
      remedy: 'See skillet runs.',
    });
  }
  await controlRun(runFolder, type, { now: new Date(), passStopOn: async (job) => tellOfJob(job) });
  return EXIT.completed;
}

/** Nobody may be following it now, and it goes on costing until its provider is told. */
function tellOfJob({ id, region }: JobRef): void {
  process.stderr.write(
    `The job ${id} trains this run: it is stopped as soon as a window or a terminal follows it. At once: skillet job stop ${id} --region ${region}\n`,
  );
}

async function stepCommand(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const runFolder = path.resolve(only(positionals, 'run folder'));
  const { status, pausedBecause } = await readRun(runFolder);
  if (status !== 'paused' || pausedBecause !== null) {
    const why = pausedBecause === null ? `is not paused (${status}).` : 'waits because the disk is full.';
    throw new SkilletError('run-unreadable', runFolder, {
      message: why,
      remedy: pausedBecause === null ? 'Pause it first: skillet pause.' : 'Free some space.',
    });
  }
  await sendControl(runFolder, 'step', new Date());
  return EXIT.completed;
}

async function controlStudy(studyFolder: string, type: 'stop' | 'pause' | 'resume'): Promise<number> {
  const { status } = (await summarizeStudy(studyFolder)) ?? { status: 'interrupted' };
  if (status !== 'running' && status !== 'starting') {
    throw new SkilletError('study-unreadable', studyFolder, {
      message: `is not at work (${status}).`,
      remedy: 'See skillet studies.',
    });
  }
  await sendStudyControl(studyFolder, type, new Date());
  return EXIT.completed;
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${overview(packageJson.version)}\n`);
    return EXIT.completed;
  }
  if (name === '--version') {
    process.stdout.write(`${packageJson.version}\n`);
    return EXIT.completed;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new SkilletError('cli-usage', name, {
      message: 'is no command.',
      remedy: `Commands: ${Object.keys(commands).join(', ')}.`,
    });
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${COMMANDS[name]?.help ?? ''}\n`);
    return EXIT.completed;
  }
  return command(rest);
}

/** parseArgs' own errors are about the options; anything else that is not ours is a bug and keeps its stack. */
function toProblems(error: unknown): { problems: readonly Problem[]; file?: string } {
  if (error instanceof RefusedRecipe) {
    return { problems: error.problems, file: error.recipeFile };
  }
  if (error instanceof Error && (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true) {
    return {
      problems: [
        {
          code: 'cli-usage',
          path: 'options',
          // Of several sentences the first; the others are about arguments that begin with a hyphen.
          message: error.message.replace(/(?<=')\. To specify .*$/s, '').replace(/\.?$/, '.'),
          remedy: `See skillet ${Object.hasOwn(COMMANDS, process.argv[2] ?? '') ? process.argv[2] : '<command>'} --help.`,
        },
      ],
    };
  }
  return { problems: [toProblem(error, 'skillet')] };
}

// The reader of a pipe may leave first (`skillet train … | head`): a run goes on without it, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(EXIT.interrupted);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Cancelled) {
    process.stderr.write(`\n${error.message}\n`);
    process.exit(EXIT.interrupted);
  }
  const { problems, file } = toProblems(error);
  for (const problem of problems) {
    const text = formatProblem(problem, file === undefined ? undefined : path.relative(process.cwd(), file));
    process.stderr.write(`${printable(text)}\n`);
  }
  const isOurFault = problems.some(({ code }) => code === 'internal');
  if (isOurFault && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.exitCode = isOurFault ? EXIT.failed : EXIT.refused;
}
