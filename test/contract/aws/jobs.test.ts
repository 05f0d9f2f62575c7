/** Training jobs through the real SDK, against moto behind the proxy. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test as nodeTest } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { providerModule } from '../../../src/cloud/aws/aws.ts';
import type { JobRequest, Provider } from '../../../src/cloud/provider.ts';
import type { Job, JobRef } from '../../../src/common/cloud/job.ts';
import type { Answer, AwsRequest } from '../../fixtures/cloud/awsProxy.ts';
import { motoMissing } from '../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws, type TestAws } from '../../fixtures/cloud/testAws.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const skip = await motoMissing();
const never = new AbortController().signal;
const ROLE = 'arn:aws:iam::123456789012:role/skillet-jobs';
const BUCKET = 'skillet-123456789012-us-east-1';

let aws: TestAws;
let provider: Provider;
let bundle: string;

const test = (name: string, body: (t: import('node:test').TestContext) => Promise<void>) =>
  nodeTest(name, { skip, timeout: 120_000 }, body);

before(async () => {
  if (skip === false) {
    aws = await startTestAws();
    bundle = mkdtempSync(path.join(aws.folder, 'bundle-'));
    mkdirSync(path.join(bundle, 'recipe'));
    writeFileSync(path.join(bundle, 'entry.sh'), 'echo begin\n');
    writeFileSync(path.join(bundle, 'recipe/tiny.recipe.yaml'), 'name: Tiny\n');
  }
});
beforeEach(async () => {
  await aws?.reset();
  provider = providerModule.open({ profile: null, version: '1.2.3' });
});
after(async () => {
  if (aws !== undefined) {
    assert.deepEqual(aws.proxy.unknown, []);
    assert.ok(!JSON.stringify(aws.proxy.requests).includes(SECRET));
    await aws.stop();
    rmSync(bundle, { recursive: true, force: true });
  }
});

const said: string[] = [];
function request(more: Partial<JobRequest> = {}): JobRequest {
  said.length = 0;
  return {
    token: 'token-1',
    region: 'us-east-1',
    name: 'Boston housing',
    bundle,
    program: { type: 'recipe', file: 'recipe/tiny.recipe.yaml' },
    instanceType: 'ml.g5.xlarge',
    count: 1,
    role: ROLE,
    spot: null,
    maximumSeconds: 3600,
    environment: {},
    tell: (sentence) => void said.push(sentence),
    ...more,
  };
}

async function jobsOf(region: string): Promise<Job[]> {
  const all: Job[] = [];
  for await (const page of provider.jobs(region, never)) {
    all.push(...page);
  }
  return all;
}

const s3 = () => new S3Client({ region: 'us-east-1', forcePathStyle: true });
const buckets = async () => ((await s3().send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);
async function keysOf(bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key.replace(/\/[0-9a-f]{8}\//, '/ATTEMPT/')).sort();
}
const requestsTo = (service: string) => aws.proxy.requests.filter((one) => one.service === service);
const isOwn = (one: AwsRequest) => one.headers['x-amz-expected-bucket-owner'] === '123456789012';

test('a submission makes a bucket of its own, uploads the bundle and asks for the job, with every field', async () => {
  const ref = await provider.submit(request({ spot: { maximumWaitSeconds: 60 }, environment: { DEPTH: '3' } }), never);
  assert.match(ref.id, /^skillet-boston-housing-[0-9a-f]{12}$/);
  const [create] = aws.proxy.requestsOf('CreateTrainingJob');
  const body = JSON.parse(
    (create?.body ?? '').replaceAll(/\/[0-9a-f]{8}\//g, '/ATTEMPT/').replaceAll(/\/[0-9a-f]{8}"/g, '/ATTEMPT"'),
  );
  const place = `s3://${BUCKET}/jobs/${ref.id}/ATTEMPT`;
  assert.deepEqual(body, {
    TrainingJobName: ref.id,
    AlgorithmSpecification: {
      TrainingImage:
        '763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-training:2.19.0-gpu-py312-cu125-ubuntu22.04-sagemaker',
      TrainingInputMode: 'File',
      ContainerEntrypoint: ['/bin/bash', '/opt/ml/input/data/bundle/entry.sh'],
    },
    RoleArn: ROLE,
    InputDataConfig: [
      {
        ChannelName: 'bundle',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: `${place}/bundle/`,
            S3DataDistributionType: 'FullyReplicated',
          },
        },
        InputMode: 'File',
      },
    ],
    OutputDataConfig: { S3OutputPath: `${place}/output` },
    CheckpointConfig: { S3Uri: `${place}/checkpoints`, LocalPath: '/opt/ml/checkpoints' },
    ResourceConfig: { InstanceType: 'ml.g5.xlarge', InstanceCount: 1, VolumeSizeInGB: 51 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 3600 },
    EnableManagedSpotTraining: true,
    HyperParameters: { 'skillet-token': 'token-1' },
    Environment: { DEPTH: '3' },
    Tags: [
      { Key: 'skillet:made-by', Value: '1.2.3' },
      { Key: 'skillet:launch', Value: 'token-1' },
    ],
  });
  assert.deepEqual(await keysOf(BUCKET), [
    `jobs/${ref.id}/ATTEMPT/bundle/entry.sh`,
    `jobs/${ref.id}/ATTEMPT/bundle/recipe/tiny.recipe.yaml`,
  ]);
  assert.ok(
    said.some((line) => line.startsWith(`Made the bucket ${BUCKET}`)),
    said.join('\n'),
  );
  const closed = requestsTo('s3').find((one) => one.body.includes('RestrictPublicBuckets>true'));
  assert.ok(closed !== undefined, 'the bucket was not closed to the public');
  const unowned = requestsTo('s3').filter(
    (one) => !isOwn(one) && one.action !== `PUT /${BUCKET}/` && one.action !== `PUT /${BUCKET}`,
  );
  assert.deepEqual(
    unowned.map((one) => one.action).filter((action) => action !== 'GET /' && !action.startsWith('GET /skillet')),
    [],
  );
});

test('the same submission twice is one job, and the second uploads nothing', async () => {
  const first = await provider.submit(request(), never);
  const uploads = requestsTo('s3').length;
  const second = await provider.submit(request(), never);
  assert.deepEqual(second, first);
  assert.equal(aws.proxy.requestsOf('CreateTrainingJob').length, 1);
  assert.equal(requestsTo('s3').length, uploads);
  assert.match(said.join('\n'), /was submitted before/);
  const other = await provider.submit(request({ token: 'token-2' }), never);
  assert.notEqual(other.id, first.id);
});

test('a job that was made although the answer was lost is found, and its files stay', async () => {
  aws.proxy.on({ action: 'CreateTrainingJob', times: 5, answer: { cut: 'after' } });
  const ref = await provider.submit(request(), never);
  assert.deepEqual(
    (await jobsOf('us-east-1')).map(({ id }) => id),
    [ref.id],
  );
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test('a job that may have been made is told as such, and its files stay', async () => {
  aws.proxy.on({ action: 'CreateTrainingJob', answer: { cut: 'before' } });
  await assert.rejects(provider.submit(request(), never), { code: 'cloud-unfinished' });
  assert.equal((await keysOf(BUCKET)).length, 2);
  assert.match(said.join('\n'), /Kept the files/);
});

test('a refusal after an attempt whose end is not known is no certain refusal', async () => {
  aws.proxy.on({ action: 'CreateTrainingJob', answer: { error: 'ResourceLimitExceeded', message: 'no' } });
  aws.proxy.on({ action: 'CreateTrainingJob', times: 1, answer: { cut: 'before' } });
  await assert.rejects(provider.submit(request(), never), { code: 'cloud-unfinished' });
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test('a refusal takes back files and the bucket that was made for them, and names the quota', async () => {
  aws.proxy.on({
    action: 'CreateTrainingJob',
    answer: {
      error: 'ResourceLimitExceeded',
      message: "The account-level service limit 'ml.g5.xlarge for training job usage' is 0 Instances",
    },
  });
  await assert.rejects(provider.submit(request(), never), (error: Error & { code: string; remedy: string }) => {
    assert.equal(error.code, 'cloud-quota');
    assert.match(error.message, /ml\.g5\.xlarge for training job usage/);
    assert.match(error.remedy, /servicequotas\/home\/services\/sagemaker/);
    return true;
  });
  assert.deepEqual(await buckets(), []);
});

test('a refusal whose job may be there after all keeps the files', async () => {
  aws.proxy.on({ action: 'CreateTrainingJob', answer: { error: 'ValidationException', message: 'no' } });
  let looks = 0;
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: (): Answer => {
      looks += 1;
      return looks === 1 ? {} : { error: 'AccessDeniedException', status: 400 };
    },
  });
  await assert.rejects(provider.submit(request(), never), { code: 'cloud-unfinished' });
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test('of two windows that submit the same at once, the slower one leaves no files of its own', async () => {
  const first = await provider.submit(request(), never);
  const files = await keysOf(BUCKET);
  let looks = 0;
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: (): Answer => {
      looks += 1;
      return looks === 1 ? { error: 'ValidationException', message: 'Requested resource not found.', status: 400 } : {};
    },
  });
  aws.proxy.on({ action: 'CreateTrainingJob', answer: { error: 'ResourceInUse', message: 'in use', status: 400 } });
  assert.deepEqual(await provider.submit(request(), never), first);
  assert.deepEqual(await keysOf(BUCKET), files);
});

test("a refusal takes nothing that was in a bucket of the user's own", async () => {
  await s3().send(new CreateBucketCommand({ Bucket: 'mine' }));
  await s3().send(new PutObjectCommand({ Bucket: 'mine', Key: 'models/keep', Body: 'x' }));
  aws.proxy.on({
    action: 'CreateTrainingJob',
    answer: { error: 'ValidationException', message: 'Could not assume role' },
  });
  await assert.rejects(provider.submit(request({ storage: 's3://mine/models/' }), never), {
    code: 'cloud-permission',
    path: ROLE,
  });
  assert.deepEqual(await keysOf('mine'), ['models/keep']);
  assert.deepEqual(await buckets(), ['mine']);
});

test('a signal during the upload takes back what was uploaded', async () => {
  const stop = new AbortController();
  aws.proxy.on({
    service: 's3',
    action: /^PUT .*entry\.sh$/,
    answer: () => {
      stop.abort();
      return {};
    },
  });
  await assert.rejects(provider.submit(request(), stop.signal), { name: 'AbortError' });
  assert.deepEqual(aws.proxy.requestsOf('CreateTrainingJob'), []);
  assert.deepEqual(await buckets(), []);
});

test('a name that another job has is refused, and that job keeps all of its own', async () => {
  const first = await provider.submit(request(), never);
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: { changeAnswer: (body) => body.replace('token-1', 'somebody-elses') },
  });
  await assert.rejects(provider.submit(request(), never), { code: 'cloud-name-taken', path: first.id });
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test("a bucket of another account's is not used", async () => {
  aws.proxy.on({ service: 's3', action: /^HEAD /, answer: { error: 'Forbidden', status: 403 } });
  await assert.rejects(provider.submit(request(), never), { code: 'cloud-permission', path: BUCKET });
  aws.proxy.on({ service: 's3', action: /^HEAD /, answer: { error: 'NotFound', status: 404 } });
  aws.proxy.on({ service: 's3', action: /^PUT /, answer: { error: 'BucketAlreadyExists', status: 409 } });
  await assert.rejects(provider.submit(request(), never), { code: 'cloud-name-taken', path: BUCKET });
});

test('wrong requests are refused before anything is asked', async () => {
  const wrong: [Partial<JobRequest>, string, string][] = [
    [{ role: 'skillet-jobs' }, 'cloud-profile', 'role'],
    [{ instanceType: 'g5.xlarge' }, 'cloud-profile', 'instanceType'],
    [{ maximumSeconds: 5 }, 'cloud-profile', 'maximumSeconds'],
    [{ count: 2 }, 'cloud-profile', 'count'],
    [{ program: { type: 'script', file: 'a.R', language: 'r', args: [] } }, 'cloud-job', 'image'],
    [{ instanceType: 'ml.trn1.2xlarge' }, 'cloud-job', 'image'],
    [{ instanceType: 'ml.c7g.xlarge' }, 'cloud-job', 'image'],
  ];
  for (const [more, code, where] of wrong) {
    await assert.rejects(provider.submit(request(more), never), { code, path: where });
  }
  assert.deepEqual(aws.proxy.requests, []);
});

test('R and regions of their own take the image that is named, or that region’s', async () => {
  const r = { type: 'script', file: 'a.R', language: 'r', args: [] } as const;
  await provider.submit(request({ program: r, image: 'mine.dkr.ecr.us-east-1.amazonaws.com/r:1', token: 'r' }), never);
  await provider.submit(request({ region: 'eu-south-1', instanceType: 'ml.m5.large', token: 'south' }), never);
  const images = aws.proxy
    .requestsOf('CreateTrainingJob')
    .map((one) => JSON.parse(one.body).AlgorithmSpecification.TrainingImage);
  assert.deepEqual(images, [
    'mine.dkr.ecr.us-east-1.amazonaws.com/r:1',
    '692866216735.dkr.ecr.eu-south-1.amazonaws.com/tensorflow-training:2.19.0-cpu-py312-ubuntu22.04-sagemaker',
  ]);
});

test('our jobs are listed by pages, and one that is over is asked for once', async () => {
  for (let number = 0; number < 25; number += 1) {
    await provider.submit(request({ token: `t${number}`, name: `job ${number}`, instanceType: 'ml.m5.large' }), never);
  }
  aws.proxy.on({
    action: 'ListTrainingJobs',
    answer: {
      changeAnswer: (body) => {
        const answer = JSON.parse(body);
        answer.TrainingJobSummaries.push({ ...answer.TrainingJobSummaries[0], TrainingJobName: 'their-skillet-job' });
        return JSON.stringify(answer);
      },
    },
  });
  const asked = aws.proxy.requestsOf('DescribeTrainingJob').length;
  const jobs = await jobsOf('us-east-1');
  assert.equal(jobs.length, 25);
  assert.ok(jobs.every((job) => job.isOurs && job.state === 'completed' && /^job-\d+$/.test(job.name)));
  const lists = aws.proxy.requestsOf('ListTrainingJobs').map((one) => JSON.parse(one.body));
  assert.deepEqual(lists[0], {
    MaxResults: 20,
    NameContains: 'skillet-',
    SortBy: 'CreationTime',
    SortOrder: 'Descending',
  });
  assert.equal(lists.length, 2);
  await jobsOf('us-east-1');
  assert.equal(aws.proxy.requestsOf('DescribeTrainingJob').length - asked, 25);
});

test("SageMaker's states are told in our words", async () => {
  const ref = await provider.submit(request({ spot: { maximumWaitSeconds: 7200 } }), never);
  const tell = async (more: object) => {
    aws.proxy.on({
      action: 'DescribeTrainingJob',
      times: 1,
      answer: { changeAnswer: (body) => JSON.stringify({ ...JSON.parse(body), TrainingEndTime: undefined, ...more }) },
    });
    const { state, stage, reason, billedSeconds } = await provider.job(ref, never);
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
  await assert.rejects(provider.job({ ...ref, id: 'skillet-none-000000000000' }, never), { code: 'cloud-not-found' });
});

test('a job at work is stopped; one that is over is not', async () => {
  const ref = await provider.submit(request(), never);
  await assert.rejects(provider.cancel(ref, never), { code: 'cloud-state', path: ref.id });
  assert.deepEqual(aws.proxy.requestsOf('StopTrainingJob'), []);
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: {
      changeAnswer: (body) =>
        JSON.stringify({ ...JSON.parse(body), TrainingJobStatus: 'InProgress', SecondaryStatus: 'Training' }),
    },
  });
  aws.proxy.on({ action: 'StopTrainingJob', answer: { body: {} } });
  await provider.cancel(ref, never);
  assert.deepEqual(
    aws.proxy.requestsOf('StopTrainingJob').map((one) => JSON.parse(one.body)),
    [{ TrainingJobName: ref.id }],
  );
  aws.proxy.on({
    action: 'StopTrainingJob',
    answer: {
      error: 'ValidationException',
      message: 'The request was rejected because the training job is in status Completed.',
    },
  });
  await assert.rejects(provider.cancel(ref, never), { code: 'cloud-state' });
});

test('the log holds the lines of all machines by time, and goes on where it ended', async () => {
  const ref = await provider.submit(request(), never);
  assert.deepEqual(await provider.logs(ref, null, never), { lines: [], cursor: null });
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
  const first = await provider.logs(ref, null, never);
  assert.deepEqual(
    first.lines.map(({ text }) => text),
    ['one', 'two', 'three', 'four'],
  );
  assert.equal(first.lines[0]?.at, new Date(now).toISOString());
  assert.deepEqual((await provider.logs(ref, first.cursor, never)).lines, []);
  await put(0, [[25, 'late']]);
  await put(1, [[40, 'five']]);
  const next = await provider.logs(ref, first.cursor, never);
  assert.deepEqual(
    next.lines.map(({ text }) => text),
    ['late', 'five'],
  );
});

async function checkpointsOf(ref: JobRef): Promise<string> {
  const create = aws.proxy.requestsOf('CreateTrainingJob').find((one) => one.body.includes(ref.id));
  return JSON.parse(create?.body ?? '{}').CheckpointConfig.S3Uri.replace(`s3://${BUCKET}/`, '');
}

test('what the job writes comes into a folder, again and again only what is new', async (t) => {
  const ref = await provider.submit(request(), never);
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
  const at = aws.proxy.requests.length;
  assert.equal(await provider.collect(ref, folder, never), 8 + 2 + 6 + 6);
  const text = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  assert.deepEqual(
    ['events.jsonl', 'model/model.json', 'checkpoint-files/notes.txt', 'output/model.tar.gz'].map(text),
    ['{"n":1}\n', '{}', 'beside', 'packed'],
  );
  await put('run/events.jsonl', '{"n":1}\n{"n":2}\n');
  assert.equal(await provider.collect(ref, folder, never), 8);
  assert.equal(text('events.jsonl'), '{"n":1}\n{"n":2}\n');
  assert.equal(await provider.collect(ref, folder, never), 0);
  const asked = aws.proxy.requests.slice(at).filter((one) => one.service === 's3' && one.action.startsWith('GET'));
  assert.ok(asked.length > 0 && asked.every(isOwn));
  aws.proxy.on({
    service: 's3',
    action: `GET /${BUCKET}`,
    answer: { changeAnswer: (body) => body.replace('/notes.txt', '/run/../../evil') },
  });
  aws.proxy.on({
    service: 's3',
    action: `GET /${BUCKET}/`,
    answer: { changeAnswer: (body) => body.replace('/notes.txt', '/run/../../evil') },
  });
  await assert.rejects(provider.collect(ref, folder, never), { code: 'cloud-job' });
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
  aws.proxy.on({
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
  const types = await provider.jobTypes('us-east-1', never);
  assert.deepEqual(
    types.map(({ instanceType, gpu, perHourUsd }) => [instanceType, gpu, perHourUsd]),
    [
      ['ml.g4dn.xlarge', '1 × GPU', 0.736],
      ['ml.g5.xlarge', '1 × A10G', 1.408],
      ['ml.p9.xlarge', 'GPU', null],
      ['ml.m5.large', null, 0.115],
    ],
  );
  const [asked] = aws.proxy.requestsOf('GetProducts');
  assert.deepEqual(JSON.parse(asked?.body ?? '').Filters, [
    { Type: 'TERM_MATCH', Field: 'regionCode', Value: 'us-east-1' },
    { Type: 'TERM_MATCH', Field: 'component', Value: 'Training' },
  ]);
  aws.proxy.on({ action: 'GetProducts', answer: { error: 'AccessDeniedException', status: 400 } });
  const blind = await provider.jobTypes('us-east-1', never);
  assert.ok(blind.length > 5 && blind.every(({ perHourUsd }) => perHourUsd === null));
});
