/** The files that a job has written to S3, as the folder of a run has them. */
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import type { RemoteFile, RemoteFiles } from '../collectFiles.ts';
import { below, type Place, parsePlace } from './jobsNames.ts';
import { type Bucket, toStorageError } from './jobsStorage.ts';

/** What SageMaker copies all the time, and what it stores at the end. */
export function placesOf(job: DescribeTrainingJobResponse): { checkpoints: Place | null; output: Place | null } {
  const checkpoints = job.CheckpointConfig?.S3Uri;
  const output = job.OutputDataConfig?.S3OutputPath;
  return {
    checkpoints: checkpoints === undefined ? null : parsePlace(checkpoints),
    output: output === undefined ? null : below(parsePlace(output), `${job.TrainingJobName}/output`),
  };
}

/** The run's folder becomes the folder itself; what a script has put beside it and what the service has packed lie below. */
function placeInFolder(name: string): string {
  return name.startsWith('run/') ? name.slice('run/'.length) : `checkpoint-files/${name}`;
}

interface Listed extends RemoteFile {
  readonly key: string;
  readonly bucket: string;
}

/** @param storage Without its bucket's name, which each place has. */
export function s3Files(
  { s3, owner }: Omit<Bucket, 'bucket'>,
  { checkpoints, output }: ReturnType<typeof placesOf>,
): RemoteFiles {
  const keys = new Map<string, Listed>();
  const list = async (place: Place, toPath: (name: string) => string, signal: AbortSignal): Promise<Listed[]> => {
    const { bucket, prefix } = place;
    const ask = { Bucket: bucket, Prefix: `${prefix}/`, ExpectedBucketOwner: owner };
    const found: Listed[] = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, ask, { abortSignal: signal })) {
      for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
        const name = Key.slice(prefix.length + 1);
        // A name that ends in a slash is a folder that some tools make.
        if (name !== '' && !name.endsWith('/')) {
          found.push({ path: toPath(name), bytes: Size, tag: ETag, key: Key, bucket });
        }
      }
    }
    return found;
  };
  return {
    async list(signal) {
      try {
        const run = checkpoints === null ? [] : await list(checkpoints, placeInFolder, signal);
        const packed = output === null ? [] : await list(output, (name) => `output/${name}`, signal);
        const all = [...run, ...packed];
        for (const file of all) {
          keys.set(file.path, file);
        }
        return all;
      } catch (error) {
        throw toStorageError(error, (checkpoints ?? output)?.bucket ?? 'storage');
      }
    },
    async read(file, { from, isExact }, signal) {
      const { key, bucket } = keys.get(file.path) ?? { key: '', bucket: '' };
      try {
        const { Body } = await s3.send(
          new GetObjectCommand({
            ...{ Bucket: bucket, Key: key, ExpectedBucketOwner: owner },
            ...(from > 0 ? { Range: `bytes=${from}-` } : {}),
            ...(isExact ? { IfMatch: file.tag } : {}),
          }),
          { abortSignal: signal },
        );
        return (Body as AsyncIterable<Uint8Array> | undefined) ?? null;
      } catch (error) {
        const { name } = error as Error;
        if (name === 'PreconditionFailed' || name === 'NoSuchKey' || name === 'InvalidRange') {
          return null;
        }
        throw toStorageError(error, bucket);
      }
    },
  };
}
