/** Training jobs that are there, through the real SDK: states, logs, files, prices; moto behind the proxy. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { JobRef } from '../../../../src/common/cloud/job.ts';
import { BUCKET, isOwn, never, s3, useJobsOnAws } from '../../../fixtures/cloud/jobsOnAws.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const on = useJobsOnAws(await motoMissing());
const { test, request, jobsOf } = on;

test('our jobs are listed by pages, and one that is over is asked for once', async () => {
  for (let number = 0; number < 25; number += 1) {
    await on.provider.submit(
      request({ token: `t${number}`, name: `job ${number}`, instanceType: 'ml.m5.large' }),
      never,
    );
  }
  on.aws.proxy.on({
    action: 'ListTrainingJobs',
    answer: {
      changeAnswer: (body) => {
        const answer = JSON.parse(body);
        answer.TrainingJobSummaries.push({ ...answer.TrainingJobSummaries[0], TrainingJobName: 'their-skillet-job' });
        return JSON.stringify(answer);
      },
    },
  });
  const asked = on.aws.proxy.requestsOf('DescribeTrainingJob').length;
  const jobs = await jobsOf('us-east-1');
  assert.equal(jobs.length, 25);
  assert.ok(jobs.every((job) => job.isOurs && job.state === 'completed' && /^job-\d+$/.test(job.name)));
  const lists = on.aws.proxy.requestsOf('ListTrainingJobs').map((one) => JSON.parse(one.body));
  assert.deepEqual(lists[0], {
    MaxResults: 20,
    NameContains: 'skillet-',
    SortBy: 'CreationTime',
    SortOrder: 'Descending',
  });
  assert.equal(lists.length, 2);
  await jobsOf('us-east-1');
  assert.equal(on.aws.proxy.requestsOf('DescribeTrainingJob').length - asked, 25);
});

test("SageMaker's states are told in our words", async () => {
  const ref = await on.provider.submit(request({ spot: { maximumWaitSeconds: 7200 } }), never);
  const tell = async (more: object) => {
    on.aws.proxy.on({
      action: 'DescribeTrainingJob',
      times: 1,
      answer: { changeAnswer: (body) => JSON.stringify({ ...JSON.parse(body), TrainingEndTime: undefined, ...more }) },
    });
    const { state, stage, reason, billedSeconds } = await on.provider.job(ref, never);
    return [state, stage, reason, billedSeconds];
  };
  const busy = { TrainingJobStatus: 'InProgress' };
  assert.deepEqual(await tell({ ...busy, SecondaryStatus: 'Starting' }), ['pending', 'Starting', null, null]);
  assert.deepEqual(await tell({ ...busy, SecondaryStatus: 'Training' }), ['running', 'Training', null, null]);
  assert.deepEqual(
    await tell({
      ...busy,
      SecondaryStatus: 'Interrupted',
      SecondaryStatusTransitions: [{ StatusMessage: 'No spot capacity' }],
    }),
    ['pending', 'Interrupted', 'No spot capacity', null],
  );
  assert.deepEqual(
    await tell({
      TrainingJobStatus: 'Failed',
      SecondaryStatus: 'Failed',
      FailureReason: 'AlgorithmError: NaN',
      BillableTimeInSeconds: 61,
    }),
    ['failed', null, 'AlgorithmError: NaN', 61],
  );
  assert.deepEqual((await tell({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' })).slice(0, 2), [
    'stopped',
    'Reached its time limit',
  ]);
  await assert.rejects(on.provider.job({ ...ref, id: 'skillet-none-000000000000' }, never), {
    code: 'cloud-not-found',
  });
});

test('a job at work is stopped; one that is over is not', async () => {
  const ref = await on.provider.submit(request(), never);
  await assert.rejects(on.provider.cancel(ref, never), { code: 'cloud-state', path: ref.id });
  assert.deepEqual(on.aws.proxy.requestsOf('StopTrainingJob'), []);
  on.aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: {
      changeAnswer: (body) =>
        JSON.stringify({ ...JSON.parse(body), TrainingJobStatus: 'InProgress', SecondaryStatus: 'Training' }),
    },
  });
  on.aws.proxy.on({ action: 'StopTrainingJob', answer: { body: {} } });
  await on.provider.cancel(ref, never);
  assert.deepEqual(
    on.aws.proxy.requestsOf('StopTrainingJob').map((one) => JSON.parse(one.body)),
    [{ TrainingJobName: ref.id }],
  );
  on.aws.proxy.on({
    action: 'StopTrainingJob',
    answer: {
      error: 'ValidationException',
      message: 'The request was rejected because the training job is in status Completed.',
    },
  });
  await assert.rejects(on.provider.cancel(ref, never), { code: 'cloud-state' });
});

test('the log holds the lines of all machines by time, and goes on where it ended', async () => {
  const ref = await on.provider.submit(request(), never);
  assert.deepEqual(await on.provider.logs(ref, null, never), { lines: [], cursor: null });
  const logs = new CloudWatchLogsClient({ region: 'us-east-1' });
  const logGroupName = '/aws/sagemaker/TrainingJobs';
  const streams = [`${ref.id}/algo-1-1`, `${ref.id}/algo-2-1`, 'skillet-another/algo-1-1'];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  }
  const now = Date.now() - 60_000;
  const put = (at: number, lines: [number, string][]) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: streams[at],
        logEvents: lines.map(([offset, message]) => ({ timestamp: now + offset, message })),
      }),
    );
  await put(0, [
    [0, 'one'],
    [20, 'three'],
  ]);
  await put(1, [
    [10, 'two'],
    [30, 'four'],
  ]);
  await put(2, [[5, 'not ours']]);
  const first = await on.provider.logs(ref, null, never);
  assert.deepEqual(
    first.lines.map(({ text }) => text),
    ['one', 'two', 'three', 'four'],
  );
  assert.equal(first.lines[0]?.at, new Date(now).toISOString());
  assert.deepEqual((await on.provider.logs(ref, first.cursor, never)).lines, []);
  await put(0, [[25, 'late']]);
  await put(1, [[40, 'five']]);
  const next = await on.provider.logs(ref, first.cursor, never);
  assert.deepEqual(
    next.lines.map(({ text }) => text),
    ['late', 'five'],
  );
});

async function checkpointsOf(ref: JobRef): Promise<string> {
  const create = on.aws.proxy.requestsOf('CreateTrainingJob').find((one) => one.body.includes(ref.id));
  return JSON.parse(create?.body ?? '{}').CheckpointConfig.S3Uri.replace(`s3://${BUCKET}/`, '');
}

test('what the job writes comes into a folder, again and again only what is new', async (t) => {
  const ref = await on.provider.submit(request(), never);
  const prefix = await checkpointsOf(ref);
  const put = (key: string, Body: string) =>
    s3().send(new PutObjectCommand({ Bucket: BUCKET, Key: `${prefix}/${key}`, Body }));
  await put('run/events.jsonl', '{"n":1}\n{"n"');
  await put('run/model/model.json', '{}');
  await put('notes.txt', 'beside');
  await s3().send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: `${prefix.replace('/checkpoints', '/output')}/${ref.id}/output/model.tar.gz`,
      Body: 'packed',
    }),
  );
  const folder = path.join(tempFolder(t), 'run');
  const at = on.aws.proxy.requests.length;
  assert.equal(await on.provider.collect(ref, folder, never), 8 + 2 + 6 + 6);
  const text = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  assert.deepEqual(
    ['events.jsonl', 'model/model.json', 'checkpoint-files/notes.txt', 'output/model.tar.gz'].map(text),
    ['{"n":1}\n', '{}', 'beside', 'packed'],
  );
  await put('run/events.jsonl', '{"n":1}\n{"n":2}\n');
  assert.equal(await on.provider.collect(ref, folder, never), 8);
  assert.equal(text('events.jsonl'), '{"n":1}\n{"n":2}\n');
  assert.equal(await on.provider.collect(ref, folder, never), 0);
  const asked = on.aws.proxy.requests.slice(at).filter((one) => one.service === 's3' && one.action.startsWith('GET'));
  assert.ok(asked.length > 0 && asked.every(isOwn));
  on.aws.proxy.on({
    service: 's3',
    action: `GET /${BUCKET}`,
    answer: { changeAnswer: (body) => body.replace('/notes.txt', '/run/../../evil') },
  });
  on.aws.proxy.on({
    service: 's3',
    action: `GET /${BUCKET}/`,
    answer: { changeAnswer: (body) => body.replace('/notes.txt', '/run/../../evil') },
  });
  await assert.rejects(on.provider.collect(ref, folder, never), { code: 'cloud-job' });
});

const product = (name: string, more: object, usd: string | null) =>
  JSON.stringify({
    product: {
      productFamily: 'ML Instance',
      attributes: { instanceName: name, component: 'Training', regionCode: 'us-east-1', ...more },
    },
    terms:
      usd === null ? {} : { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: usd } } } } } },
  });

test('machines are offered with their prices: cards first, then cheapest first; unknown is not nothing', async () => {
  on.aws.proxy.on({
    action: 'GetProducts',
    answer: (one) =>
      JSON.parse(one.body).NextToken === undefined
        ? {
            body: {
              PriceList: [
                product('ml.m5.large', { vCpu: '2', memory: '8 GiB', gpu: '0', physicalGpu: 'N/A' }, '0.115'),
                product('ml.g5.xlarge', { vCpu: '4', memory: '16 GiB', gpu: '1', physicalGpu: 'A10G' }, '1.408'),
              ],
              NextToken: 'more',
            },
          }
        : {
            body: {
              PriceList: [
                product('ml.g4dn.xlarge', { vCpu: '4', memory: '16 GiB', gpu: '1' }, '0.736'),
                product('ml.p9.xlarge', {}, null),
              ],
            },
          },
  });
  const types = await on.provider.jobTypes('us-east-1', never);
  assert.deepEqual(
    types.map(({ instanceType, gpu, perHourUsd }) => [instanceType, gpu, perHourUsd]),
    [
      ['ml.g4dn.xlarge', '1 × GPU', 0.736],
      ['ml.g5.xlarge', '1 × A10G', 1.408],
      ['ml.p9.xlarge', 'GPU', null],
      ['ml.m5.large', null, 0.115],
    ],
  );
  const [asked] = on.aws.proxy.requestsOf('GetProducts');
  assert.deepEqual(JSON.parse(asked?.body ?? '').Filters, [
    { Type: 'TERM_MATCH', Field: 'regionCode', Value: 'us-east-1' },
    { Type: 'TERM_MATCH', Field: 'component', Value: 'Training' },
  ]);
  on.aws.proxy.on({ action: 'GetProducts', answer: { error: 'AccessDeniedException', status: 400 } });
  const blind = await on.provider.jobTypes('us-east-1', never);
  assert.ok(blind.length > 5 && blind.every(({ perHourUsd }) => perHourUsd === null));
});
