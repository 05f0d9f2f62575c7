/** Submits a training job to SageMaker, once for each token, and leaves nothing behind of one that was refused. */
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  type TrainingInstanceType,
} from '@aws-sdk/client-sagemaker';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { JobRef } from '../../common/cloud/job.ts';
import { TAGS } from '../../common/cloud/tags.ts';
import { SkilletError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import type { JobRequest } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { jobImage } from './jobsImage.ts';
import { below, checkRequest, jobName, type Place, parsePlace, placeUri } from './jobsNames.ts';
import {
  type Bucket,
  ensureBucket,
  newAttempt,
  ownBucketName,
  removeBucket,
  removeObjects,
  type SdkError,
  uploadFolder,
} from './jobsStorage.ts';

/** Under which a job carries its token. */
const TOKEN = 'skillet-token';

/**
 * Each attempt has a folder of its own, so that removing what one has uploaded cannot take a file from a job that another
 * attempt has made.
 */
export async function submitJob(clients: AwsClients, request: JobRequest, signal: AbortSignal): Promise<JobRef> {
  checkRequest(request);
  const image = request.image ?? jobImage(request);
  const id = jobName(request.name, request.token);
  const ref: JobRef = { provider: 'aws', region: request.region, id };
  const tell = request.tell ?? (() => undefined);
  const there = await findJob(clients, ref, signal);
  if (there !== null) {
    assertSame(there, request);
    tell(`${id} was submitted before; this is that job.`);
    return ref;
  }
  const attempt = await beginAttempt(clients, request, { id, tell, signal });
  try {
    tell('Uploading the files…');
    const { count, bytes } = await uploadFolder({ ...attempt, folder: request.bundle, note: attempt.note }, signal);
    tell(`Uploaded ${count} file${count === 1 ? '' : 's'}, ${formatBytes(bytes)}, to ${placeUri(attempt.place)}.`);
    signal.throwIfAborted();
    const other = await createJob(
      clients,
      toTrainingJob(request, { id, image, place: attempt.place, bytes, version: clients.version }),
      {
        request,
        ref,
      },
    );
    if (other !== null) {
      await removeObjects(attempt, attempt.keys); // That job has files of its own.
      tell(`${id} was submitted before; this is that job.`);
      return ref;
    }
    tell(`Submitted ${id}.`);
    return ref;
  } catch (error) {
    throw await withdraw(error, attempt, tell);
  }
}

interface Attempt extends Bucket {
  readonly place: Place;
  readonly prefix: string;
  readonly keys: string[];
  /** Whether the bucket was made for it. */
  readonly isBucketNew: boolean;
  note(key: string): void;
}

interface AttemptAsk {
  readonly id: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

async function beginAttempt(
  clients: AwsClients,
  request: JobRequest,
  { id, tell, signal }: AttemptAsk,
): Promise<Attempt> {
  const { region, storage } = request;
  const owner = await accountOf(clients, region, signal);
  const s3 = clients.of('s3', region);
  const named = storage === undefined ? { bucket: ownBucketName(owner, region), prefix: '' } : parsePlace(storage);
  const bucket = { s3, bucket: named.bucket, owner };
  const isBucketNew =
    storage === undefined && (await ensureBucket({ ...bucket, region, version: clients.version }, signal));
  if (isBucketNew) {
    tell(`Made the bucket ${named.bucket} for the files of jobs; it stays, and costs by what lies in it.`);
  }
  const place = below(named, `jobs/${id}/${newAttempt()}`);
  const keys: string[] = [];
  return { ...bucket, place, prefix: `${place.prefix}/bundle`, keys, isBucketNew, note: (key) => void keys.push(key) };
}

async function accountOf(clients: AwsClients, region: string, signal: AbortSignal): Promise<string> {
  try {
    const { Account } = await clients.of('sts', region).send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    return Account ?? '';
  } catch (error) {
    throw toCloudError(error, 'account');
  }
}

interface Terms {
  readonly id: string;
  readonly image: string;
  readonly place: Place;
  readonly bytes: number;
  readonly version: string;
}

/** Room for the image's own writing, and for what the job makes of its files. */
const DISK_GB = 50;

function toTrainingJob(request: JobRequest, { id, image, place, bytes, version }: Terms): CreateTrainingJobRequest {
  const uri = (folder: string) => placeUri(below(place, folder));
  const { spot, maximumSeconds } = request;
  return {
    TrainingJobName: id,
    AlgorithmSpecification: {
      TrainingImage: image,
      TrainingInputMode: 'File',
      ContainerEntrypoint: ['/bin/bash', '/opt/ml/input/data/bundle/entry.sh'],
    },
    RoleArn: request.role,
    InputDataConfig: [
      {
        ChannelName: 'bundle',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: `${uri('bundle')}/`,
            S3DataDistributionType: 'FullyReplicated',
          },
        },
        InputMode: 'File',
      },
    ],
    OutputDataConfig: { S3OutputPath: uri('output') },
    CheckpointConfig: { S3Uri: uri('checkpoints'), LocalPath: '/opt/ml/checkpoints' },
    ResourceConfig: {
      InstanceType: request.instanceType as TrainingInstanceType,
      InstanceCount: request.count,
      VolumeSizeInGB: DISK_GB + Math.ceil((bytes / 1e9) * 3),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: maximumSeconds,
      ...(spot === null ? {} : { MaxWaitTimeInSeconds: Math.max(spot.maximumWaitSeconds, maximumSeconds) }),
    },
    EnableManagedSpotTraining: spot !== null,
    HyperParameters: { [TOKEN]: request.token },
    ...(Object.keys(request.environment).length === 0 ? {} : { Environment: { ...request.environment } }),
    Tags: [
      { Key: TAGS.owner, Value: version },
      { Key: TAGS.launch, Value: request.token },
    ],
  };
}

