/** What a run measured after each epoch, as one series for each metric, taken up epoch by epoch. */
import { metricDirection } from '../../common/run/metricDirection.ts';
import type { EpochRecord, RunState } from '../../common/run/reduceRun.ts';
import { StepSeries } from '../../common/run/stepSeries.ts';

export interface BestEpoch {
  readonly x: number;
  readonly value: number;
}

export interface EpochCurves {
  /** Takes up what the run has had since the last call; another run, or one that was cut, anew. */
  follow(run: RunState): void;
  /** Epoch 1 at place 0. Undefined for a metric that was never measured. */
  series(name: string): StepSeries | undefined;
  best(name: string): BestEpoch | null;
}

export function createEpochCurves(): EpochCurves {
  const series = new Map<string, StepSeries>();
  const best = new Map<string, BestEpoch>();
  let seen: readonly EpochRecord[] = [];
  let count = 0;
  const add = (name: string, place: number, value: number | null) => {
    const one = series.get(name) ?? new StepSeries();
    series.set(name, one);
    one.truncate(place);
    one.skipTo(place);
    one.append([value]);
    const before = best.get(name);
    const sign = metricDirection(name) === 'higher' ? -1 : 1;
    if (value !== null && (before === undefined || sign * value < sign * before.value)) {
      best.set(name, { x: place + 1, value });
    }
  };
  return {
    follow(run) {
      // A run grows in place; where it is cut it gets a new list.
      if (run.epochs !== seen || run.epochs.length < count) {
        series.clear();
        best.clear();
        seen = run.epochs;
        count = 0;
      }
      for (; count < seen.length; count += 1) {
        const record = seen[count];
        if (record !== undefined) {
          const place = placeOf(record, run, count);
          for (const [name, value] of Object.entries(record.metrics)) {
            add(name, place, value);
          }
        }
      }
    },
    series: (name) => series.get(name),
    best: (name) => best.get(name) ?? null,
  };
}

/** An epoch that nobody planned (a damaged line) cannot make the chart long: it stands behind the others. */
function placeOf({ epoch }: EpochRecord, { start }: RunState, count: number): number {
  const planned = Math.max(start?.epochs ?? 0, (start?.fork?.epoch ?? 0) + 1);
  return epoch >= 1 && epoch <= planned ? epoch - 1 : count;
}
