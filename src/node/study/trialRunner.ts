/** Runs the trials of a study: starts their trainers, follows them, and writes how each stretch ended. */
import { readFile, stat } from 'node:fs/promises';
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

/** A command can come before the trainer reads commands: it is said again as often as this. */
const REPEAT_MS = 1000;
/** A trainer that was killed is started again once. */
const LIVES = 2;
/** Words of a recipe for several backends: a race among them would be disturbed by the other trials. */
const KINDS = ['auto', 'cpu', 'gpu', 'tensorflow'];
const GPU_BACKENDS = ['tensorflow-gpu', 'webgpu'];

export function createTrialRunner(parts: StudyParts, failures: FailureWatch): TrialRunner {
  const { options, study, start, write, recipe } = parts;
  const active = new Map<number, ActiveTrial>();
  const ended: { readonly trial: number; readonly stretch: TrialStretch }[] = [];
  const spent = new Map<number, number>();
  const deaths = new Map<number, number>();
  let backend: string | null = null;
  let wake: () => void = () => undefined;

  const nowMs = () => options.now().getTime();
  const folderOf = (trial: number) => path.join(options.studyFolder, trialFolder(trial));
  const stateOf = (trial: number) => study.trials.find(({ number }) => number === trial);
  const end = (trial: number, event: Omit<TrialEnd, 'type' | 'at' | 'trial' | 'durationMs'>) =>
    write({ type: 'trialEnd', trial, durationMs: spent.get(trial) ?? 0, ...event });

  const attach = (trial: number, pid: number) => {
    const entry: ActiveTrial = {
      runFolder: folderOf(trial),
      startedMs: nowMs(),
      run: emptyRun(),
      asked: null,
      askedMs: 0,
    };
    active.set(trial, entry);
    const onChange = (run: RunState) => {
      entry.run = run;
      if (backend === null && run.backend !== null) {
        backend = run.backend.name;
        wake();
      }
    };
    const take = (stretch: TrialStretch) => {
      ended.push({ trial, stretch });
      wake();
    };
    followTrial({ runFolder: entry.runFolder, pid, onChange }).then(take, () => take({ kind: 'died', run: entry.run }));
  };

  const launch = async (trial: number, resume: boolean) => {
    const target = targetOf(stateOf(trial), start);
    const { pid } = await startTrainer({
      runFolder: folderOf(trial),
      recipeFile: options.recipeFile,
      trainerFile: options.trainerFile,
      execPath: options.execPath,
      engine: options.engine,
      resume,
      ...(target === null ? {} : { untilEpoch: target }),
      ...(start.parallel > 1 ? { cores: Math.max(1, Math.floor(options.cores / start.parallel)) } : {}),
    });
    attach(trial, pid);
  };

  const run = async (trial: number, params: Point) => {
    const isThere = (await stat(folderOf(trial)).catch(() => null)) !== null;
    try {
      if (!isThere) {
        await createRun({
          recipeFile: options.recipeFile,
          text: toTrialText(parts.text, { params, device: pinned(recipe, backend) }),
          runFolder: folderOf(trial),
          now: options.now(),
        });
      }
      write({ type: 'trialStart', trial, params, runFolder: trialFolder(trial) });
      await launch(trial, isThere);
    } catch (error) {
      if (!(error instanceof RefusedRecipe) && toProblem(error, 'trial').code === 'internal') {
        throw error;
      }
      const problem = error instanceof RefusedRecipe ? error.problems[0] : toProblem(error, 'trial');
      const message = `${problem?.path}: ${problem?.message}`;
      if (stateOf(trial) === undefined) {
        write({ type: 'trialStart', trial, params, runFolder: trialFolder(trial) });
      }
      end(trial, { status: 'failed', value: null, epochs: 0, message });
      failures.add(problem?.code ?? 'internal', message);
    }
  };

  const settle = async (trial: number, stretch: TrialStretch) => {
    const entry = active.get(trial);
    active.delete(trial);
    const before = spent.get(trial) ?? 0;
    spent.set(trial, before + (entry === undefined ? trainedMs(stretch.run) : nowMs() - entry.startedMs));
    const target = targetOf(stateOf(trial), start);
    const value = objectiveOf(
      stretch.run,
      start.objective.metric,
      recipe.train.earlyStopping?.restoreBestWeights === true,
    );
    const epochs = stretch.run.epochs.at(-1)?.epoch ?? 0;
    const status = stretch.kind === 'died' ? 'died' : stretch.run.end?.status;
    if (status === 'completed') {
      end(trial, { status, value, epochs, message: '' });
      failures.add(null, '');
    } else if (status === 'stopped' && epochs === target) {
      write({ type: 'trialRung', trial, epoch: epochs, value });
    } else if (status === 'stopped' || entry?.asked === 'stop') {
      const message = entry?.asked === 'stop' ? 'Stopped with the study.' : 'Its run was stopped on its own.';
      end(trial, { status: 'stopped', value, epochs, message });
    } else if (status === 'died' && (deaths.get(trial) ?? 0) + 1 < LIVES) {
      deaths.set(trial, (deaths.get(trial) ?? 0) + 1);
      await run(trial, stateOf(trial)?.params ?? {});
    } else {
      const { code, message } = await whyFailed(stretch, folderOf(trial));
      end(trial, { status: 'failed', value: null, epochs, message });
      failures.add(code, message);
    }
  };

  return {
    active: () => new Set(active.keys()),
    limit() {
      // The first trial finds the fastest backend, undisturbed; the others take its word.
      const isUnknown = backend === null;
      const isOneCard = backend !== null && GPU_BACKENDS.includes(backend) && !parts.isParallelGiven;
      return isUnknown || isOneCard ? 1 : start.parallel;
    },
    async make(move) {
      const trial = stateOf(move.trial);
      if (move.kind === 'halt') {
        const { rungs = [], value = null, epochs = 0 } = trial ?? {};
        const message = `Not among the best after ${rungs.at(-1)?.epoch ?? epochs} epochs.`;
        end(move.trial, { status: 'halted', value, epochs, message });
        return;
      }
      const params = trial?.params ?? suggest(parts.search, move.trial, observe(study, start));
      if (params === null) {
        throw new Error(`The search has no trial ${move.trial}`);
      }
      await run(move.trial, params);
    },
    attach,
    settle,
    learnBackend(name) {
      backend ??= name;
    },
    async ask(wish) {
      for (const entry of active.values()) {
        const isObeyed =
          wish === 'pause' ? entry.run.status === 'paused' : wish === 'resume' && entry.asked !== 'pause';
        const isTooSoon = nowMs() - entry.askedMs < REPEAT_MS;
        const isStillRunning = wish === 'resume' && entry.run.status !== 'paused';
        if (!isObeyed && !isTooSoon && !isStillRunning) {
          entry.asked = wish === 'resume' ? null : wish;
          entry.askedMs = nowMs();
          await sendControl(entry.runFolder, wish, options.now());
        }
      }
    },
    async wait(ms) {
      const woken = new AbortController();
      wake = () => woken.abort();
      if (ended.length === 0) {
        await delay(ms, undefined, { signal: woken.signal }).catch(() => undefined);
      }
      for (const { trial, stretch } of ended.splice(0)) {
        await settle(trial, stretch);
      }
    },
    spentMs: (trial) => spent.get(trial) ?? 0,
  };
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
