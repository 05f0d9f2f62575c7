/** A job in words, the same in every view. */
import { formatAge, formatDuration } from '../format.ts';
import { formatJobCost, isJobOver, type Job, type JobState, jobCost } from './job.ts';

export interface JobSeen {
  /** Of one machine of its kind, on demand; null where it is not known, undefined while it is being asked for. */
  readonly perHourUsd: number | null | undefined;
  readonly nowMs: number;
  /** Where jobs of several regions stand together. */
  readonly isRegionShown: boolean;
}

export const JOB_STATE_TITLES: Readonly<Record<JobState, string>> = {
  pending: 'waiting',
  running: 'running',
  stopping: 'stopping',
  completed: 'completed',
  failed: 'failed',
  stopped: 'stopped',
};

/** One line: what it does, what it costs, since when, and on what. */
export function describeJob(job: Job, seen: JobSeen): string {
  return [
    // The icon tells the state of a live one; the end of a long line is cut off in a narrow view.
    isJobOver(job.state) ? JOB_STATE_TITLES[job.state] : (job.stage ?? JOB_STATE_TITLES[job.state]),
    costOfJob(job, seen),
    job.createdAt === null ? '' : formatAge(seen.nowMs - Date.parse(job.createdAt)),
    machineOfJob(job),
    seen.isRegionShown ? job.region : '',
    job.billedSeconds === null ? '' : `billed ${formatDuration(job.billedSeconds * 1000)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `running: Training`; the stage alone where it says the same. */
function stateOfJob({ state, stage }: Job): string {
  const title = JOB_STATE_TITLES[state];
  return stage === null || stage.toLowerCase() === title ? title : `${title}: ${stage}`;
}

function machineOfJob({ count, instanceType, isSpot }: Job): string {
  return `${count === 1 ? '' : `${count} × `}${instanceType}${isSpot ? ' spot' : ''}`;
}

function costOfJob(job: Job, { perHourUsd, nowMs }: JobSeen): string {
  return perHourUsd === undefined ? '' : formatJobCost(jobCost(job, perHourUsd, nowMs));
}

/** Several lines, for a hover. */
export function explainJob(job: Job, seen: JobSeen): string {
  const cost = costOfJob(job, seen);
  return [
    `${job.name}: ${stateOfJob(job)}`,
    job.reason ?? '',
    `${machineOfJob(job)} in ${job.region}`,
    job.createdAt === null ? '' : `Submitted ${job.createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    cost === '' ? '' : `${cost} for the machines${isJobOver(job.state) ? '' : ' so far'}, without storage and logs`,
    job.id,
  ]
    .filter((line) => line !== '')
    .join('\n');
}
