/** The folder that a job is brought into: which job it is of, and what the run in it says when its job has ended without a word. */
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isJobOver, type Job, type JobRef } from '../../common/cloud/job.ts';
import type { ControlCommand, Launch, RunEnd } from '../../common/run/events.ts';
import { formatVersionOf } from '../../common/run/events.ts';
import { RUN_FILES, RUNS_FOLDER } from '../../common/run/runFolder.ts';

/** Scripts leave no run, so what they write lies beside the runs. */
const JOBS_FOLDER = '.skillet/jobs';
/** Says in the folder which job it is of. */
const JOB_FILE = '.job.json';

export interface NewJobFolder {
  readonly job: JobRef;
  readonly name: string;
  /** Of the recipe or the script; absolute path. */
  readonly file: string;
  /** The recipe with its parameters filled in; null for a script. */
  readonly recipe: string | null;
  readonly now: Date;
}

/** @returns The folder, beside the recipe or the script: the one that the job has already, or a new one. */
export async function makeJobFolder({ job, name, file, recipe, now }: NewJobFolder): Promise<string> {
  const parent = path.join(path.dirname(file), recipe === null ? JOBS_FOLDER : RUNS_FOLDER);
  const known = await findJobFolder(job, [parent]);
  if (known !== null) {
    return known;
  }
  // Not before it is needed: the parser of recipes comes with it, and following needs none.
  const { folderError, folderName } = await import('../createRun.ts');
  const folder = path.join(parent, `${folderName(name, now)}-job`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, JOB_FILE), `${JSON.stringify({ ...toRef(job), file })}\n`);
    if (recipe !== null) {
      await writeFile(path.join(folder, RUN_FILES.recipe), recipe);
      await writeFile(path.join(folder, RUN_FILES.control), '');
    }
    return folder;
  } catch (error) {
    throw folderError(folder, error);
  }
}

const toRef = ({ provider, region, id }: JobRef): JobRef => ({ provider, region, id });

export interface JobRecord extends JobRef {
  /** The recipe or script that was submitted. */
  readonly file: string;
}

/** Null for a folder that is of no job. */
export async function readJobRecord(folder: string): Promise<JobRecord | null> {
  const text = await readFile(path.join(folder, JOB_FILE), 'utf8').catch(() => null);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Whether a job can be brought into a folder without writing over anything else: it is empty, or has been brought into.
 *
 * @param memory Name of the file in which bringing keeps what it has brought.
 */
export async function isFreeFor({ provider, region, id }: JobRef, folder: string, memory: string): Promise<boolean> {
  const record = await readJobRecord(folder);
  if (record !== null) {
    return record.provider === provider && record.region === region && record.id === id;
  }
  const names = await readdir(folder).catch((): string[] => []);
  return names.length === 0 || names.includes(memory);
}

/** Looks through folders of runs for the one that this job is brought into. */
export async function findJobFolder(job: JobRef, parents: readonly string[]): Promise<string | null> {
  for (const parent of parents) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((one) => one.includes('-job')).reverse()) {
      const record = await readJobRecord(path.join(parent, name));
      if (record?.provider === job.provider && record.region === job.region && record.id === job.id) {
        return path.join(parent, name);
      }
    }
  }
  return null;
}

/** Whether somebody has asked here that the run be stopped: the trainer is far away and does not see it. */
export async function isStopAsked(folder: string): Promise<boolean> {
  const text = await readFile(path.join(folder, RUN_FILES.control), 'utf8').catch(() => '');
  const stop: ControlCommand['type'] = 'stop';
  return text.split('\n').some((line) => line.startsWith('{') && line.includes(`"type":"${stop}"`));
}

/**
 * A job that was ended from outside leaves a run without an end, which would seem to train for ever: its reason is
 * written into the copy here. Nothing is written into one that has ended by itself.
 */
export async function endRunOfJob(job: Job, folder: string, now: Date): Promise<void> {
  const record = await readJobRecord(folder);
  const isRun = (await readFile(path.join(folder, RUN_FILES.recipe)).catch(() => null)) !== null;
  if (!isRun || record === null || !isJobOver(job.state)) {
    return;
  }
  const file = path.join(folder, RUN_FILES.events);
  const events = await readFile(file, 'utf8').catch(() => '');
  const last = events.trimEnd().split('\n').at(-1) ?? '';
  if (last.startsWith('{"type":"runEnd"')) {
    return;
  }
  const at = now.toISOString();
  const reason = job.reason ?? 'It left no reason; its log may tell more.';
  const end: RunEnd = {
    ...{ type: 'runEnd', at },
    status: job.state === 'stopped' ? 'stopped' : 'failed',
    message: job.state === 'stopped' ? 'The job was stopped.' : `The job ended before its run did: ${reason}`,
  };
  const launch: Launch = {
    ...{ type: 'launch', at, version: formatVersionOf({ isFork: false }), skillet: 'unknown' },
    ...{ recipeFile: record.file, pid: 0, host: job.id },
  };
  const lines = events === '' ? [launch, end] : [end];
  await appendFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
