/** What a submission says of the job that it came to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEarlier } from '../../../src/cloud/findEarlier.ts';
import type { Job } from '../../../src/common/cloud/job.ts';

const ASKED_MS = Date.parse('2026-11-25T12:00:00Z');
const JOB: Job = {
  ...{ provider: 'aws', region: 'us-east-1', id: 'skillet-tiny-1', name: 'tiny', state: 'running', stage: 'Training' },
  ...{ reason: null, instanceType: 'ml.m5.large', count: 1, isSpot: false, billedSeconds: null, isOurs: true },
  ...{ createdAt: '2026-11-25T12:00:03Z', startedAt: null, endedAt: null, resourceName: null },
};
const found = (part: Partial<Job>) => findEarlier({ job: async () => ({ ...JOB, ...part }) }, JOB, ASKED_MS);

test('a job that was made before, or is over already, is an earlier one; a new one is not', async () => {
  assert.equal(await found({}), null);
  assert.equal((await found({ createdAt: '2026-11-25T11:54:00Z' }))?.id, JOB.id);
  assert.equal((await found({ createdAt: '2026-11-25T11:58:00Z', state: 'failed' }))?.state, 'failed');
});

test('a job that was made stays told though it cannot be looked at', async () => {
  const provider = { job: () => Promise.reject(Object.assign(new Error('gone'), { name: 'AbortError' })) };
  assert.equal(await findEarlier(provider, JOB, ASKED_MS), null);
});
