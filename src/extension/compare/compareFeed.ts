/** Feeds the runs of a comparison into its page: each whole as soon as it is read, then what it grows by. */
import path from 'node:path';
import type { ToComparePage } from '../../common/compareMessages.ts';
import { toProblem } from '../../common/errors.ts';
import type { RunEvent } from '../../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { describeCompared, readRunRecipe } from '../../node/compare/readCompared.ts';
import { createEpochReader } from '../../node/eventReader.ts';
import { isTrainerAlive } from '../../node/isTrainerAlive.ts';
import { tailEvents } from '../../node/tailRun.ts';

export interface CompareFeed {
  /** Reads and follows those that are new, and lets go of those that are no longer named. */
  follow(runFolders: readonly string[]): void;
  /** Reads a run that had ended anew, should it have been resumed. */
  again(runFolder: string): void;
  dispose(): void;
}

/** Files read at once: more would only make each slower. */
const PARALLEL = 4;
const INTERVAL_MS = 250;
const ALIVE_MS = 2000;

export function createCompareFeed(post: (message: ToComparePage) => void): CompareFeed {
  const open = new Map<string, AbortController>();
  const following = new Set<string>();
  const waiting: string[] = [];
  let reading = 0;
  const begin = () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const controller = open.get(next);
      if (controller === undefined) {
        continue;
      }
      reading += 1;
      const runFolder = next;
      let isReading = true;
      const done = () => {
        if (isReading) {
          isReading = false;
          reading -= 1;
          begin();
        }
      };
      following.add(runFolder);
      followOne(runFolder, { post, signal: controller.signal, onCaughtUp: done })
        .catch((error: unknown) => post({ type: 'unreadable', runFolder, problem: toProblem(error, runFolder) }))
        .finally(() => {
          following.delete(runFolder);
          done();
        });
      if (reading >= PARALLEL) {
        return;
      }
    }
  };
  const add = (runFolder: string) => {
    open.set(runFolder, new AbortController());
    waiting.push(runFolder);
  };
  return {
    follow(runFolders) {
      for (const [runFolder, controller] of open) {
        if (!runFolders.includes(runFolder)) {
          controller.abort();
          open.delete(runFolder);
        }
      }
      runFolders.filter((runFolder) => !open.has(runFolder)).forEach(add);
      if (reading < PARALLEL) {
        begin();
      }
    },
    again(runFolder) {
      if (open.has(runFolder) && !following.has(runFolder) && !waiting.includes(runFolder)) {
        waiting.push(runFolder);
        if (reading < PARALLEL) {
          begin();
        }
      }
    },
    dispose() {
      for (const controller of open.values()) {
        controller.abort();
      }
      open.clear();
    },
  };
}

interface FollowOptions {
  readonly signal: AbortSignal;
  post(message: ToComparePage): void;
  /** All that was there has been told. */
  onCaughtUp(): void;
}

/** Settles when the run has ended, its process is gone, or the signal aborts. */
async function followOne(runFolder: string, { signal, post, onCaughtUp }: FollowOptions): Promise<void> {
  const recipe = await readRunRecipe(runFolder);
  const run = emptyRun();
  const ended = new AbortController();
  let isTold = false;
  const tell = async () => {
    const compared = await describeCompared(run, runFolder, recipe);
    if (!signal.aborted) {
      isTold = true;
      post({ type: 'run', run: compared });
    }
    if (run.end !== null || compared.status === 'interrupted') {
      ended.abort();
    }
  };
  const onEvents = async (events: readonly RunEvent[], { caughtUp }: { caughtUp: boolean }) => {
    for (const event of events) {
      reduceRun(run, event);
    }
    if (!isTold) {
      return caughtUp ? tell().then(onCaughtUp) : undefined;
    }
    const records = events.flatMap((event) => (event.type === 'epochEnd' ? [event] : []));
    if (records.length === events.length) {
      post({ type: 'epochs', runFolder, records });
      return undefined;
    }
    // A resumption, a result or an end changes more than the curves.
    return tell();
  };
  const timer = setInterval(() => void endIfGone(run, runFolder, tell), ALIVE_MS);
  try {
    const both = AbortSignal.any([signal, ended.signal]);
    await tailEvents(runFolder, createEpochReader(path.join(runFolder, RUN_FILES.events)), {
      signal: both,
      onEvents,
      intervalMs: INTERVAL_MS,
    });
  } finally {
    clearInterval(timer);
  }
}

async function endIfGone(run: RunState, runFolder: string, tell: () => Promise<void>): Promise<void> {
  const isGone = run.trainer !== null && run.end === null && (await isTrainerAlive(run.trainer, runFolder)) === false;
  if (isGone) {
    await tell();
  }
}
