/** Submitting training jobs through the real SDK: what is asked, and what is left after each way to fail; moto behind the proxy. */
import assert from 'node:assert/strict';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { JobRequest } from '../../../../src/cloud/provider.ts';
import type { Answer } from '../../../fixtures/cloud/awsProxy.ts';
import { BUCKET, buckets, isOwn, keysOf, never, ROLE, s3, useJobsOnAws } from '../../../fixtures/cloud/jobsOnAws.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';

const on = useJobsOnAws(await motoMissing());
const { test, request, requestsTo, said, jobsOf } = on;

test('a submission makes a bucket of its own, uploads the bundle and asks for the job, with every field', async () => {
  const ref = await on.provider.submit(
    request({ spot: { maximumWaitSeconds: 60 }, environment: { DEPTH: '3' } }),
    never,
  );
  assert.match(ref.id, /^skillet-boston-housing-[0-9a-f]{12}$/);
  const [create] = on.aws.proxy.requestsOf('CreateTrainingJob');
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
  const first = await on.provider.submit(request(), never);
  const uploads = requestsTo('s3').length;
  const second = await on.provider.submit(request(), never);
  assert.deepEqual(second, first);
  assert.equal(on.aws.proxy.requestsOf('CreateTrainingJob').length, 1);
  assert.equal(requestsTo('s3').length, uploads);
  assert.match(said.join('\n'), /was submitted before/);
  const other = await on.provider.submit(request({ token: 'token-2' }), never);
  assert.notEqual(other.id, first.id);
});

test('a job that was made although the answer was lost is found, and its files stay', async () => {
  on.aws.proxy.on({ action: 'CreateTrainingJob', times: 5, answer: { cut: 'after' } });
  const ref = await on.provider.submit(request(), never);
  assert.deepEqual(
    (await jobsOf('us-east-1')).map(({ id }) => id),
    [ref.id],
  );
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test('a job that may have been made is told as such, and its files stay', async () => {
  on.aws.proxy.on({ action: 'CreateTrainingJob', answer: { cut: 'before' } });
  await assert.rejects(on.provider.submit(request(), never), { code: 'cloud-unfinished' });
  assert.equal((await keysOf(BUCKET)).length, 2);
  assert.match(said.join('\n'), /Kept the files/);
});

test('a refusal after an attempt whose end is not known is no certain refusal', async () => {
  on.aws.proxy.on({ action: 'CreateTrainingJob', answer: { error: 'ResourceLimitExceeded', message: 'no' } });
  on.aws.proxy.on({ action: 'CreateTrainingJob', times: 1, answer: { cut: 'before' } });
  await assert.rejects(on.provider.submit(request(), never), { code: 'cloud-unfinished' });
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test('a refusal takes back files and the bucket that was made for them, and names the quota', async () => {
  on.aws.proxy.on({
    action: 'CreateTrainingJob',
    answer: {
      error: 'ResourceLimitExceeded',
      message: "The account-level service limit 'ml.g5.xlarge for training job usage' is 0 Instances",
    },
  });
  await assert.rejects(on.provider.submit(request(), never), (error: Error & { code: string; remedy: string }) => {
    assert.equal(error.code, 'cloud-quota');
    assert.match(error.message, /ml\.g5\.xlarge for training job usage/);
    assert.match(error.remedy, /servicequotas\/home\/services\/sagemaker/);
    return true;
  });
  assert.deepEqual(await buckets(), []);
});

test('a refusal whose job may be there after all keeps the files', async () => {
  on.aws.proxy.on({ action: 'CreateTrainingJob', answer: { error: 'ValidationException', message: 'no' } });
  let looks = 0;
  on.aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: (): Answer => {
      looks += 1;
      return looks === 1 ? {} : { error: 'AccessDeniedException', status: 400 };
    },
  });
  await assert.rejects(on.provider.submit(request(), never), { code: 'cloud-unfinished' });
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test('of two windows that submit the same at once, the slower one leaves no files of its own', async () => {
  const first = await on.provider.submit(request(), never);
  const files = await keysOf(BUCKET);
  let looks = 0;
  on.aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: (): Answer => {
      looks += 1;
      return looks === 1 ? { error: 'ValidationException', message: 'Requested resource not found.', status: 400 } : {};
    },
  });
  on.aws.proxy.on({ action: 'CreateTrainingJob', answer: { error: 'ResourceInUse', message: 'in use', status: 400 } });
  assert.deepEqual(await on.provider.submit(request(), never), first);
  assert.deepEqual(await keysOf(BUCKET), files);
});

test("a refusal takes nothing that was in a bucket of the user's own", async () => {
  await s3().send(new CreateBucketCommand({ Bucket: 'mine' }));
  await s3().send(new PutObjectCommand({ Bucket: 'mine', Key: 'models/keep', Body: 'x' }));
  on.aws.proxy.on({
    action: 'CreateTrainingJob',
    answer: { error: 'ValidationException', message: 'Could not assume role' },
  });
  await assert.rejects(on.provider.submit(request({ storage: 's3://mine/models/' }), never), {
    code: 'cloud-permission',
    path: ROLE,
  });
  assert.deepEqual(await keysOf('mine'), ['models/keep']);
  assert.deepEqual(await buckets(), ['mine']);
});

test('a signal during the upload takes back what was uploaded', async () => {
  const stop = new AbortController();
  on.aws.proxy.on({
    service: 's3',
    action: /^PUT .*entry\.sh$/,
    answer: () => {
      stop.abort();
      return {};
    },
  });
  await assert.rejects(on.provider.submit(request(), stop.signal), { name: 'AbortError' });
  assert.deepEqual(on.aws.proxy.requestsOf('CreateTrainingJob'), []);
  assert.deepEqual(await buckets(), []);
});

test('a name that another job has is refused, and that job keeps all of its own', async () => {
  const first = await on.provider.submit(request(), never);
  on.aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: { changeAnswer: (body) => body.replace('token-1', 'somebody-elses') },
  });
  await assert.rejects(on.provider.submit(request(), never), { code: 'cloud-name-taken', path: first.id });
  assert.equal((await keysOf(BUCKET)).length, 2);
});

