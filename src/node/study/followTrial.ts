/** Follows the run of one trial until it ends, and reads the objective from it. */
import { hostname } from 'node:os';
import type { RunEvent } from '../../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../common/run/reduceRun.ts';
import { isTrainerAlive } from '../isTrainerAlive.ts';
import { tailRun } from '../tailRun.ts';

export interface TrialFollow {
  readonly runFolder: string;
  /** Of the trainer that was started for it, or that was found at work. */
  readonly pid: number;
  /** Called when something was read. */
  onChange(run: RunState): void;
}

/** How a stretch of a trial's training ended; `died`: without a word. */
export type TrialStretch = { readonly kind: 'ended' | 'died'; readonly run: RunState };

/** How often it is asked whether a silent trainer still lives. */
const ALIVE_MS = 1000;

/** @throws {Error} The run folder cannot be read. */
export async function followTrial({ runFolder, pid, onChange }: TrialFollow): Promise<TrialStretch> {
  const run = emptyRun();
  const over = new AbortController();
  const alive = watchProcess({ pid, runFolder }, () => over.abort('died'));
  try {
    await tailRun(runFolder, {
      signal: over.signal,
      onEvents(events) {
        for (const event of events.filter(isShort)) {
          reduceRun(run, event);
        }
        onChange(run);
        // The file also holds the ends of earlier stretches.
        if (run.end !== null && run.trainer?.pid === pid) {
          over.abort('ended');
        }
      },
    });
  } finally {
    clearInterval(alive);
  }
  return { kind: over.signal.reason === 'died' ? 'died' : 'ended', run };
}

/** Single steps are many, and a study does not look at them. */
function isShort(event: RunEvent): boolean {
  return event.type !== 'steps' && event.type !== 'forecast';
}

function watchProcess({ pid, runFolder }: { pid: number; runFolder: string }, onDeath: () => void): NodeJS.Timeout {
  let wasGone = false;
  const look = async () => {
    const isGone = (await isTrainerAlive({ pid, host: hostname() }, runFolder)) === false;
    // Its last words may still be on the way through the file: only a second look without an end counts.
    if (isGone && wasGone) {
      onDeath();
    }
    wasGone = isGone;
  };
  return setInterval(() => void look(), ALIVE_MS);
}

/**
 * The objective as the run has measured it last; where the weights of the best epoch are kept, as it was then.
 *
 * @param metric Of the epochs, or `test_` and one of the evaluation.
 */
export function objectiveOf(run: RunState, metric: string, restoresBest: boolean): number | null {
  if (metric.startsWith('test_')) {
    return run.evaluation?.metrics[metric.slice('test_'.length)] ?? null;
  }
  const best = restoresBest && run.end?.status === 'completed' ? run.end.bestEpoch : undefined;
  const epoch = best === undefined ? run.epochs.at(-1) : run.epochs.find((record) => record.epoch === best);
  return epoch?.metrics[metric] ?? null;
}
