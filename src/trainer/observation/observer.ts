/** Looks at the layers while a run trains, when it is time or somebody asks for it, and never breaks the run. */
import type { LayerStatistics } from '../../common/run/events.ts';
import type { Clock } from '../run/clock.ts';
import type { NewEvent } from '../run/eventLog.ts';
import type { Outbox } from '../run/outbox.ts';
import type { Progress } from '../training/progress.ts';
import { createLookSchedule } from './lookSchedule.ts';

export interface Observer {
  /** From here on looks are taken after every epoch, the first at once; or no longer. */
  ask(isAsked: boolean): void;
  /** @param durationMs What the epoch took. */
  afterEpoch(durationMs: number): Promise<void>;
  afterSteps(steps: StepsTaken): Promise<void>;
  /** Looks where somebody has asked for it since the last one, in a pause too. */
  lookIfAsked(): Promise<void>;
}

export interface StepsTaken {
  /** A person does one step after the other. */
  readonly isSingle: boolean;
  /** They end the epoch, behind whose metrics the look then comes. */
  readonly isLast: boolean;
}

export interface ObserverOptions {
  readonly epochs: number;
  readonly progress: Pick<Progress, 'epoch' | 'step'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly outbox: Pick<Outbox, 'flush' | 'restartTiming'>;
  /** Whether it is asked for from the beginning. */
  readonly isAsked: boolean;
  write(event: NewEvent): void;
  look(): Promise<readonly LayerStatistics[]>;
}

export function createObserver(options: ObserverOptions): Observer {
  const { progress, clock, outbox, write } = options;
  const schedule = createLookSchedule();
  schedule.ask(options.isAsked, clock.monotonicMs());
  let trainedMs = 0;
  let isOff = false;
  let isWanted = false;
  const look = async () => {
    isWanted = false;
    outbox.flush(); // What a reader is told of the layers belongs to steps that it knows.
    const startMs = clock.monotonicMs();
    const layers = await options.look().catch((error: unknown) => {
      isOff = true;
      write(cannotLook(error));
      return null;
    });
    const nowMs = clock.monotonicMs();
    schedule.note({ nowMs, costMs: nowMs - startMs });
    if (layers !== null) {
      const { epoch, step } = progress;
      write({ type: 'layers', epoch, step, ...(schedule.isAsked ? { asked: true } : {}), layers });
    }
    outbox.restartTiming();
  };
  return {
    ask(isAsked) {
      isWanted = isAsked && !isOff;
      schedule.ask(isAsked, clock.monotonicMs());
    },
    async afterEpoch(durationMs) {
      trainedMs += durationMs;
      const { epoch } = progress;
      const isDue = schedule.isDue({ nowMs: clock.monotonicMs(), epoch, epochs: options.epochs, trainedMs });
      if (!isOff && (isWanted || isDue)) {
        await look();
      }
    },
    async afterSteps({ isSingle, isLast }) {
      isWanted ||= isSingle && schedule.isAsked && !isOff;
      if (isWanted && !isLast) {
        await look();
      }
    },
    async lookIfAsked() {
      if (isWanted) {
        await look();
      }
    },
  };
}

function cannotLook(error: unknown): NewEvent {
  const why = error instanceof Error ? error.message : String(error);
  return {
    type: 'notice',
    level: 'warning',
    message: `The layers cannot be looked at: ${why.replace(/\.?$/, '.')}`,
    remedy: 'Nothing needs to be done: training goes on, without figures of its layers.',
  };
}
