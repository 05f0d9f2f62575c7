/** Jobs as SageMaker tells them, in the words that all providers share. */
import {
  type DescribeTrainingJobResponse,
  paginateListTrainingJobs,
  type SecondaryStatus,
  type TrainingJobSummary,
} from '@aws-sdk/client-sagemaker';
import { isJobOver, type Job, type JobState } from '../../common/cloud/job.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { JOB_PREFIX, shownName } from './jobsNames.ts';
import { findJob } from './jobsSubmit.ts';

/** While a job is in progress its second status says whether it computes already. */
const WAITING: ReadonlySet<SecondaryStatus | undefined> = new Set<SecondaryStatus | undefined>([
  'Starting',
  'LaunchingMLInstances',
  'PreparingTrainingStack',
  'Downloading',
  'DownloadingTrainingImage',
  'Pending',
  'Interrupted',
  'Restarting',
]);

const STAGES: Readonly<Partial<Record<SecondaryStatus, string>>> = {
  LaunchingMLInstances: 'Launching machines',
  PreparingTrainingStack: 'Preparing',
  Downloading: 'Downloading files',
  DownloadingTrainingImage: 'Downloading image',
  MaxRuntimeExceeded: 'Reached its time limit',
  MaxWaitTimeExceeded: 'Waited too long for a machine',
};

function toState({ TrainingJobStatus: status, SecondaryStatus: second }: DescribeTrainingJobResponse): JobState {
  switch (status) {
    case 'Completed':
      return 'completed';
    case 'Failed':
      return 'failed';
    case 'Stopped':
      return 'stopped';
    case 'Stopping':
      return 'stopping';
    default:
      return WAITING.has(second) ? 'pending' : 'running';
  }
}

export function toJob(found: DescribeTrainingJobResponse, region: string): Job {
  const state = toState(found);
  const second = found.SecondaryStatus;
  const last = found.SecondaryStatusTransitions?.at(-1)?.StatusMessage;
  const isTimeUp = second === 'MaxRuntimeExceeded' || second === 'MaxWaitTimeExceeded';
  const stage = second === undefined ? null : (STAGES[second] ?? second);
  return {
    provider: 'aws',
    region,
    id: found.TrainingJobName ?? '',
    name: shownName(found.TrainingJobName ?? ''),
    state,
    stage: isJobOver(state) && !isTimeUp ? null : stage,
    reason: found.FailureReason ?? (isTimeUp || second === 'Interrupted' ? (last ?? null) : null),
    instanceType: found.ResourceConfig?.InstanceType ?? '',
    count: found.ResourceConfig?.InstanceCount ?? 1,
    isSpot: found.EnableManagedSpotTraining === true,
    createdAt: found.CreationTime?.toISOString() ?? null,
    startedAt: found.TrainingStartTime?.toISOString() ?? null,
    endedAt: found.TrainingEndTime?.toISOString() ?? null,
    billedSeconds: found.BillableTimeInSeconds ?? null,
    isOurs: (found.TrainingJobName ?? '').startsWith(JOB_PREFIX),
    resourceName: found.TrainingJobArn ?? null,
  };
}

const PAGE = 20;
const PARALLEL = 4;

/**
 * Skillet's jobs of a region, newest first. The list says little of each, so each is asked for by itself; one that is over
 * is asked for once, as it does not change any more.
 */
export async function* listJobs(
  clients: AwsClients,
  { region, over }: { readonly region: string; readonly over: Map<string, Job> },
  signal: AbortSignal,
): AsyncGenerator<readonly Job[]> {
  const pages = paginateListTrainingJobs(
    { client: clients.of('sagemaker', region), pageSize: PAGE },
    { NameContains: JOB_PREFIX, SortBy: 'CreationTime', SortOrder: 'Descending' },
    { abortSignal: signal },
  );
  try {
    for await (const page of pages) {
      const ours = (page.TrainingJobSummaries ?? []).filter((job) => job.TrainingJobName?.startsWith(JOB_PREFIX));
      const jobs = await describeAll(clients, { region, over, ours }, signal);
      yield jobs.sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1));
    }
  } catch (error) {
    throw toCloudError(error, region);
  }
}

interface Listed {
  readonly region: string;
  readonly over: Map<string, Job>;
  readonly ours: readonly TrainingJobSummary[];
}

async function describeAll(clients: AwsClients, { region, over, ours }: Listed, signal: AbortSignal): Promise<Job[]> {
  const waiting = [...ours];
  const jobs: Job[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const id = next.TrainingJobName ?? '';
      const key = next.TrainingJobArn ?? `${region}/${id}`;
      const known = over.get(key);
      const found = known === undefined ? await findJob(clients, { provider: 'aws', region, id }, signal) : null;
      const job = known ?? (found === null ? null : toJob(found, region));
      if (job !== null) {
        jobs.push(job);
        if (isJobOver(job.state)) {
          over.set(key, job);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return jobs;
}
