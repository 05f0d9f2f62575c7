/** Folds the events of a study, live or old, into what every view shows. */
import type { ParamValue } from '../recipe/params.ts';
import type { StudyEnd, StudyEvent, StudyObjective, StudyStart, TrialEnd } from './studyEvents.ts';

/** `starting` until `studyStart`; `interrupted` is for the reader to say, who knows whether the study's process lives. */
export type StudyStatus = 'starting' | 'running' | 'completed' | 'stopped' | 'failed';

export interface TrialState {
  /** Counted from 1. */
  readonly number: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Below the study's folder. */
  readonly runFolder: string;
  /** `running` also means: was running when the study broke off. */
  readonly status: 'running' | TrialEnd['status'];
  /** The objective where it was measured: at the end, else at the last rung. */
  readonly value: number | null;
  readonly epochs: number;
  readonly rungs: readonly { readonly epoch: number; readonly value: number | null }[];
  /** Null until the trial has ended. */
  readonly durationMs: number | null;
  readonly startedAt: string;
  /** Why it did not complete; empty otherwise. */
  readonly message: string;
}

/** Grows in place; a trial is replaced as a whole when it changes. */
export interface StudyState {
  status: StudyStatus;
  recipeFile: string | null;
  start: StudyStart | null;
  /** The process that writes this study, to ask whether it still lives. */
  process: { readonly pid: number; readonly host: string } | null;
  /** By number; without gaps as long as the file has none. */
  trials: TrialState[];
  /** Number of the best trial so far. */
  best: number | null;
  end: StudyEnd | null;
  startedAt: string | null;
  /** Time stamp of the last event of any kind. */
  lastAt: string | null;
}

export function emptyStudy(): StudyState {
  return {
    status: 'starting',
    recipeFile: null,
    start: null,
    process: null,
    trials: [],
    best: null,
    end: null,
    startedAt: null,
    lastAt: null,
  };
}

/** Takes up one event in place and gives the same state; events of a newer writer are passed over. */
export function reduceStudy(state: StudyState, event: StudyEvent): StudyState {
  state.startedAt ??= event.at;
  state.lastAt = event.at;
  switch (event.type) {
    case 'studyLaunch':
      state.recipeFile = event.recipeFile;
      state.process = { pid: event.pid, host: event.host };
      // A study that is resumed goes on after its end.
      state.end = null;
      state.status = state.start === null ? 'starting' : 'running';
      break;
    case 'studyStart':
      state.start = event;
      state.status = 'running';
      break;
    case 'trialStart':
      putTrial(state, event.trial, (before) => ({
        number: event.trial,
        params: event.params,
        runFolder: event.runFolder,
        status: 'running',
        value: before?.value ?? null,
        epochs: before?.epochs ?? 0,
        rungs: before?.rungs ?? [],
        durationMs: null,
        startedAt: before?.startedAt ?? event.at,
        message: '',
      }));
      break;
    case 'trialRung':
      putTrial(state, event.trial, (before) =>
        before === undefined
          ? undefined
          : {
              ...before,
              value: event.value ?? before.value,
              epochs: Math.max(before.epochs, event.epoch),
              rungs: [...before.rungs.filter(({ epoch }) => epoch !== event.epoch), event].map(({ epoch, value }) => ({
                epoch,
                value,
              })),
            },
      );
      break;
    case 'trialEnd':
      endTrial(state, event);
      break;
    case 'studyEnd':
      state.end = event;
      state.status = event.status;
      state.best = event.best ?? state.best;
      break;
  }
  return state;
}

function putTrial(
  state: StudyState,
  number: number,
  change: (before: TrialState | undefined) => TrialState | undefined,
): void {
  const index = state.trials.findLastIndex((trial) => trial.number <= number);
  const found = state.trials[index];
  const before = found?.number === number ? found : undefined;
  const after = change(before);
  if (after !== undefined) {
    state.trials.splice(before === undefined ? index + 1 : index, before === undefined ? 0 : 1, after);
  }
}

function endTrial(state: StudyState, event: TrialEnd): void {
  putTrial(state, event.trial, (before) =>
    before === undefined
      ? undefined
      : {
          ...before,
          status: event.status,
          value: event.value,
          epochs: event.epochs,
          durationMs: event.durationMs,
          message: event.message,
        },
  );
  state.best = bestTrial(state)?.number ?? null;
}

/** The trial with the best value of those that compete. The earlier one wins a draw. */
function bestTrial(state: StudyState): TrialState | null {
  return competing(state).reduce<TrialState | null>(
    (best, trial) => (best === null || isBetter(trial.value, best.value, state.start?.objective.goal) ? trial : best),
    null,
  );
}

/**
 * Trials with a value that were trained to their end; the others only where there is none such, because a value after
 * fewer epochs was not measured under the same conditions.
 */
function competing({ trials }: StudyState): TrialState[] {
  const valued = trials.filter(({ value, status }) => value !== null && status !== 'running' && status !== 'failed');
  const whole = valued.filter(({ status }) => status === 'completed');
  return whole.length > 0 ? whole : valued;
}

/** Whether the first value is strictly better; no value is worse than any. */
export function isBetter(
  value: number | null,
  other: number | null,
  goal: StudyObjective['goal'] = 'minimize',
): boolean {
  return value !== null && (other === null || (goal === 'minimize' ? value < other : value > other));
}

export interface StudyProgress {
  readonly ended: number;
  readonly wanted: number;
  readonly failed: number;
  readonly halted: number;
  /** Null while no trial has ended, and after the study's own end. */
  readonly leftMs: number | null;
}

/** How far the study is; what is left is told by the mean duration of the trials so far. */
export function studyProgress({ trials, start, end }: StudyState): StudyProgress | null {
  if (start === null) {
    return null;
  }
  // A stopped trial is taken up again when the study is resumed.
  const ended = trials.filter(({ status }) => status !== 'running' && status !== 'stopped');
  const spent = ended.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  const open = Math.max(0, start.trials - ended.length);
  const count = (status: TrialState['status']) => ended.filter((trial) => trial.status === status).length;
  return {
    ended: ended.length,
    wanted: start.trials,
    failed: count('failed'),
    halted: count('halted'),
    leftMs: ended.length === 0 || end !== null ? null : ((spent / ended.length) * open) / Math.max(1, start.parallel),
  };
}

/** The best value known after each trial that has ended, in the order of their numbers. */
export function bestSoFar(state: StudyState): { readonly trial: number; readonly best: number | null }[] {
  const competitors = new Set(competing(state));
  let best: number | null = null;
  return state.trials
    .filter(({ status }) => status !== 'running')
    .map((trial) => {
      if (competitors.has(trial) && isBetter(trial.value, best, state.start?.objective.goal)) {
        best = trial.value;
      }
      return { trial: trial.number, best };
    });
}
