/** Gathers what happens at each step, so that ten thousand steps a second cost twenty events. */
import type { EpochEnd } from '../../common/run/events.ts';
import type { Clock } from './clock.ts';
import type { EventLog } from './eventLog.ts';

const INTERVAL_MS = 50;

export interface Outbox {
  /** Steps are timed from now: training begins, or goes on after a pause. */
  restartTiming(): void;
  /** @param step Counted over all epochs from 0. */
  addStep(step: number, metrics: Readonly<Record<string, number>>): void;
  /** Written after the steps that it closes. */
  addEpoch(event: Omit<EpochEnd, 'type' | 'at'>): void;
  /** Writes what is waiting if the last write is long enough ago. */
  flushIfDue(): void;
  flush(): void;
}

export function createOutbox(log: EventLog, clock: Clock): Outbox {
  let first = 0;
  let series: Record<string, number[]> = {};
  const epochs: (Omit<EpochEnd, 'type' | 'at'> & { at: string })[] = [];
  let flushedMs = clock.monotonicMs();

  const flush = () => {
    const nowMs = clock.monotonicMs();
    const { loss = [], ...metrics } = series;
    if (loss.length > 0) {
      const seconds = (nowMs - flushedMs) / 1000;
      log.write({ type: 'steps', first, loss, metrics, stepsPerSecond: seconds > 0 ? loss.length / seconds : 0 });
    }
    series = {};
    for (const event of epochs.splice(0)) {
      log.write({ type: 'epochEnd', ...event });
    }
    flushedMs = nowMs;
  };
  return {
    restartTiming() {
      flushedMs = clock.monotonicMs();
    },
    addStep(step, metrics) {
      if (series.loss === undefined) {
        first = step;
      }
      for (const [name, value] of Object.entries(metrics)) {
        series[name] ??= [];
        series[name].push(value);
      }
    },
    addEpoch(event) {
      epochs.push({ ...event, at: clock.now().toISOString() });
    },
    flushIfDue() {
      if (clock.monotonicMs() - flushedMs >= INTERVAL_MS) {
        flush();
      }
    },
    flush,
  };
}
