/** One run from its first event to its last, whatever happens between. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Problem, SkilletError, type SourceRange, toProblem } from '../common/errors.ts';
import { type ParsedRecipe, parseRecipe } from '../common/recipe/parse.ts';
import { formatVersionOf, type RunEnd } from '../common/run/events.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { readFork } from './fork/readFork.ts';
import { timeIsUp } from './module/importModule.ts';
import { moduleFault } from './module/moduleFault.ts';
import { createModuleWatch } from './module/moduleWatch.ts';
import { createInbox, openControl } from './run/controlReader.ts';
import { systemDisk } from './run/disk.ts';
import { type EventLog, openEventLog } from './run/eventLog.ts';
import { createOutbox } from './run/outbox.ts';
import { NO_PAST, readPast } from './run/readPast.ts';
import { createReserve } from './run/reserve.ts';
import { createRoom } from './run/room.ts';
import { lockRun } from './run/runLock.ts';
import type { TrainOptions } from './runContext.ts';
import { RefusedRun, runTraining } from './runTraining.ts';

/**
 * @throws {SkilletError} `run-folder`: the events cannot be written, or the run was told to stop while the disk was full.
 *   `run-busy`, `run-not-resumable`. Any other fault ends in a `runEnd`.
 */
export async function trainRecipe(options: TrainOptions): Promise<RunEnd['status']> {
  // Before the past is read: another trainer could still be writing it.
  const unlock = lockRun(options.runFolder, options.writer);
  try {
    return await trainLocked(options);
  } finally {
    unlock();
  }
}

async function trainLocked(options: TrainOptions): Promise<RunEnd['status']> {
  const { runFolder, clock, writer, disk = systemDisk } = options;
  const recipeFile = options.toldRecipeFile ?? options.recipeFile;
  const eventsFile = path.join(runFolder, RUN_FILES.events);
  const past = options.resume ? readPast(eventsFile) : NO_PAST;
  const log = openEventLog(eventsFile, clock, disk);
  const outbox = createOutbox(log, clock);
  // Commands sent while the data is read count too.
  const inbox = createInbox(openControl(path.join(runFolder, RUN_FILES.control)));
  const reserve = createReserve(path.join(runFolder, RUN_FILES.reserve), disk);
  const room = createRoom({
    ...{ runFolder, log, reserve, clock, inbox, signal: options.signal },
    tell: (text) => console.error(text),
    onRelease: outbox.restartTiming,
  });
  let parsed: ParsedRecipe | null = null;
  const toEnd = (what: { message: string; remedy: string }) =>
    failedEnd([toProblem(moduleFault(what.message, what.remedy), 'trainer')], parsed);
  const watch = createModuleWatch({
    limitMs: options.moduleLimitMs + GRACE_MS,
    eventsFile,
    onLimit: () => toEnd(timeIsUp(options.moduleLimitMs)),
    onExit: () => {
      outbox.flush();
      log.write(toEnd(ENDED));
    },
  });
  try {
    const isFork = existsSync(path.join(runFolder, RUN_FILES.fork));
    log.write({ type: 'launch', version: formatVersionOf({ isFork }), recipeFile, ...writer });
    parsed = parseRecipe(readRecipe(path.join(runFolder, RUN_FILES.recipe)));
    if (parsed.recipe === null) {
      throw new RefusedRun(parsed.problems);
    }
    const fork = readFork(runFolder);
    const end = await runTraining(parsed.recipe, { options, past, fork, log, outbox, inbox, room, watch });
    log.write({ type: 'runEnd', ...end });
    await room.finish();
    return end.status;
  } catch (error) {
    if (room.hasGivenUp()) {
      throw error;
    }
    outbox.flush();
    fail(log, error, parsed);
    await room.finish();
    return 'failed';
  } finally {
    watch.dispose();
    reserve.give();
    log.close();
  }
}

function readRecipe(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SkilletError('recipe-unreadable', file, {
      message: error instanceof Error ? `${error.message}.` : 'cannot be read.',
      remedy: 'Start the run again from its recipe.',
    });
  }
}

/** A module that only waits is refused in good order; one that holds the thread is ended a moment later. */
const GRACE_MS = 1000;
const ENDED = {
  message: 'has ended the process.',
  remedy: 'Take process.exit out of the module, and let build throw an error instead.',
};

function fail(log: EventLog, error: unknown, parsed: ParsedRecipe | null): void {
  const problems: readonly Problem[] = error instanceof RefusedRun ? error.problems : [toProblem(error, 'trainer')];
  if (problems.some(({ code }) => code === 'internal')) {
    console.error(error); // The stack goes to trainer.log, for the report.
  }
  log.write(failedEnd(problems, parsed));
}

function failedEnd(problems: readonly Problem[], parsed: ParsedRecipe | null): Omit<RunEnd, 'at'> {
  const placed = problems.map((problem) => {
    const range = problem.range ?? locateField(problem.path, parsed);
    return range === null ? problem : { ...problem, range };
  });
  const message = placed.map(({ path: field, message: what }) => `${field}: ${what}`).join(' ');
  return { type: 'runEnd', status: 'failed', message, problems: placed };
}

/** Place in the recipe of what a problem is about (`data.csv: column a` is about `data.csv`); null for files and folders. */
function locateField(problemPath: string, parsed: ParsedRecipe | null): SourceRange | null {
  const [field = ''] = problemPath.split(':');
  return parsed !== null && /^(data|model|train)\b/.test(field) ? parsed.locate(field) : null;
}
