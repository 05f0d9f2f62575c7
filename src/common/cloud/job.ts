/** A recipe or a script that a provider's managed service runs. */
import type { ProviderId } from './instance.ts';

export type JobState = 'pending' | 'running' | 'stopping' | 'completed' | 'failed' | 'stopped';

export interface JobRef {
  readonly provider: ProviderId;
  readonly region: string;
  /** The provider's own name of it. */
  readonly id: string;
}

export interface Job extends JobRef {
  readonly name: string;
  readonly state: JobState;
  /** The provider's word for what it does now: `Downloading`, `Training`. */
  readonly stage: string | null;
  /** Why it failed or was stopped, in the provider's words. */
  readonly reason: string | null;
  readonly instanceType: string;
  readonly count: number;
  readonly isSpot: boolean;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Of one machine; null while the provider does not say. */
  readonly billedSeconds: number | null;
  readonly isOurs: boolean;
  /** The provider's full name of it, as its other tools want it: at AWS the ARN. */
  readonly resourceName: string | null;
}

/** A line of a job's log. */
export interface JobLogLine {
  readonly at: string;
  readonly text: string;
}

/** A machine that jobs can run on, in one region. */
export interface JobType {
  /** As a job names it: `ml.g5.xlarge`. */
  readonly instanceType: string;
  readonly vcpus: number | null;
  /** In the provider's words: `16 GiB`. */
  readonly memory: string | null;
  /** `1 × A10G`; null without a card. */
  readonly gpu: string | null;
  /** Of one machine, on demand; null where it is not known. */
  readonly perHourUsd: number | null;
}

/** Whether nothing will happen with it any more. */
export function isJobOver(state: JobState): boolean {
  return state === 'completed' || state === 'failed' || state === 'stopped';
}

/** What a job costs, as far as it can be said. */
export interface JobCost {
  readonly usd: number;
  /** `billed`: by the provider's own seconds. `atMost`: reckoned from its start, as though all of it were billed. */
  readonly kind: 'billed' | 'atMost';
}

/**
 * Machines alone, without storage and logs. What the provider bills of a spot job is already less, so its seconds are
 * multiplied by the price on demand (https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html).
 *
 * @param perHourUsd Of one machine, on demand. @returns Null where it is not known.
 */
export function jobCost(job: Job, perHourUsd: number | null, nowMs: number): JobCost | null {
  if (perHourUsd === null) {
    return null;
  }
  const toUsd = (seconds: number) => (seconds / 3600) * perHourUsd * job.count;
  if (job.billedSeconds !== null) {
    return { usd: toUsd(job.billedSeconds), kind: 'billed' };
  }
  if (job.startedAt === null) {
    return isJobOver(job.state) ? null : { usd: 0, kind: 'atMost' };
  }
  if (job.endedAt === null && isJobOver(job.state)) {
    return null;
  }
  const endMs = job.endedAt === null ? nowMs : Date.parse(job.endedAt);
  return { usd: toUsd(Math.max(0, endMs - Date.parse(job.startedAt)) / 1000), kind: 'atMost' };
}

/** `$1.21`, `≤ $0.40`; `?` where it is not known. */
export function formatJobCost(cost: JobCost | null): string {
  if (cost === null) {
    return '$?';
  }
  return cost.kind === 'atMost' ? `≤ $${upToCents(cost.usd)}` : `$${cost.usd.toFixed(2)}`;
}

/** What is promised not to be exceeded is not rounded down. */
function upToCents(usd: number): string {
  return (Math.ceil(usd * 100 - 1e-9) / 100).toFixed(2);
}

/** `$1.41/h`, `$0.115/h`; `price not known` where it is not. */
export function formatPerHour(perHourUsd: number | null): string {
  return perHourUsd === null ? 'price not known' : `$${perHourUsd.toFixed(perHourUsd < 1 ? 3 : 2)}/h`;
}

export interface JobPlan {
  readonly instanceType: string;
  readonly count: number;
  readonly maximumSeconds: number;
  readonly isSpot: boolean;
  readonly perHourUsd: number | null;
}

/** What a person agrees to before a job is submitted: the price of an hour, and the most that it can come to. */
export function describeJobPlan(plan: JobPlan): string {
  const hours = plan.maximumSeconds / 3600;
  const machines = `${plan.count === 1 ? '' : `${plan.count} × `}${plan.instanceType}`;
  const limit = `${hours === 1 ? 'one hour' : `${Number(hours.toFixed(2))} hours`} at most`;
  if (plan.perHourUsd === null) {
    return `${machines} for ${limit}. Its price is not known here, nor what it can come to.`;
  }
  const perHour = plan.perHourUsd * plan.count;
  const spot = plan.isSpot ? ' As spot it usually costs less; the price is known once it has ended.' : '';
  return `${machines}: ${formatPerHour(perHour)} for ${limit}, so no more than $${upToCents(perHour * hours)}.${spot} Storage and logs are billed besides.`;
}
