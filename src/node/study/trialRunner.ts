/** Runs the trials of a study: starts their trainers, follows them, and writes how each stretch ended. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toProblem } from '../../common/errors.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import { emptyRun, type RunState } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { StudyState, TrialState } from '../../common/study/reduceStudy.ts';
import type { StudyStart, TrialEnd } from '../../common/study/studyEvents.ts';
import { trialFolder } from '../../common/study/studyFolder.ts';
import { toTrialText } from '../../common/study/tuneText.ts';
import { createRun, RefusedRecipe } from '../createRun.ts';
import { isTrainerAlive } from '../isTrainerAlive.ts';
import { sendControl } from '../sendControl.ts';
import { startTrainer } from '../startTrainer.ts';
import type { Point } from './encodePoint.ts';
import type { FailureWatch } from './failureWatch.ts';
import { followTrial, objectiveOf, type TrialStretch } from './followTrial.ts';
import type { Move } from './nextMove.ts';
import { observe } from './observe.ts';
import type { StudyOptions } from './runStudy.ts';
import type { NewStudyEvent } from './studyLog.ts';
import { type Search, suggest } from './suggest.ts';

/** What the parts of a running study share. */
export interface StudyParts {
  readonly options: StudyOptions;
  /** Grows with every event that is written. */
  readonly study: StudyState;
  readonly start: StudyStart;
  readonly write: (event: NewStudyEvent) => void;
  readonly recipe: Recipe;
  /** The study's own copy of the recipe. */
  readonly text: string;
  /** Whether somebody said how many trials run at a time. */
  readonly isParallelGiven: boolean;
  readonly search: Search;
}

export interface TrialRunner {
  /** Numbers of the trials that run. */
  active(): ReadonlySet<number>;
  /** How many may run at a time. */
  limit(): number;
  make(move: Exclude<Move, { kind: 'wait' }>): Promise<void>;
  /** Follows a trainer that is at work already. */
  attach(trial: number, pid: number): void;
  /** Takes note of a stretch that has ended. */
  settle(trial: number, stretch: TrialStretch): Promise<void>;
  /** Says where earlier trials were trained. */
  learnBackend(name: string): void;
  /** Passes on what is wanted of all trials, until they obey. */
  ask(wish: 'stop' | 'pause' | 'resume'): Promise<void>;
  /** Until a trial has ended or begun to train, but no longer than this. */
  wait(ms: number): Promise<void>;
  spentMs(trial: number): number;
}

interface ActiveTrial {
  readonly runFolder: string;
  readonly startedMs: number;
  run: RunState;
  asked: 'stop' | 'pause' | null;
  askedMs: number;
}

/** In a trial's run folder: the process that was started for it last. */
export const TRAINER_PID = 'trainer.pid';

/** A command can come before the trainer reads commands: it is said again as often as this. */
const REPEAT_MS = 1000;
/** A trainer that was killed is started again once. */
const LIVES = 2;
/** Words of a recipe for several backends: a race among them would be disturbed by the other trials. */
const KINDS = ['auto', 'cpu', 'gpu', 'tensorflow'];
const GPU_BACKENDS = ['tensorflow-gpu', 'webgpu'];

export function createTrialRunner(parts: StudyParts, failures: FailureWatch): TrialRunner {
  const bench: Bench = {
    parts,
    failures,
    active: new Map(),
    ended: [],
    spentMs: new Map(),
    deaths: new Map(),
    backend: null,
    wake: () => undefined,
  };
  return {
    active: () => new Set(bench.active.keys()),
    limit: () => limitOf(bench),
    make: (move) => makeMove(bench, move),
    attach: (trial, pid) => attach(bench, trial, pid),
    settle: (trial, stretch) => settle(bench, trial, stretch),
    learnBackend(name) {
      bench.backend ??= name;
    },
    ask: (wish) => ask(bench, wish),
    wait: (ms) => wait(bench, ms),
    spentMs: (trial) => bench.spentMs.get(trial) ?? 0,
  };
}

/** What is known of the trials besides their events. */
interface Bench {
  readonly parts: StudyParts;
  readonly failures: FailureWatch;
  readonly active: Map<number, ActiveTrial>;
  /** Stretches that have ended and wait to be settled. */
  readonly ended: { readonly trial: number; readonly stretch: TrialStretch }[];
  readonly spentMs: Map<number, number>;
  /** How often the trainer of a trial ended without a word. */
  readonly deaths: Map<number, number>;
  /** Where the trials are trained; null until one has told. */
  backend: string | null;
  wake: () => void;
}

