/** Watches jobs without asking more than is looked at: lists of them, and one that is brought into a folder as it goes. */
import { isJobOver, type Job, type JobRef } from '../common/cloud/job.ts';
import { SkilletError } from '../common/errors.ts';
import { endRunOfJob, isStopAsked } from '../node/jobs/jobFolder.ts';
import type { JobVerbs } from './provider.ts';

/** Each look costs requests (CloudWatch and S3 bill them), so nobody looks for the sake of what nobody sees. */
export const LOOK_MS = {
  /** A job that is seen and not over. */
  live: 5000,
  /** A list in which nothing happens, and a followed job that nobody sees. */
  slow: 60_000,
} as const;

export interface FollowJob {
  readonly provider: Pick<JobVerbs, 'job' | 'collect' | 'cancel'>;
  readonly job: JobRef;
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Whether somebody sees it now. */
  isWatched(): boolean;
  /** After each look. `bytes`: what came by it. */
  onLook(job: Job, bytes: number): void;
  /** A look that failed and will be tried again. */
  onFault(error: unknown): void;
  now?(): Date;
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

/** Faults that pass by themselves, or by a person's doing elsewhere. */
const PASSING = new Set(['cloud-network', 'cloud-throttled', 'cloud-unavailable', 'cloud-credentials', 'cloud-clock']);

/**
 * Brings what a job writes into a folder until the job is over; then once more, so that nothing is missing. A stop that is
 * asked for in the folder is passed on. Settles with the job as it ended, or as it was last seen when the signal says so.
 *
 * @throws {SkilletError} What does not pass: the job is not there, its files may not be read, the folder not be written.
 */
export async function followJob(follow: FollowJob): Promise<Job | null> {
  const { provider, job: ref, folder, signal, now = () => new Date(), wait = waitFor } = follow;
  let last: Job | null = null;
  let isStopSent = false;
  while (!signal.aborted) {
    try {
      const job = await provider.job(ref, signal);
      // Before anything is brought, which may take long or fail while the job goes on costing.
      if (!isStopSent && !isJobOver(job.state) && (await isStopAsked(folder))) {
        isStopSent = true;
        await provider.cancel(ref, signal).catch((error: unknown) => {
          isStopSent = error instanceof SkilletError && error.code === 'cloud-state';
          throw error;
        });
      }
      const bytes = await provider.collect(ref, folder, signal);
      last = job;
      if (isJobOver(job.state)) {
        await endRunOfJob(job, folder, now());
        follow.onLook(job, bytes);
        return job;
      }
      follow.onLook(job, bytes);
    } catch (error) {
      if (signal.aborted) {
        return last;
      }
      if (!(error instanceof SkilletError && (PASSING.has(error.code) || error.code === 'cloud-state'))) {
        throw error;
      }
      follow.onFault(error);
    }
    await wait(follow.isWatched() ? LOOK_MS.live : LOOK_MS.slow, signal);
  }
  return last;
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** What a list knows of a region. */
export interface JobsOfRegion {
  readonly region: string;
  /** Newest first. */
  readonly jobs: readonly Job[];
  /** Whether there are older ones that were not asked for. */
  readonly hasMore: boolean;
  readonly fault: unknown;
  /** Whether it has been listed at all, with or without success. */
  readonly isKnown: boolean;
}

export interface JobListParts {
  readonly provider: Pick<JobVerbs, 'jobs'>;
  readonly regions: readonly string[];
  readonly onChange: () => void;
}

/** The jobs of some regions, as long as somebody sees the list. */
export interface JobList {
  regions(): readonly JobsOfRegion[];
  /** Hidden, nothing is asked; seen again, all at once. */
  show(): void;
  hide(): void;
  /** Looks now. Settles when all regions have answered. */
  refresh(): Promise<void>;
  /** Asks for older ones of a region, too. */
  more(region: string): Promise<void>;
  dispose(): void;
}

/** As many as are listed of a region before more are asked for. */
const FIRST_JOBS = 40;
/** A region that does not answer is told as a fault. */
const LIST_MS = 30_000;

export function createJobList({ provider, regions, onChange }: JobListParts): JobList {
  const known = new Map<string, JobsOfRegion>(
    regions.map((region) => [region, { region, jobs: [], hasMore: false, fault: null, isKnown: false }]),
  );
  const limits = new Map<string, number>();
  const ended = new AbortController();
  let isShown = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  const look = async (region: string): Promise<void> => {
    const limit = limits.get(region) ?? FIRST_JOBS;
    const found = await listUpTo(
      provider,
      { region, limit },
      AbortSignal.any([ended.signal, AbortSignal.timeout(LIST_MS)]),
    );
    if (!ended.signal.aborted) {
      const before = known.get(region);
      // A list that broke off keeps what was known.
      known.set(
        region,
        found.fault === null || before === undefined ? found : { ...before, fault: found.fault, isKnown: true },
      );
      onChange();
    }
  };
  const plan = () => {
    clearTimeout(timer);
    if (isShown && !ended.signal.aborted) {
      const isLive = [...known.values()].some(({ jobs }) => jobs.some(({ state }) => !isJobOver(state)));
      timer = setTimeout(() => void refresh(), isLive ? LOOK_MS.live : LOOK_MS.slow);
    }
  };
  const refresh = (): Promise<void> => {
    clearTimeout(timer);
    running ??= Promise.all(regions.map(look))
      .then(() => undefined)
      .finally(() => {
        running = null;
        plan();
      });
    return running;
  };
  return {
    regions: () => regions.flatMap((region) => known.get(region) ?? []),
    show() {
      isShown = true;
      void refresh();
    },
    hide() {
      isShown = false;
      clearTimeout(timer);
    },
    refresh,
    async more(region) {
      limits.set(region, (limits.get(region) ?? FIRST_JOBS) + FIRST_JOBS);
      await running;
      await refresh();
    },
    dispose() {
      ended.abort();
      clearTimeout(timer);
    },
  };
}

interface ListAsk {
  readonly region: string;
  readonly limit: number;
}

async function listUpTo(
  provider: Pick<JobVerbs, 'jobs'>,
  { region, limit }: ListAsk,
  signal: AbortSignal,
): Promise<JobsOfRegion> {
  const jobs: Job[] = [];
  try {
    for await (const page of provider.jobs(region, signal)) {
      jobs.push(...page);
      if (jobs.length > limit) {
        break;
      }
    }
    return { region, jobs: jobs.slice(0, limit), hasMore: jobs.length > limit, fault: null, isKnown: true };
  } catch (error) {
    const reason =
      (error as Error).name === 'AbortError' || (error as Error).name === 'TimeoutError' ? noAnswer(region) : error;
    return { region, jobs, hasMore: false, fault: reason, isKnown: true };
  }
}

function noAnswer(region: string): SkilletError {
  return new SkilletError('cloud-network', region, {
    message: `did not answer within ${LIST_MS / 1000} seconds.`,
    remedy: 'Refresh to ask again.',
  });
}
