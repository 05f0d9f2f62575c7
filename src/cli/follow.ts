/** Follows a run from the command line until it ends, and turns its end into an exit code. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { formatProblem } from '../common/errors.ts';
import type { RunEvent } from '../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../common/run/reduceRun.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { isTrainerAlive } from '../node/isTrainerAlive.ts';
import { sendControl } from '../node/sendControl.ts';
import { tailRun } from '../node/tailRun.ts';
import { createProgress } from './progress.ts';
import { createScreen } from './screen.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

export interface FollowOptions {
  readonly runFolder: string;
  /** The process that was just started for it. */
  readonly pid: number;
  readonly format: 'progress' | 'json' | 'quiet';
  /** Events before this time belong to an earlier process and are not told again (unless as JSON). */
  readonly since: Date;
}

/** How often it is asked whether a silent trainer still lives. */
const ALIVE_MS = 1000;

export async function followRun(options: FollowOptions): Promise<number> {
  const ended = new AbortController();
  const isOurs = (event: RunEvent) => Date.parse(event.at) >= options.since.getTime();
  const view = createView(options.format, isOurs);
  let isLaunched = false;
  const release = onInterrupt(options.runFolder, ended);
  const alive = watchProcess(options, ended);
  try {
    await tailRun(options.runFolder, {
      signal: ended.signal,
      onEvents(events) {
        view.add(events);
        isLaunched ||= events.some((event) => event.type === 'launch' && isOurs(event));
        if (isLaunched && view.run.end !== null && isOurs(view.run.end)) {
          ended.abort('ended');
        }
      },
    });
  } finally {
    clearInterval(alive);
    release();
  }
  return toExitCode(view.run, String(ended.signal.reason), options);
}

interface View {
  readonly run: RunState;
  add(events: readonly RunEvent[]): void;
}

function createView(format: FollowOptions['format'], isOurs: (event: RunEvent) => boolean): View {
  if (format === 'progress') {
    const progress = createProgress(createScreen(process.stdout), () => performance.now());
    return {
      run: progress.run,
      add(events) {
        for (const event of events.filter((past) => !isOurs(past))) {
          reduceRun(progress.run, event);
        }
        progress.add(events.filter(isOurs));
      },
    };
  }
  const run = emptyRun();
  return {
    run,
    add(events) {
      for (const event of events) {
        reduceRun(run, event);
        if (format === 'json') {
          process.stdout.write(`${JSON.stringify(event)}\n`);
        }
      }
    },
  };
}

/** First Ctrl+C: a polite stop. Second: this terminal leaves, the run goes on. */
function onInterrupt(runFolder: string, ended: AbortController): () => void {
  let count = 0;
  const interrupt = () => {
    count += 1;
    if (count > 1) {
      ended.abort('left');
      return;
    }
    process.stderr.write('\nStopping at the next step; Ctrl+C again leaves the run going.\n');
    sendControl(runFolder, 'stop', new Date()).catch(() => ended.abort('left'));
  };
  process.on('SIGINT', interrupt);
  return () => process.off('SIGINT', interrupt);
}

function watchProcess({ pid, runFolder }: FollowOptions, ended: AbortController): NodeJS.Timeout {
  let wasGone = false;
  const look = async () => {
    const isGone = (await isTrainerAlive({ pid, host: hostname() }, runFolder)) === false;
    // Its last words may still be on the way through the file: only a second look without an end counts.
    if (isGone && wasGone) {
      ended.abort('died');
    }
    wasGone = isGone;
  };
  return setInterval(() => void look(), ALIVE_MS);
}

async function toExitCode(run: RunState, reason: string, options: FollowOptions): Promise<number> {
  if (reason === 'left') {
    process.stderr.write(`The run goes on in ${options.runFolder}\n`);
    return EXIT.interrupted;
  }
  if (reason === 'died') {
    const log = await readFile(path.join(options.runFolder, RUN_FILES.log), 'utf8').catch(() => '');
    const lines = log.trimEnd().split('\n').slice(-10).map(printable).join('\n');
    process.stderr.write(
      `The trainer ended without a word (trainer-died). ${lines === '' ? '' : `Its last lines:\n${lines}\n`}Go on with: skillet resume ${options.runFolder}\n`,
    );
    return EXIT.failed;
  }
  const isRefused = run.start === null && run.end?.status === 'failed';
  if (options.format !== 'progress') {
    for (const problem of run.problems) {
      process.stderr.write(`${printable(formatProblem(problem))}\n`);
    }
  }
  return isRefused ? EXIT.refused : run.end === null ? EXIT.failed : EXIT[run.end.status];
}
