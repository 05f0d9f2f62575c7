/** What the result says: against the baselines, and row by row. */
import type { Evaluation, Predictions } from '../../common/run/events.ts';

/** Whether some naive predictor does at least as well as the network. */
export function losesToBaseline({ metrics, baselines, primary }: Evaluation): boolean {
  const ours = metrics[primary.metric] ?? null;
  return baselines.some((baseline) => {
    const theirs = baseline.metrics[primary.metric] ?? null;
    return theirs !== null && (ours === null || (primary.better === 'lower' ? theirs <= ours : theirs >= ours));
  });
}

export interface RowError {
  /** Number of the row in the CSV, the first after the header being 1. */
  readonly row: number;
  readonly actual: number;
  readonly predicted: number;
}

/** The rows that the first target was missed by most. */
export function worstRows(predictions: Extract<Predictions, { kind: 'values' }>, count: number): RowError[] {
  const target = predictions.targets[0];
  const rows = predictions.row.flatMap((row, index) => {
    const actual = target?.actual[index] ?? null;
    const predicted = target?.predicted[index] ?? null;
    return actual === null || predicted === null ? [] : [{ row, actual, predicted }];
  });
  return rows.sort((a, b) => Math.abs(b.predicted - b.actual) - Math.abs(a.predicted - a.actual)).slice(0, count);
}
