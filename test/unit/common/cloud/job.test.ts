/** What jobs cost, and how they read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeJobPlan, formatJobCost, type Job, jobCost } from '../../../../src/common/cloud/job.ts';
import { describeJob, explainJob } from '../../../../src/common/cloud/jobText.ts';

const nowMs = Date.parse('2026-11-25T12:00:00Z');
const JOB: Job = {
  ...{ provider: 'aws', region: 'us-east-1', id: 'skillet-tiny-1', name: 'tiny', state: 'running', stage: 'Training' },
  ...{ reason: null, instanceType: 'ml.g5.xlarge', count: 2, isSpot: true, billedSeconds: null, isOurs: true },
  ...{ createdAt: '2026-11-25T11:20:00Z', startedAt: '2026-11-25T11:30:00Z', endedAt: null, resourceName: null },
};

test('a running job costs at most what its machines have cost since its start', () => {
  assert.deepEqual(jobCost(JOB, 1.408, nowMs), { usd: 1.408, kind: 'atMost' });
  assert.deepEqual(jobCost({ ...JOB, startedAt: null, state: 'pending' }, 1.408, nowMs), { usd: 0, kind: 'atMost' });
});

test('what is billed counts as soon as it is told, and nothing that is not known is made up', () => {
  assert.deepEqual(jobCost({ ...JOB, state: 'completed', billedSeconds: 900 }, 1.408, nowMs), {
    usd: 0.704,
    kind: 'billed',
  });
  assert.equal(jobCost(JOB, null, nowMs), null);
  assert.equal(jobCost({ ...JOB, state: 'stopped' }, 1.408, nowMs), null);
  assert.equal(formatJobCost(null), '$?');
});

test('a bound is never rounded down', () => {
  assert.equal(formatJobCost({ usd: 0.001, kind: 'atMost' }), '≤ $0.01');
  assert.equal(formatJobCost({ usd: 0.001, kind: 'billed' }), '$0.00');
  assert.equal(formatJobCost({ usd: 0.23, kind: 'atMost' }), '≤ $0.23');
});

test('a plan tells the price of an hour and the most that it can come to', () => {
  const plan = { instanceType: 'ml.m5.large', count: 3, maximumSeconds: 5400, isSpot: false, perHourUsd: 0.115 };
  assert.equal(
    describeJobPlan(plan),
    '3 × ml.m5.large: $0.345/h for 1.5 hours at most, so no more than $0.52. Storage and logs are billed besides.',
  );
  assert.match(describeJobPlan({ ...plan, perHourUsd: null }), /price is not known here, nor what it can come to/);
});

test('a job reads with what matters first', () => {
  const seen = { perHourUsd: 1.408, nowMs, isRegionShown: true };
  assert.equal(describeJob(JOB, seen), 'Training · ≤ $1.41 · 40 m ago · 2 × ml.g5.xlarge spot · us-east-1');
  const failed = { ...JOB, state: 'failed', stage: null, reason: 'The disk was full.', billedSeconds: 60 } as const;
  assert.equal(
    describeJob(failed, { ...seen, perHourUsd: undefined, isRegionShown: false }),
    'failed · 40 m ago · 2 × ml.g5.xlarge spot · billed 1 m 00 s',
  );
  assert.equal(
    explainJob(failed, { ...seen, perHourUsd: null }),
    'tiny: failed\nThe disk was full.\n2 × ml.g5.xlarge spot in us-east-1\nSubmitted 2026-11-25 11:20 UTC\n$? for the machines, without storage and logs\nskillet-tiny-1',
  );
});
