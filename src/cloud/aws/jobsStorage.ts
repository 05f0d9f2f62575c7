/** Where the files of jobs lie in S3. Every request names the account that must own the bucket. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { TAGS } from '../../common/cloud/tags.ts';
import { SkilletError } from '../../common/errors.ts';
import { toCloudError } from './awsErrors.ts';

/** What the SDK's errors have beside their name and message. */
export interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

export interface Bucket {
  readonly s3: S3Client;
  readonly bucket: string;
  /** The account that must own it. */
  readonly owner: string;
}

export interface OwnBucket extends Bucket {
  readonly region: string;
  readonly version: string;
}

const ELSEWHERE = 'Name a bucket of yours instead: s3://bucket/prefix.';

/**
 * Makes Skillet's own bucket where it is not there: closed to the public, and tagged.
 *
 * @returns Whether it was made now.
 * @throws {SkilletError} `cloud-name-taken`: another account has that name. `cloud-permission`.
 */
export async function ensureBucket(own: OwnBucket, signal: AbortSignal): Promise<boolean> {
  const { s3, bucket, owner, region } = own;
  const call = { abortSignal: signal };
  const head = await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: owner }), call).then(
    () => null,
    (error: SdkError) => error,
  );
  if (head === null) {
    return false;
  }
  const status = head.$metadata?.httpStatusCode;
  if (status === 403) {
    throw new SkilletError('cloud-permission', bucket, {
      message: 'may not be used: it belongs to another account, or s3:ListBucket is not allowed.',
      remedy: ELSEWHERE,
    });
  }
  if (status !== 404) {
    throw toCloudError(head, bucket);
  }
  const place =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket, ...place }), call);
  } catch (error) {
    if ((error as Error).name === 'BucketAlreadyOwnedByYou') {
      return false; // Another window was faster.
    }
    if ((error as Error).name === 'BucketAlreadyExists') {
      throw new SkilletError('cloud-name-taken', bucket, {
        message: 'is a bucket of another account.',
        remedy: ELSEWHERE,
      });
    }
    throw toCloudError(error, bucket);
  }
  try {
    await dress(own, signal);
  } catch (error) {
    await removeBucket(own); // Nobody would be told of it.
    throw error;
  }
  return true;
}

/** New buckets are closed to the public anyway, so an account that may not say so itself loses nothing. */
async function dress({ s3, bucket, owner, version }: OwnBucket, signal: AbortSignal): Promise<void> {
  const named = { Bucket: bucket, ExpectedBucketOwner: owner };
  const closed = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const commands = [
    () => s3.send(new PutPublicAccessBlockCommand({ ...named, PublicAccessBlockConfiguration: closed })),
    () =>
      s3.send(new PutBucketTaggingCommand({ ...named, Tagging: { TagSet: [{ Key: TAGS.owner, Value: version }] } })),
  ];
  for (const send of commands) {
    signal.throwIfAborted();
    await send().catch((error: SdkError) => {
      if (error.$metadata?.httpStatusCode !== 403) {
        throw toCloudError(error, bucket);
      }
    });
  }
}

/** Only an empty one goes, so nothing of anybody else's can be lost. */
export async function removeBucket({ s3, bucket, owner }: Bucket): Promise<boolean> {
  return s3.send(new DeleteBucketCommand({ Bucket: bucket, ExpectedBucketOwner: owner })).then(
    () => true,
    () => false,
  );
}

/** Larger files go in pieces, each of which can be sent again by itself. */
const PIECE_BYTES = 64 << 20;
/** S3 takes at most 10,000 pieces. */
const MOST_BYTES = PIECE_BYTES * 10_000;
const PARALLEL = 4;

export interface Upload extends Bucket {
  /** Where the folder's files go. */
  readonly prefix: string;
  readonly folder: string;
  /** Called with each key before it is sent. */
  note(key: string): void;
}

/**
 * Uploads all files of a folder. Where one fails, nothing is under way any more when it throws: what arrived later would
 * be there after all had been removed, and cost.
 *
 * @returns How many, and their bytes.
 */
export async function uploadFolder(upload: Upload, wanted: AbortSignal): Promise<{ count: number; bytes: number }> {
  const entries = await readdir(upload.folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const waiting = files.sort();
  const failed = new AbortController();
  const signal = AbortSignal.any([wanted, failed.signal]);
  let bytes = 0;
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      signal.throwIfAborted();
      const key = `${upload.prefix}/${path.relative(upload.folder, file).replaceAll(path.sep, '/')}`;
      upload.note(key);
      bytes += await uploadFile(upload, { file, key }, signal);
    }
  };
  const workers = Array.from({ length: PARALLEL }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(workers);
    throw toStorageError(error, upload.bucket);
  }
  return { count: files.length, bytes };
}

interface FileUpload {
  readonly file: string;
  readonly key: string;
}

async function uploadFile(
  { s3, bucket, owner }: Bucket,
  { file, key }: FileUpload,
  signal: AbortSignal,
): Promise<number> {
  const { size } = await stat(file);
  if (size > MOST_BYTES) {
    throw new SkilletError('cloud-file', file, {
      message: `is larger than S3 takes (${Math.round(size / 1e9)} GB).`,
      remedy: 'Split it.',
    });
  }
  const named = { Bucket: bucket, Key: key, ExpectedBucketOwner: owner };
  const call = { abortSignal: signal };
  if (size <= PIECE_BYTES) {
    await s3.send(new PutObjectCommand({ ...named, Body: await readFile(file) }), call);
    return size;
  }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(named), call);
  const upload = { ...named, UploadId };
  try {
    const parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for (let start = 0, PartNumber = 1; start < size; start += PIECE_BYTES, PartNumber += 1) {
      const Body = await readPiece(file, start);
      const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }), call);
      parts.push({ ETag, PartNumber });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }), call);
  } catch (error) {
    // Pieces of an upload that never ends are billed.
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
  return size;
}

async function readPiece(file: string, start: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { start, end: start + PIECE_BYTES - 1 })) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Removes what one attempt has uploaded, and nothing else. @returns Whether all of it is gone. */
export async function removeObjects({ s3, bucket, owner }: Bucket, keys: readonly string[]): Promise<boolean> {
  let isAllGone = true;
  for (const Key of keys) {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, ExpectedBucketOwner: owner })).catch(() => {
      isAllGone = false;
    });
  }
  return isAllGone;
}

/** S3 answers with a redirection where the bucket lies in another region. */
export function toStorageError(error: unknown, bucket: string): unknown {
  const status = (error as SdkError | undefined)?.$metadata?.httpStatusCode;
  if ((error as Error | undefined)?.name === 'PermanentRedirect' || status === 301) {
    return new SkilletError('cloud-profile', bucket, {
      message: 'lies in another region than the job.',
      remedy: 'Name a bucket of the same region, or run the job where the bucket is.',
    });
  }
  return toCloudError(error, bucket);
}

/** A part of a place that no other submission has. */
export const newAttempt = () => randomUUID().slice(0, 8);

export const ownBucketName = (account: string, region: string) => `skillet-${account}-${region}`;
