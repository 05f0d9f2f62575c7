/** One run's metric as a curve over the epochs; a fork's begins at its parent's point. */
import type { ComparedRun } from './comparedRun.ts';

export interface RunCurve {
  /** Epoch of the first value. */
  readonly firstX: number;
  readonly values: readonly (number | null)[];
}

/** @param metric Its name as epochs have it, `val_` included. @returns Null where the run has no value of it. */
export function runCurve({ curves, firstEpoch, fork, forkPoint }: ComparedRun, metric: string): RunCurve | null {
  const values = curves[metric];
  if (values === undefined || !values.some((value) => value !== null)) {
    return null;
  }
  const from = forkPoint?.[metric] ?? null;
  return fork === null || from === null || fork.epoch !== firstEpoch - 1
    ? { firstX: firstEpoch, values }
    : { firstX: fork.epoch, values: [from, ...values] };
}

/** Names without `val_` that any of the runs has, in the order of the first run that has them. */
export function metricsOf(runs: readonly ComparedRun[]): string[] {
  const told = runs.flatMap(({ metrics }) => metrics);
  const seen = runs.flatMap(({ curves }) => Object.keys(curves).map((name) => name.replace(/^val_/, '')));
  return [...new Set([...told, ...seen])];
}

export const hasValidation = (runs: readonly ComparedRun[], metric: string) =>
  runs.some(({ curves }) => curves[`val_${metric}`]?.some((value) => value !== null) === true);
