/** Earlier runs of the recipe as series, made once for each metric that is looked at. */
import type { PastRun } from '../../common/panelMessages.ts';
import { StepSeries } from '../../common/run/stepSeries.ts';

export interface PastCurve {
  readonly label: string;
  /** Epoch 1 at place 0; a fork has a gap before its first. */
  readonly series: StepSeries;
}

export interface PastCurves {
  /** The same list for the same metric. */
  of(metric: string): readonly PastCurve[];
}

export function createPastCurves(runs: readonly PastRun[]): PastCurves {
  const made = new Map<string, readonly PastCurve[]>();
  return {
    of(metric) {
      const known = made.get(metric) ?? runs.flatMap((run) => toCurve(run, metric));
      made.set(metric, known);
      return known;
    },
  };
}

function toCurve({ label, firstEpoch, curves }: PastRun, metric: string): PastCurve[] {
  const values = curves[`val_${metric}`] ?? curves[metric];
  if (values === undefined) {
    return [];
  }
  const series = new StepSeries();
  series.skipTo(firstEpoch - 1);
  series.append(values);
  return [{ label, series }];
}