/** Refused for certain: by the first and only request, and there is no such job. */
class Refused extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('refused');
    this.reason = reason;
  }
}

interface Asked {
  readonly request: JobRequest;
  readonly ref: JobRef;
}

/**
 * Not to be aborted: a request that is cut off may have been carried out.
 *
 * @returns Null for the job that was asked for; else the one that another window has made of the same meanwhile.
 */
async function createJob(
  clients: AwsClients,
  input: CreateTrainingJobRequest,
  { request, ref }: Asked,
): Promise<DescribeTrainingJobResponse | null> {
  const sagemaker = clients.of('sagemaker', ref.region);
  try {
    await sagemaker.send(new CreateTrainingJobCommand(input));
    return null;
  } catch (error) {
    const never = new AbortController().signal;
    const isUnsure = !isRefused(error);
    const found = await lookForJob(clients, ref, { times: isUnsure ? 3 : 1, signal: never });
    if (found !== null && found !== 'unknown') {
      assertSame(found, request);
      const place = found.OutputDataConfig?.S3OutputPath;
      const own = input.OutputDataConfig?.S3OutputPath ?? '';
      return place === undefined || place.startsWith(own) ? null : found;
    }
    if (isUnsure || found === 'unknown') {
      throw unfinished(ref);
    }
    throw new Refused(toRefusal(error, ref, request));
  }
}

