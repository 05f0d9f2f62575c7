/** Finds out how far the unfinished trials of a study are whose process ended. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { RunState } from '../../common/run/reduceRun.ts';
import type { StudyState, TrialState } from '../../common/study/reduceStudy.ts';
import type { StudyStart } from '../../common/study/studyEvents.ts';
import { isTrainerAlive } from '../isTrainerAlive.ts';
import { readEnds } from '../readEnds.ts';
import { readRun } from '../readRun.ts';
import { TRAINER_PID, targetOf } from './trialRunner.ts';

export interface Recovered {
  /** Where a trial was trained; null where none has begun. */
  readonly backend: string | null;
  /** Trials whose trainer still works. */
  readonly alive: readonly { readonly trial: number; readonly pid: number }[];
  /** Trials whose trainer came to its end after the study's process. */
  readonly ended: readonly { readonly trial: number; readonly run: RunState }[];
  /** Trials that were on the way; the other unfinished ones wait at a rung. */
  readonly cutOff: Set<number>;
}

/** Trials that were stopped count as unfinished: `study` says so afterwards. */
export async function recoverTrials(study: StudyState, start: StudyStart, studyFolder: string): Promise<Recovered> {
  study.trials = study.trials.map((trial) => (trial.status === 'stopped' ? { ...trial, status: 'running' } : trial));
  const alive: { trial: number; pid: number }[] = [];
  const ended: { trial: number; run: RunState }[] = [];
  const cutOff = new Set<number>();
  for (const trial of study.trials.filter(({ status }) => status === 'running')) {
    const runFolder = path.join(studyFolder, trial.runFolder);
    const run = await readRun(runFolder).catch(() => null);
    const pid = await findTrainer(runFolder, run);
    if (pid !== null) {
      alive.push({ trial: trial.number, pid });
    } else if (run !== null && hasArrived(run, trial, start)) {
      ended.push({ trial: trial.number, run });
    } else if (trial.rungs.at(-1)?.epoch !== epochsOf(run)) {
      // Else it has done nothing since the last look at it, and waits there as before.
      cutOff.add(trial.number);
    }
  }
  return { backend: await findBackend(study, studyFolder), alive, ended, cutOff };
}

/** The trainer that works on a trial; a study that was killed just when it had started one has not written down its number. */
async function findTrainer(runFolder: string, run: RunState | null): Promise<number | null> {
  const written = await readPid(runFolder);
  const known = [
    ...(written === null ? [] : [{ pid: written, host: hostname() }]),
    ...(run?.trainer ? [run.trainer] : []),
  ];
  for (const trainer of known) {
    if (trainer.host === hostname() && (await isTrainerAlive(trainer, runFolder)) === true) {
      return trainer.pid;
    }
  }
  return null;
}

async function readPid(runFolder: string): Promise<number | null> {
  const text = await readFile(path.join(runFolder, TRAINER_PID), 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : null;
}

const epochsOf = (run: RunState | null) => run?.epochs.at(-1)?.epoch ?? 0;

/** Whether it is where it was sent to. A run that was stopped before that goes on. */
function hasArrived(run: RunState, trial: TrialState, start: StudyStart): boolean {
  return run.end?.status === 'stopped' ? epochsOf(run) === targetOf(trial, start) : run.end !== null;
}

async function findBackend({ trials }: StudyState, studyFolder: string): Promise<string | null> {
  for (const { runFolder } of trials) {
    const { backend } = await readEnds(path.join(studyFolder, runFolder));
    if (backend !== null) {
      return backend.name;
    }
  }
  return null;
}
