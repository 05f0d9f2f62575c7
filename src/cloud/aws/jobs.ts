/** Training jobs of SageMaker: submitted, watched, read, stopped and brought back. */
import { StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { isJobOver, type Job, type JobRef } from '../../common/cloud/job.ts';
import { SkilletError } from '../../common/errors.ts';
import { collectFiles } from '../collectFiles.ts';
import type { JobVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { placesOf, s3Files } from './jobsCollect.ts';
import { readJobLog } from './jobsLogs.ts';
import { listJobs, toJob } from './jobsRead.ts';
import { findJob, submitJob } from './jobsSubmit.ts';
import { listJobTypes } from './jobsTypes.ts';

export function createJobVerbs(clients: AwsClients): JobVerbs {
  const over = new Map<string, Job>();
  let account: Promise<string> | null = null;
  const owner = (region: string) => {
    account ??= clients
      .of('sts', region)
      .send(new GetCallerIdentityCommand({}))
      .then(({ Account = '' }) => Account);
    account.catch(() => {
      account = null; // Signed in anew, it may be known.
    });
    return account;
  };
  const describe = async (ref: JobRef, signal: AbortSignal) => {
    const found = await findJob(clients, ref, signal);
    if (found === null) {
      throw new SkilletError('cloud-not-found', ref.id, {
        message: `is no training job of this account in ${ref.region}.`,
        remedy: 'Check the name, the region and the profile.',
      });
    }
    return found;
  };
  const job: JobVerbs['job'] = async (ref, signal) => toJob(await describe(ref, signal), ref.region);
  return {
    job,
    submit: (request, signal) => submitJob(clients, request, signal),
    jobs: (region, signal) => listJobs(clients, { region, over }, signal),
    logs: (ref, cursor, signal) => readJobLog(clients, { job: ref, cursor }, signal),
    jobTypes: (region, signal) => listJobTypes(clients, region, signal),
    jobUrl,
    async cancel(ref, signal) {
      const { state } = await job(ref, signal);
      if (isJobOver(state)) {
        throw isOver(ref, state);
      }
      if (state !== 'stopping') {
        await stop(clients, ref, signal);
      }
    },
    async collect(ref, folder, signal) {
      const places = placesOf(await describe(ref, signal));
      const id = await owner(ref.region).catch((error) => {
        throw toCloudError(error, 'account');
      });
      return collectFiles(s3Files({ s3: clients.of('s3', ref.region), owner: id }, places), folder, signal);
    },
  };
}

async function stop(clients: AwsClients, ref: JobRef, signal: AbortSignal): Promise<void> {
  try {
    const command = new StopTrainingJobCommand({ TrainingJobName: ref.id });
    await clients.of('sagemaker', ref.region).send(command, { abortSignal: signal });
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ValidationException' && /(completed|failed|stopped|terminal|status)/i.test(message)) {
      throw isOver(ref, 'over'); // It ended between the look and the request.
    }
    throw toCloudError(error, ref.id);
  }
}

function isOver({ id }: JobRef, state: string): SkilletError {
  return new SkilletError('cloud-state', id, {
    message: `cannot be stopped: it is ${state} already.`,
    remedy: 'Collect what it has written.',
  });
}

function jobUrl({ region, id }: JobRef): string {
  const host = region.startsWith('cn-')
    ? `${region}.console.amazonaws.cn`
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : `${region}.console.aws.amazon.com`;
  return `https://${host}/sagemaker/home?region=${region}#/jobs/${id}`;
}