const nowMs = ({ parts }: Bench) => parts.options.now().getTime();
const folderOf = ({ parts }: Bench, trial: number) => path.join(parts.options.studyFolder, trialFolder(trial));
const stateOf = ({ parts }: Bench, trial: number) => parts.study.trials.find(({ number }) => number === trial);

/** The first trial finds the fastest backend, undisturbed; the others take its word. */
function limitOf({ backend, parts }: Bench): number {
  const isOneCard = backend !== null && GPU_BACKENDS.includes(backend) && !parts.isParallelGiven;
  return backend === null || isOneCard ? 1 : parts.start.parallel;
}

async function makeMove(bench: Bench, move: Exclude<Move, { kind: 'wait' }>): Promise<void> {
  const { search, study, start } = bench.parts;
  const trial = stateOf(bench, move.trial);
  if (move.kind === 'halt') {
    const { rungs = [], value = null, epochs = 0 } = trial ?? {};
    const message = `Not among the best after ${rungs.at(-1)?.epoch ?? epochs} epochs.`;
    end(bench, move.trial, { status: 'halted', value, epochs, message });
    return;
  }
  const params = trial?.params ?? suggest(search, move.trial, observe(study, start));
  if (params === null) {
    throw new Error(`The search has no trial ${move.trial}`);
  }
  await begin(bench, move.trial, params);
}

/** Makes the trial's run where there is none yet, and starts a trainer for it. A trial that cannot begin has failed. */
async function begin(bench: Bench, trial: number, params: Point): Promise<void> {
  const { options, recipe, text, write } = bench.parts;
  const runFolder = folderOf(bench, trial);
  const tellStart = () => write({ type: 'trialStart', trial, params, runFolder: trialFolder(trial) });
  const isThere = (await stat(runFolder).catch(() => null)) !== null;
  try {
    if (!isThere) {
      const trialText = toTrialText(text, { params, device: pinned(recipe, bench.backend) });
      await createRun({ recipeFile: options.recipeFile, text: trialText, runFolder, now: options.now() });
    }
    tellStart();
    await launch(bench, trial, isThere);
  } catch (error) {
    const problem = error instanceof RefusedRecipe ? error.problems[0] : toProblem(error, 'trial');
    if (problem === undefined || problem.code === 'internal') {
      throw error;
    }
    if (stateOf(bench, trial) === undefined) {
      tellStart();
    }
    const message = `${problem.path}: ${problem.message}`;
    end(bench, trial, { status: 'failed', value: null, epochs: 0, message });
    bench.failures.add(problem.code, message);
  }
}

async function launch(bench: Bench, trial: number, resume: boolean): Promise<void> {
  const { options, start } = bench.parts;
  const runFolder = folderOf(bench, trial);
  const target = targetOf(stateOf(bench, trial), start);
  const { pid } = await startTrainer({
    runFolder,
    recipeFile: options.recipeFile,
    trainerFile: options.trainerFile,
    execPath: options.execPath,
    engine: options.engine,
    resume,
    ...(target === null ? {} : { untilEpoch: target }),
    ...(start.parallel > 1 ? { cores: Math.max(1, Math.floor(options.cores / start.parallel)) } : {}),
  });
  // Until it has written its first event, this is all that a resumed study could know it by.
  await writeFile(path.join(runFolder, TRAINER_PID), String(pid));
  attach(bench, trial, pid);
}

function attach(bench: Bench, trial: number, pid: number): void {
  const runFolder = folderOf(bench, trial);
  const entry: ActiveTrial = { runFolder, startedMs: nowMs(bench), run: emptyRun(), asked: null, askedMs: 0 };
  bench.active.set(trial, entry);
  const onChange = (run: RunState) => {
    entry.run = run;
    if (bench.backend === null && run.backend !== null) {
      bench.backend = run.backend.name;
      bench.wake();
    }
  };
  const take = (stretch: TrialStretch) => {
    bench.ended.push({ trial, stretch });
    bench.wake();
  };
  followTrial({ runFolder, pid, onChange }).then(take, () => take({ kind: 'died', run: entry.run }));
}

