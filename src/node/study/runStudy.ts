/** A study from its first trial to its last: begins trials, lets them go on or not, and writes what becomes of them. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError, toProblem } from '../../common/errors.ts';
import { parseRecipe } from '../../common/recipe/parse.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { TuneSettings } from '../../common/recipe/tune.ts';
import { planStudy } from '../../common/study/planStudy.ts';
import { emptyStudy, reduceStudy, type StudyState } from '../../common/study/reduceStudy.ts';
import { gridAxes } from '../../common/study/searchSpace.ts';
import { STUDY_FORMAT_VERSION, type StudyEnd } from '../../common/study/studyEvents.ts';
import { STUDY_FILES, trialFolder } from '../../common/study/studyFolder.ts';
import type { Engine } from '../runtime/findEngine.ts';
import { createFailureWatch } from './failureWatch.ts';
import { nextMove } from './nextMove.ts';
import { readStudy } from './readStudy.ts';
import { recoverTrials } from './recoverTrials.ts';
import type { StudyWord } from './studyCommands.ts';
import { type NewStudyEvent, openStudyLog } from './studyLog.ts';
import { createTrialRunner, type StudyParts, type TrialRunner } from './trialRunner.ts';

export interface StudyOptions {
  readonly studyFolder: string;
  /** The recipe that was asked for; data paths are relative to its folder. */
  readonly recipeFile: string;
  readonly isResumed: boolean;
  readonly trainerFile: string;
  readonly execPath: string;
  readonly engine: Engine;
  /** Of this machine's processor. */
  readonly cores: number;
  readonly now: () => Date;
  /** Commands since the last call. */
  readonly commands: () => Promise<StudyWord[]>;
  /** Aborted to stop politely. */
  readonly signal: AbortSignal;
  readonly writer: { readonly skillet: string; readonly pid: number; readonly host: string };
}

/** How often it is looked whether somebody wants something. */
const LOOK_MS = 250;

/** @throws {SkilletError} `run-folder`: the events cannot be written. `study-unreadable`. Any other fault ends in a `studyEnd`. */
export async function runStudy(options: StudyOptions): Promise<StudyEnd['status']> {
  const { studyFolder, recipeFile, writer } = options;
  const study = options.isResumed ? await readStudy(studyFolder) : emptyStudy();
  const log = openStudyLog(path.join(studyFolder, STUDY_FILES.events), options.now);
  const write = (event: NewStudyEvent) => {
    reduceStudy(study, log.write(event));
  };
  try {
    write({ type: 'studyLaunch', version: STUDY_FORMAT_VERSION, recipeFile, ...writer });
    const parts = await prepare(options, study, write);
    const end = await conduct(parts, options);
    write({ type: 'studyEnd', ...end, best: study.best });
    return end.status;
  } catch (error) {
    if (error instanceof SkilletError && error.code === 'run-folder') {
      throw error;
    }
    const problem = toProblem(error, 'study');
    if (problem.code === 'internal') {
      console.error(error); // The stack goes to study.log, for the report.
    }
    write({ type: 'studyEnd', status: 'failed', message: `${problem.path}: ${problem.message}`, best: study.best });
    return 'failed';
  } finally {
    log.close();
  }
}

async function prepare(
  options: StudyOptions,
  study: StudyState,
  write: (event: NewStudyEvent) => void,
): Promise<StudyParts> {
  const text = await readFile(path.join(options.studyFolder, STUDY_FILES.recipe), 'utf8');
  const { recipe, tune } = readTunable(text);
  const plan = planStudy(recipe, tune, options.cores);
  if (study.start === null) {
    write({ type: 'studyStart', ...plan });
  }
  const start = study.start ?? { type: 'studyStart' as const, at: '', ...plan };
  return {
    options,
    study,
    start,
    write,
    recipe,
    text,
    isParallelGiven: tune.parallel !== undefined,
    search: {
      algorithm: start.algorithm,
      space: start.space,
      goal: start.objective.goal,
      seed: start.seed,
      axes: start.algorithm === 'grid' ? gridAxes(tune) : {},
    },
  };
}

function readTunable(text: string): { recipe: Recipe; tune: TuneSettings } {
  const { recipe, problems } = parseRecipe(text);
  if (recipe?.tune === undefined) {
    const [first] = problems;
    throw new SkilletError(first?.code ?? 'recipe-missing-key', first?.path ?? 'tune', {
      message: first?.message ?? 'is missing.',
      remedy: 'Start the study again from its recipe.',
    });
  }
  return { recipe, tune: recipe.tune };
}

