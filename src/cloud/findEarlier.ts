/** Whether what was submitted is a job that was there before, as the same is never submitted twice by itself. */
import { isJobOver, type Job, type JobRef } from '../common/cloud/job.ts';
import type { JobVerbs } from './provider.ts';

/** Clocks differ: a job that is older than this was there before. */
const CLOCK_MS = 5 * 60_000;
const LOOK_MS = 20_000;

/**
 * The job is there and costs by now, so no fault of this look and nobody's cancelling may hide it.
 *
 * @param askedAtMs When the submission began.
 * @returns Null for a new one, and where it cannot be told.
 */
export async function findEarlier(
  provider: Pick<JobVerbs, 'job'>,
  ref: JobRef,
  askedAtMs: number,
): Promise<Job | null> {
  const found = await provider.job(ref, AbortSignal.timeout(LOOK_MS)).catch(() => null);
  if (found === null) {
    return null;
  }
  // Of one that is over nothing comes any more, however young it is.
  const isEarlier = isJobOver(found.state) || Date.parse(found.createdAt ?? '') < askedAtMs - CLOCK_MS;
  return isEarlier ? found : null;
}