/** By the first request and for good: of several attempts an earlier one may have been heard. */
function isRefused(error: unknown): boolean {
  const { httpStatusCode: status = 0, attempts } = (error as SdkError).$metadata ?? {};
  return attempts === 1 && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** A pause between two looks: SageMaker may list what it has just made a moment later. */
const LOOK_MS = 1000;

async function lookForJob(
  clients: AwsClients,
  ref: JobRef,
  { times, signal }: { readonly times: number; readonly signal: AbortSignal },
): Promise<DescribeTrainingJobResponse | 'unknown' | null> {
  for (let look = 1; ; look += 1) {
    const found = await findJob(clients, ref, signal).catch((): 'unknown' => 'unknown');
    if ((found !== null && found !== 'unknown') || look === times) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function unfinished({ id, region }: JobRef): SkilletError {
  return new SkilletError('cloud-unfinished', id, {
    message: `The connection broke while the job was being made, so it may be there (in ${region}) and cost.`,
    remedy: `Look for it in a minute among the jobs of ${region}. Submitting the same again finds it, or makes it: never a second one.`,
  });
}

const QUOTA_URL = (region: string) =>
  `https://${region}.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas`;

function toRefusal(error: unknown, { id, region }: JobRef, { instanceType, role }: JobRequest): unknown {
  const { name = '', message = '' } = error as Error;
  if (name === 'ResourceLimitExceeded') {
    return new SkilletError('cloud-quota', instanceType, {
      message: `The quota of the account does not allow it: ${message.replace(/\.?$/, '.')}`,
      remedy: `Ask for more at ${QUOTA_URL(region)}, or take another kind of machine or region.`,
    });
  }
  if (name === 'ValidationException' && /assume|role/i.test(message)) {
    return new SkilletError('cloud-permission', role, {
      message: `The role cannot be used: ${message.replace(/\.?$/, '.')}`,
      remedy: 'Let sagemaker.amazonaws.com assume it, and let it read and write the storage; see docs/jobs.md.',
    });
  }
  if (name === 'ValidationException') {
    return new SkilletError('cloud-refused', id, {
      message: `SageMaker refuses the job: ${message.replace(/\.?$/, '.')}`,
      remedy: 'Mend what it names, and submit it again.',
    });
  }
  return toCloudError(error, id);
}

/**
 * Takes back what an attempt has uploaded, where no job can be using it: nobody else knows its folder, and its own job was
 * not asked for, or refused for certain.
 */
async function withdraw(error: unknown, attempt: Attempt, tell: (sentence: string) => void): Promise<unknown> {
  const isCertain = error instanceof Refused || !(error instanceof SkilletError && isAfterAsking(error));
  const reason = error instanceof Refused ? error.reason : error;
  if (!isCertain) {
    tell(`Kept the files at ${placeUri(attempt.place)}, as the job may need them.`);
    return reason;
  }
  const isGone = await removeObjects(attempt, attempt.keys);
  if (!isGone) {
    tell(`Some files could not be removed from ${placeUri(attempt.place)}.`);
  } else if (attempt.isBucketNew) {
    const isRemoved = await removeBucket(attempt);
    tell(
      isRemoved
        ? `Removed the bucket ${attempt.bucket} again.`
        : `The bucket ${attempt.bucket} stays; it is empty and costs nothing.`,
    );
  }
  return reason;
}

const isAfterAsking = ({ code }: SkilletError) => code === 'cloud-unfinished' || code === 'cloud-name-taken';

/** Null where there is none. @throws {SkilletError} */
export async function findJob(
  clients: AwsClients,
  { id, region }: JobRef,
  signal: AbortSignal,
): Promise<DescribeTrainingJobResponse | null> {
  try {
    const command = new DescribeTrainingJobCommand({ TrainingJobName: id });
    return await clients.of('sagemaker', region).send(command, { abortSignal: signal });
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw toCloudError(error, id);
  }
}

/** SageMaker says "Requested resource not found." as though the request were wrong. */
function isMissing(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === 'ResourceNotFound' || (name === 'ValidationException' && /not found|not find/i.test(message));
}

/** @throws {SkilletError} `cloud-name-taken`. */
function assertSame(found: DescribeTrainingJobResponse, { token }: JobRequest): void {
  if (found.HyperParameters?.[TOKEN] !== token) {
    throw new SkilletError('cloud-name-taken', found.TrainingJobName ?? '', {
      message: 'is another job, which was not submitted like this.',
      remedy: 'Give the recipe or the script another name.',
    });
  }
}
