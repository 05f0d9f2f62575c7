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
  readonly billedSeconds: number | null;
  readonly isOurs: boolean;
}

/** A line of a job's log. */
export interface JobLogLine {
  readonly at: string;
  readonly text: string;
}
