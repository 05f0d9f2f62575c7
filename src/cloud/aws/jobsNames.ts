/** Names that jobs and their files have at AWS, and the rules that a request must keep. */
import { createHash } from 'node:crypto';
import { SkilletError } from '../../common/errors.ts';
import type { JobRequest } from '../provider.ts';

/** Of all jobs that Skillet submits: it finds them by it without asking for the tags of each. */
export const JOB_PREFIX = 'skillet-';

/**
 * The same for the same token, as a job's name is taken once for all: a second submission with it finds the first one's job.
 * At most 63 letters, digits and single hyphens.
 */
export function jobName(name: string, token: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replace(/^-+|-+$/g, '');
  const hash = createHash('sha256').update(token).digest('hex').slice(0, 12);
  return `${JOB_PREFIX}${slug === '' ? 'job' : slug}-${hash}`;
}

/** What {@link jobName} was made of, for people. */
export function shownName(id: string): string {
  return /^skillet-(.+)-[0-9a-f]{12}$/.exec(id)?.[1] ?? id;
}

export interface Place {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
}

/** @throws {SkilletError} `cloud-profile`. */
export function parsePlace(storage: string): Place {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(storage) ?? [];
  if (bucket === undefined) {
    throw new SkilletError('cloud-profile', 'storage', {
      message: `"${storage}" is no place in S3.`,
      remedy: 'Write it as s3://bucket or s3://bucket/prefix.',
    });
  }
  return { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
}

export const placeUri = ({ bucket, prefix }: Place) => `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;

export const below = ({ bucket, prefix }: Place, more: string): Place => ({
  bucket,
  prefix: prefix === '' ? more : `${prefix}/${more}`,
});

/** Days that SageMaker lets a training job run at most (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html). */
const LONGEST_SECONDS = 28 * 24 * 3600;

/** @throws {SkilletError} `cloud-profile`: what AWS would refuse, or would take and do something else. */
export function checkRequest(request: JobRequest): void {
  const wrong = (field: string, message: string, remedy: string) =>
    new SkilletError('cloud-profile', field, { message, remedy });
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(request.role)) {
    const remedy = 'Give the ARN of a role that SageMaker may assume: arn:aws:iam::123456789012:role/name.';
    throw wrong('role', `"${request.role}" is no ARN of a role.`, remedy);
  }
  if (!/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/.test(request.instanceType)) {
    const remedy = 'SageMaker calls its machines ml.g5.xlarge, for example.';
    throw wrong('instanceType', `"${request.instanceType}" is no kind of machine that jobs run on.`, remedy);
  }
  if (!(request.maximumSeconds >= 60 && request.maximumSeconds <= LONGEST_SECONDS)) {
    throw wrong(
      'maximumSeconds',
      `${request.maximumSeconds} is no time that a job may take.`,
      'Give one minute to 28 days.',
    );
  }
  if (!Number.isInteger(request.count) || request.count < 1) {
    throw wrong('count', `${request.count} is no number of machines.`, 'Give 1 or more.');
  }
  if (request.program.type === 'recipe' && request.count > 1) {
    throw wrong(
      'count',
      `${request.count} machines would each train the same recipe.`,
      'Take one machine with more cards.',
    );
  }
  if (request.image !== undefined && !/^[^\s]{1,255}$/.test(request.image)) {
    throw wrong('image', `"${request.image}" is no image.`, "Give the image's URI in Amazon ECR.");
  }
}
