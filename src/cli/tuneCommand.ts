/** `skillet tune`: starts a study or goes on with one, and follows it. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import type { StudyState } from '../common/study/reduceStudy.ts';
import { STUDY_FILES } from '../common/study/studyFolder.ts';
import { isStudyAlive } from '../node/study/readStudy.ts';
import { sendStudyControl } from '../node/study/sendStudyControl.ts';
import { resumeStudy, type StartedStudy, type StudyPrograms, startStudy } from '../node/study/startStudy.ts';
import { tailStudy } from '../node/study/tailStudy.ts';
import { engineHere } from './engineHere.ts';
import { createScreen } from './screen.ts';
import { closingLines, createStudyView } from './studyView.ts';
import { printable } from './table.ts';
import { only, wholeNumber } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const options = {
  trials: { type: 'string' },
  parallel: { type: 'string' },
  seed: { type: 'string' },
  config: { type: 'string' },
  resume: { type: 'string' },
  json: { type: 'boolean' },
  detach: { type: 'boolean' },
} as const;

type Values = { readonly [K in keyof typeof options]?: (K extends 'json' | 'detach' ? boolean : string) | undefined };

export type Bundles = Pick<StudyPrograms, 'studyFile' | 'trainerFile'>;

export async function tuneCommand(args: string[], bundles: Bundles): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const started = await start(values, positionals, bundles);
  for (const note of started.notes) {
    process.stderr.write(`${printable(`Note: ${note}`)}\n`);
  }
  if (values.detach === true) {
    process.stdout.write(`${started.studyFolder}\n`);
    return EXIT.completed;
  }
  return follow(started, values.json === true);
}

async function start(values: Values, positionals: string[], bundles: Bundles): Promise<StartedStudy> {
  const { resume, trials, parallel, seed, config } = values;
  if (resume !== undefined) {
    refuseBeside(values, positionals);
    const studyFolder = path.resolve(resume);
    return resumeStudy({ studyFolder, ...bundles, execPath: process.execPath, engine: await engineHere() });
  }
  const recipeFile = path.resolve(only(positionals, 'recipe'));
  const cloudFile = config === undefined ? null : path.resolve(config);
  return startStudy({
    recipeFile,
    overrides: {
      ...(trials === undefined ? {} : { trials: wholeNumber('--trials', trials) }),
      ...(parallel === undefined ? {} : { parallel: wholeNumber('--parallel', parallel) }),
      ...(seed === undefined ? {} : { seed: wholeNumber('--seed', seed) }),
    },
    ...(cloudFile === null ? {} : { cloud: { file: cloudFile, text: await readConfig(cloudFile) } }),
    now: new Date(),
    ...bundles,
    execPath: process.execPath,
    engine: await engineHere(),
  });
}

/** A study that goes on does what it was begun with. */
function refuseBeside(values: Values, positionals: readonly string[]): void {
  const other = (['trials', 'parallel', 'seed', 'config'] as const).find((name) => values[name] !== undefined);
  if (other !== undefined || positionals.length > 0) {
    throw new SkilletError('cli-usage', other === undefined ? 'recipe' : `--${other}`, {
      message: 'cannot be given beside --resume: the study goes on with what it was begun with.',
      remedy: 'Leave it out, or start a new study.',
    });
  }
}

function readConfig(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new SkilletError('tuning-file', file, {
      message: `cannot be read: ${error.message}.`,
      remedy: 'Check the path behind --config.',
    });
  });
}

/** How often it is asked whether a silent study still lives. */
const ALIVE_MS = 1000;

async function follow({ studyFolder, pid }: StartedStudy, isJson: boolean): Promise<number> {
  const over = new AbortController();
  const silent = { line: () => undefined, redraw: () => undefined, isTerminal: false, columns: 80 };
  const screen = createScreen(process.stdout);
  const view = createStudyView(isJson ? silent : screen);
  const release = onInterrupt(studyFolder, over);
  const alive = watchProcess(studyFolder, pid, over);
  try {
    await tailStudy(studyFolder, {
      signal: over.signal,
      onEvents(events) {
        view.add(events);
        if (isJson) {
          process.stdout.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
        }
        if (view.study.end !== null && view.study.process?.pid === pid) {
          over.abort('ended');
        }
      },
    });
  } finally {
    clearInterval(alive);
    release();
  }
  const reason = String(over.signal.reason);
  if (!isJson && reason === 'ended') {
    screen.redraw('');
    closingLines(view.study, studyFolder).forEach((line) => {
      screen.line(printable(line));
    });
  }
  return toExitCode(view.study, reason, studyFolder);
}

/** First Ctrl+C: a polite stop. Second: this terminal leaves, the study goes on. */
function onInterrupt(studyFolder: string, over: AbortController): () => void {
  let count = 0;
  const interrupt = () => {
    count += 1;
    if (count > 1) {
      over.abort('left');
      return;
    }
    process.stderr.write('\nStopping: trials end at their next step. Ctrl+C again leaves the study going.\n');
    sendStudyControl(studyFolder, 'stop', new Date()).catch(() => over.abort('left'));
  };
  process.on('SIGINT', interrupt);
  return () => process.off('SIGINT', interrupt);
}

function watchProcess(studyFolder: string, pid: number, over: AbortController): NodeJS.Timeout {
  let wasGone = false;
  const look = async () => {
    const isGone = (await isStudyAlive({ pid, host: hostname() }, studyFolder)) === false;
    // Its last words may still be on the way through the file: only a second look without an end counts.
    if (isGone && wasGone) {
      over.abort('died');
    }
    wasGone = isGone;
  };
  return setInterval(() => void look(), ALIVE_MS);
}

async function toExitCode(study: StudyState, reason: string, studyFolder: string): Promise<number> {
  if (reason === 'left') {
    process.stderr.write(`The study goes on in ${studyFolder}\n`);
    return EXIT.interrupted;
  }
  if (reason === 'died' || study.end === null) {
    const log = await readFile(path.join(studyFolder, STUDY_FILES.log), 'utf8').catch(() => '');
    const lines = log.trimEnd().split('\n').slice(-10).map(printable).join('\n');
    process.stderr.write(
      `The study ended without a word (study-died). ${lines === '' ? '' : `Its last lines:\n${lines}\n`}Go on with: skillet tune --resume ${studyFolder}\n`,
    );
    return EXIT.failed;
  }
  return EXIT[study.end.status];
}
