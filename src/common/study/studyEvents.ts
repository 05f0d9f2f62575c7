/** The events of a study: one plain object per line of `study.jsonl`, the only truth about a study; each trial has a run folder of its own. */
import type { ParamValue } from '../recipe/params.ts';

interface Stamped {
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Raised when an old reader could misread a new file; stands in every `studyLaunch`. */
export const STUDY_FORMAT_VERSION = 1;

/** How values between the two ends are spread: evenly, evenly in their logarithm, or densest at the upper end. */
export type SearchScale = 'linear' | 'log' | 'reverseLog';

/** What a study may choose for one parameter. */
export type SearchRange =
  | { readonly type: 'int'; readonly min: number; readonly max: number; readonly scale: SearchScale }
  | { readonly type: 'double'; readonly min: number; readonly max: number; readonly scale: SearchScale }
  /** Numbers in ascending order. */
  | { readonly type: 'discrete'; readonly values: readonly number[]; readonly scale: SearchScale }
  | { readonly type: 'categorical'; readonly values: readonly ParamValue[] };

export type SearchSpace = Readonly<Record<string, SearchRange>>;

export interface StudyObjective {
  /** Metric name as in `epochEnd`, for example `val_rmse`; or `test_<metric>` of the evaluation. */
  readonly metric: string;
  readonly goal: 'minimize' | 'maximize';
}

/** The first line of a study, and again whenever it is resumed. */
export interface StudyLaunch extends Stamped {
  readonly type: 'studyLaunch';
  readonly version: number;
  readonly skillet: string;
  /** Absolute path. */
  readonly recipeFile: string;
  readonly pid: number;
  readonly host: string;
}

/** Written once: what is searched. */
export interface StudyStart extends Stamped {
  readonly type: 'studyStart';
  readonly name: string;
  readonly objective: StudyObjective;
  readonly algorithm: 'grid' | 'random' | 'bayesian';
  /** Successive halving: epochs after which only the better part of the trials goes on; absent where all train to the end. */
  readonly halving?: { readonly rungs: readonly number[]; readonly factor: number };
  readonly space: SearchSpace;
  /** Trials wanted in all. */
  readonly trials: number;
  readonly parallel: number;
  readonly seed: number;
}

export interface TrialStart extends Stamped {
  readonly type: 'trialStart';
  /** Counted from 1. A trial that was cut off, or that goes on after a rung, starts again under its number. */
  readonly trial: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Below the study's folder. */
  readonly runFolder: string;
}

/** Where successive halving looked at a trial. */
export interface TrialRung extends Stamped {
  readonly type: 'trialRung';
  readonly trial: number;
  readonly epoch: number;
  readonly value: number | null;
}

export interface TrialEnd extends Stamped {
  readonly type: 'trialEnd';
  readonly trial: number;
  /** `halted`: successive halving let it go no further. */
  readonly status: 'completed' | 'halted' | 'failed' | 'stopped';
  /** The objective; null where it was never measured. */
  readonly value: number | null;
  readonly epochs: number;
  readonly durationMs: number;
  /** Whole sentence: why it did not complete; empty where it did. */
  readonly message: string;
}

export interface StudyEnd extends Stamped {
  readonly type: 'studyEnd';
  readonly status: 'completed' | 'stopped' | 'failed';
  readonly message: string;
  /** Number of the best trial; null where none has a value. */
  readonly best: number | null;
}

export type StudyEvent = StudyLaunch | StudyStart | TrialStart | TrialRung | TrialEnd | StudyEnd;