async function settle(bench: Bench, trial: number, stretch: TrialStretch): Promise<void> {
  const { start, recipe, write } = bench.parts;
  const { run, kind } = stretch;
  const other = kind === 'died' && run.end === null ? run.trainer : null;
  if (other !== null && (await isTrainerAlive(other, folderOf(bench, trial))) === true) {
    // One that a killed study had started works in the folder, and has kept this one out.
    attach(bench, trial, other.pid);
    return;
  }
  const entry = bench.active.get(trial);
  bench.active.delete(trial);
  addSpent(bench, trial, entry === undefined ? trainedMs(run) : nowMs(bench) - entry.startedMs);
  const restoresBest = recipe.train.earlyStopping?.restoreBestWeights === true;
  const value = objectiveOf(run, start.objective.metric, restoresBest);
  const epochs = run.epochs.at(-1)?.epoch ?? 0;
  // Another trainer, of a study that was killed, may have trained it to its end: there was nothing left for this one.
  const status = kind === 'died' && run.end?.status !== 'completed' ? 'died' : run.end?.status;
  if (status === 'completed') {
    end(bench, trial, { status, value, epochs, message: '' });
    bench.failures.add(null, '');
  } else if (status === 'stopped' && epochs === targetOf(stateOf(bench, trial), start)) {
    write({ type: 'trialRung', trial, epoch: epochs, value });
  } else if (status === 'stopped' || entry?.asked === 'stop') {
    const message = entry?.asked === 'stop' ? 'Stopped with the study.' : 'Its run was stopped on its own.';
    end(bench, trial, { status: 'stopped', value, epochs, message });
  } else if (status === 'died' && mayLiveAgain(bench, trial)) {
    await begin(bench, trial, stateOf(bench, trial)?.params ?? {});
  } else {
    const { code, message } = await whyFailed(stretch, folderOf(bench, trial));
    end(bench, trial, { status: 'failed', value: null, epochs, message });
    bench.failures.add(code, message);
  }
}

function end(bench: Bench, trial: number, event: Omit<TrialEnd, 'type' | 'at' | 'trial' | 'durationMs'>): void {
  bench.parts.write({ type: 'trialEnd', trial, durationMs: bench.spentMs.get(trial) ?? 0, ...event });
}

function addSpent({ spentMs }: Bench, trial: number, ms: number): void {
  spentMs.set(trial, (spentMs.get(trial) ?? 0) + ms);
}

function mayLiveAgain({ deaths }: Bench, trial: number): boolean {
  const count = (deaths.get(trial) ?? 0) + 1;
  deaths.set(trial, count);
  return count < LIVES;
}

async function ask(bench: Bench, wish: 'stop' | 'pause' | 'resume'): Promise<void> {
  for (const entry of bench.active.values()) {
    const isPaused = entry.run.status === 'paused';
    const isWanted = wish === 'stop' || (wish === 'pause' ? !isPaused : isPaused && entry.asked === 'pause');
    if (isWanted && nowMs(bench) - entry.askedMs >= REPEAT_MS) {
      entry.asked = wish === 'resume' ? null : wish;
      entry.askedMs = nowMs(bench);
      await sendControl(entry.runFolder, wish, bench.parts.options.now());
    }
  }
}

async function wait(bench: Bench, ms: number): Promise<void> {
  const woken = new AbortController();
  bench.wake = () => woken.abort();
  if (bench.ended.length === 0) {
    await delay(ms, undefined, { signal: woken.signal }).catch(() => undefined);
  }
  for (const { trial, stretch } of bench.ended.splice(0)) {
    await settle(bench, trial, stretch);
  }
}

/** The epoch at which a trial is looked at next; null: it trains to its end. */
export function targetOf(trial: TrialState | undefined, { halving }: StudyStart): number | null {
  return halving?.rungs[trial?.rungs.length ?? 0] ?? null;
}

function pinned({ train }: Recipe, backend: string | null): string | null {
  return KINDS.includes(train.device) ? backend : null;
}

function trainedMs({ epochs }: RunState): number {
  return epochs.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

async function whyFailed({ kind, run }: TrialStretch, runFolder: string): Promise<{ code: string; message: string }> {
  if (kind === 'ended') {
    return { code: run.problems[0]?.code ?? 'internal', message: run.end?.message ?? '' };
  }
  const text = await readFile(path.join(runFolder, RUN_FILES.log), 'utf8').catch(() => '');
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  return {
    code: 'trainer-died',
    message: `The trainer ended without a word${last === '' ? '.' : `; its last line: ${last}`}`,
  };
}