test("a bucket of another account's is not used", async () => {
  on.aws.proxy.on({ service: 's3', action: /^HEAD /, answer: { error: 'Forbidden', status: 403 } });
  await assert.rejects(on.provider.submit(request(), never), { code: 'cloud-permission', path: BUCKET });
  on.aws.proxy.on({ service: 's3', action: /^HEAD /, answer: { error: 'NotFound', status: 404 } });
  on.aws.proxy.on({ service: 's3', action: /^PUT /, answer: { error: 'BucketAlreadyExists', status: 409 } });
  await assert.rejects(on.provider.submit(request(), never), { code: 'cloud-name-taken', path: BUCKET });
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
    await assert.rejects(on.provider.submit(request(more), never), { code, path: where });
  }
  assert.deepEqual(on.aws.proxy.requests, []);
});

test('R and regions of their own take the image that is named, or that region’s', async () => {
  const r = { type: 'script', file: 'a.R', language: 'r', args: [] } as const;
  await on.provider.submit(
    request({ program: r, image: 'mine.dkr.ecr.us-east-1.amazonaws.com/r:1', token: 'r' }),
    never,
  );
  await on.provider.submit(request({ region: 'eu-south-1', instanceType: 'ml.m5.large', token: 'south' }), never);
  const images = on.aws.proxy
    .requestsOf('CreateTrainingJob')
    .map((one) => JSON.parse(one.body).AlgorithmSpecification.TrainingImage);
  assert.deepEqual(images, [
    'mine.dkr.ecr.us-east-1.amazonaws.com/r:1',
    '692866216735.dkr.ecr.eu-south-1.amazonaws.com/tensorflow-training:2.19.0-cpu-py312-ubuntu22.04-sagemaker',
  ]);
});