async function conduct(parts: StudyParts, options: StudyOptions): Promise<Pick<StudyEnd, 'status' | 'message'>> {
  const { study, start } = parts;
  const failures = createFailureWatch();
  const runner = createTrialRunner(parts, failures);
  const cutOff = await recover(parts, runner);
  let wish: 'run' | 'pause' | 'stop' = 'run';
  const mayGoOn = () => wish === 'run' && failures.verdict() === null;
  for (;;) {
    while (mayGoOn() && runner.active().size < runner.limit()) {
      const move = nextMove(study, runner.active(), cutOff);
      if (move.kind === 'wait') {
        break;
      }
      cutOff.delete(move.trial);
      await runner.make(move);
    }
    if (runner.active().size === 0 && wish !== 'pause') {
      break;
    }
    await runner.wait(LOOK_MS);
    wish = (await options.commands()).reduce(obey, options.signal.aborted ? 'stop' : wish);
    const isOver = wish === 'stop' || failures.verdict() !== null;
    await runner.ask(isOver ? 'stop' : wish === 'pause' ? 'pause' : 'resume');
  }
  const failure = failures.verdict();
  if (wish === 'stop' || failure !== null) {
    endWaiting(parts, runner);
  }
  return describeEnd(study, start, { isStopped: wish === 'stop', failure });
}

/** Trials that wait at a rung when a study is stopped; a resumed one finds them there. */
function endWaiting({ study, write }: StudyParts, runner: TrialRunner): void {
  for (const { number, value, epochs } of study.trials.filter(({ status }) => status === 'running')) {
    const message = `Was waiting after ${epochs} epochs when the study ended.`;
    write({
      type: 'trialEnd',
      trial: number,
      status: 'stopped',
      value,
      epochs,
      durationMs: runner.spentMs(number),
      message,
    });
  }
}

/** A stop cannot be taken back. */
function obey(wish: 'run' | 'pause' | 'stop', word: StudyWord): 'run' | 'pause' | 'stop' {
  return wish === 'stop' || word === 'stop' ? 'stop' : word === 'pause' ? 'pause' : 'run';
}

/** Trials that were under way when an earlier process of this study ended: those whose trainer lives are followed, the others go on. */
async function recover({ options, study, start }: StudyParts, runner: TrialRunner): Promise<Set<number>> {
  if (!options.isResumed) {
    return new Set();
  }
  // A folder without its event was made by a process that was killed in between; no trainer was started for it.
  const next = (study.trials.at(-1)?.number ?? 0) + 1;
  await rm(path.join(options.studyFolder, trialFolder(next)), { recursive: true, force: true });
  const { backend, alive, ended, cutOff } = await recoverTrials(study, start, options.studyFolder);
  if (backend !== null) {
    runner.learnBackend(backend);
  }
  for (const { trial, run } of ended) {
    await runner.settle(trial, { kind: 'ended', run });
  }
  for (const { trial, pid } of alive) {
    runner.attach(trial, pid);
  }
  return cutOff;
}

function describeEnd(
  { trials, best }: StudyState,
  start: StudyParts['start'],
  { isStopped, failure }: { readonly isStopped: boolean; readonly failure: string | null },
): Pick<StudyEnd, 'status' | 'message'> {
  const count = (status: string) => trials.filter((trial) => trial.status === status).length;
  const failed = count('failed');
  if (failure !== null) {
    return { status: 'failed', message: failure };
  }
  if (isStopped) {
    return {
      status: 'stopped',
      message: `Stopped by you after ${count('completed') + count('halted') + failed} of ${start.trials} trials.`,
    };
  }
  if (best === null) {
    const [first] = trials.filter(({ message }) => message !== '');
    return { status: 'failed', message: `No trial gave a value${first === undefined ? '.' : `: ${first.message}`}` };
  }
  const others = [
    ...(count('halted') > 0 ? [`${count('halted')} let go early`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(count('stopped') > 0 ? [`${count('stopped')} stopped by you`] : []),
  ];
  return {
    status: 'completed',
    message: `${trials.length} trials done${others.length > 0 ? `, ${others.join(', ')}` : ''}.`,
  };
}
