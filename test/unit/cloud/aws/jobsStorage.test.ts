/** What is left in S3 by a submission that ends early. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { S3Client } from '@aws-sdk/client-s3';
import { ensureBucket, uploadFolder } from '../../../../src/cloud/aws/jobsStorage.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

type Send = (name: string, input: Readonly<Record<string, unknown>>, signal?: AbortSignal) => Promise<object>;

/** Answers in the place of S3. */
function fakeS3(send: Send): S3Client {
  const client = {
    send: (command: object, { abortSignal }: { abortSignal?: AbortSignal } = {}) =>
      send(command.constructor.name, (command as { input: Record<string, unknown> }).input, abortSignal),
  };
  return client as unknown as S3Client;
}

const never = new AbortController().signal;

test('an upload that fails has no request under way any more, so that what it has sent can be removed', async (t) => {
  const folder = tempFolder(t);
  for (const name of ['a', 'b']) {
    writeFileSync(path.join(folder, name), name);
  }
  let underWay = 0;
  const signs = new EventEmitter();
  const begun = once(signs, 'begun');
  const s3 = fakeS3(async (_name, { Key }, signal) => {
    if (Key === 'bundle/b') {
      await begun;
      throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    }
    underWay += 1;
    signs.emit('begun');
    await new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => setImmediate(resolve), { once: true });
      setTimeout(resolve, 500);
    });
    underWay -= 1;
    return {};
  });
  const upload = { s3, bucket: 'jobs', owner: '1', prefix: 'bundle', folder, note: () => undefined };
  await assert.rejects(uploadFolder(upload, never), { code: 'cloud-permission' });
  assert.equal(underWay, 0);
});

test('a bucket that was made but could not be closed and tagged is taken away again', async () => {
  const asked: string[] = [];
  const s3 = fakeS3(async (name) => {
    asked.push(name);
    const status = { HeadBucketCommand: 404, PutPublicAccessBlockCommand: 500 }[name];
    if (status !== undefined) {
      throw Object.assign(new Error('no'), { name: 'InternalError', $metadata: { httpStatusCode: status } });
    }
    return {};
  });
  const own = { s3, bucket: 'jobs', owner: '1', region: 'eu-west-1', version: '1.0.0' };
  await assert.rejects(ensureBucket(own, never), { code: 'cloud-unavailable' });
  assert.deepEqual(asked, [
    'HeadBucketCommand',
    'CreateBucketCommand',
    'PutPublicAccessBlockCommand',
    'DeleteBucketCommand',
  ]);
});
