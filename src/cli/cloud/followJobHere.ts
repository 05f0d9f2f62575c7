/** Follows a job in the terminal: its run as though it trained here, or the log of a script. */

import { followJob } from '../../cloud/followJobs.ts';
import type { Provider } from '../../cloud/provider.ts';
import { isJobOver, type Job, type JobRef } from '../../common/cloud/job.ts';
import { formatProblem, toProblem } from '../../common/errors.ts';
import { tailRun } from '../../node/tailRun.ts';
import { createProgress } from '../progress.ts';
import { createScreen } from '../screen.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';

export interface FollowHere {
  readonly provider: Provider;
  readonly job: JobRef;
  readonly folder: string;
  readonly isRecipe: boolean;
  readonly isJson: boolean;
}

const say = (text: string) => process.stderr.write(`${printable(text)}\n`);

/** Ctrl+C leaves the job at work: whoever wants it ended says so. */
export async function followJobHere({ provider, job: ref, folder, isRecipe, isJson }: FollowHere): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  const print = isRecipe ? printRun(folder, isJson) : printLog(provider, ref, isJson);
  let told = '';
  try {
    const ended = await followJob({
      ...{ provider, job: ref, folder, signal: stop.signal, isWatched: () => true },
      onLook(job) {
        const text = `${job.state}${job.stage === null ? '' : `: ${job.stage}`}`;
        if (text !== told && !isJson) {
          say(`Job ${text}`);
        }
        told = text;
        print.look();
      },
      onFault: (error) => say(`${formatProblem(toProblem(error, ref.id))} Trying again.`),
    });
    await print.end();
    return ended !== null && isJobOver(ended.state) ? toExit(ended, folder) : left(ref);
  } finally {
    process.off('SIGINT', interrupt);
    await print.end();
  }
}

function toExit(job: Job, folder: string): number {
  say(`Job ${job.state}${job.reason === null ? '' : `: ${job.reason}`}`);
  say(`Brought to ${folder}`);
  return job.state === 'completed' ? EXIT.completed : job.state === 'stopped' ? EXIT.stopped : EXIT.failed;
}

function left({ id, region }: JobRef): number {
  say(`The job goes on without this terminal, and costs. To stop it: skillet job stop ${id} --region ${region}`);
  return EXIT.interrupted;
}

interface Printing {
  look(): void;
  /** Settles once all that has come is printed. */
  end(): Promise<void>;
}

/** The events as they come into the folder. */
function printRun(folder: string, isJson: boolean): Printing {
  const over = new AbortController();
  const progress = createProgress(createScreen(process.stdout), () => performance.now());
  const caughtUp = { isEnding: false };
  const done = tailRun(folder, {
    signal: over.signal,
    onEvents(events, state) {
      if (isJson) {
        process.stdout.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      } else {
        progress.add(events);
      }
      if (caughtUp.isEnding && state.caughtUp) {
        over.abort();
      }
    },
  });
  done.catch(() => undefined);
  return {
    look: () => undefined,
    async end() {
      caughtUp.isEnding = true;
      // What was written a moment ago is read within the tail's own interval; then there is nothing more to come.
      const timer = setTimeout(() => over.abort(), 1500);
      await done;
      clearTimeout(timer);
    },
  };
}

/** The lines of a script as they come from the provider. */
function printLog(provider: Provider, ref: JobRef, isJson: boolean): Printing {
  let cursor: string | null = null;
  let busy: Promise<void> = Promise.resolve();
  const read = async () => {
    const page = await provider.logs(ref, cursor, AbortSignal.timeout(60_000));
    cursor = page.cursor;
    for (const line of page.lines) {
      process.stdout.write(isJson ? `${JSON.stringify(line)}\n` : `${printable(line.text)}\n`);
    }
  };
  const look = () => {
    busy = busy.then(read).catch((error: unknown) => {
      say(formatProblem(toProblem(error, ref.id)));
    });
  };
  return {
    look,
    async end() {
      await busy;
    },
  };
}
