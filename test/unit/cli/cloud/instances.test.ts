/** `skillet instances` and `skillet instance` against moto. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { runCli } from '../../../fixtures/cliProcess.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws, type TestAws } from '../../../fixtures/cloud/testAws.ts';

const skip = await motoMissing();
let aws: TestAws;
before(async () => {
  if (skip === false) {
    aws = await startTestAws();
  }
});
beforeEach(() => (skip === false ? aws.reset() : undefined));
after(async () => {
  if (skip === false) {
    assert.deepEqual(aws.proxy.unknown, []);
    await aws.stop();
  }
});

async function launch(region: string, name: string): Promise<string> {
  const ec2 = new EC2Client({ region });
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-0dl0tf218000000001',
      InstanceType: 'g5.xlarge',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
    }),
  );
  ec2.destroy();
  return Instances[0]?.InstanceId ?? '';
}

const REGIONS = ['--region', 'us-east-1', '--region', 'us-west-2'];

test('machines of all regions are a table, with what is not known as a question mark', { skip }, async (t) => {
  const east = await launch('us-east-1', 'boston-p2');
  const west = await launch('us-west-2', 'shampoo');
  aws.proxy.on({ service: 'pricing', action: 'GetProducts', answer: { error: 'AccessDeniedException' } });
  const { code, stdout, stderr } = await runCli(t, aws.folder, 'instances', 'aws', ...REGIONS);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^region +id +name +state +type +gpu +bought +\$\/h +so far +age$/);
  assert.match(
    lines[1] ?? '',
    new RegExp(`^us-east-1 +${east} +boston-p2 +running +g5.xlarge +A10G +on demand +\\? +\\?`),
  );
  assert.match(lines[2] ?? '', new RegExp(`^us-west-2 +${west} +shampoo +running`));
  assert.equal(lines[3], '2 machines, ?/h together');
  assert.ok(!stdout.includes(SECRET));
});

test('a region that fails is told at the end; where all do, the exit code says so', { skip }, async (t) => {
  await launch('us-east-1', 'boston-p2');
  const error = { error: 'UnauthorizedOperation', message: 'You are not authorized.', status: 403 };
  aws.proxy.on({ action: 'DescribeInstances', region: 'us-west-2', answer: error });
  const some = await runCli(t, aws.folder, 'instances', 'aws', '--json', ...REGIONS);
  assert.equal(some.code, 0);
  const { instances, problems } = JSON.parse(some.stdout);
  assert.deepEqual([instances.length, problems.length, problems[0].path], [1, 1, 'us-west-2']);
  const none = await runCli(t, aws.folder, 'instances', 'aws', '--region', 'us-west-2');
  assert.equal(none.code, 1);
  assert.match(none.stderr, /us-west-2: .*\(cloud-permission\)/);
  assert.ok(!none.stderr.includes(SECRET));
});

test('an action is refused without a person, and done with --yes', { skip }, async (t) => {
  const id = await launch('us-west-2', 'shampoo');
  const place = ['--region', 'us-west-2'];
  const refused = await runCli(t, aws.folder, 'instance', 'terminate', id, ...place);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /nobody can be asked here\. Give --yes\./);
  assert.deepEqual(aws.proxy.requestsOf('TerminateInstances'), []);
  const done = await runCli(t, aws.folder, 'instance', 'terminate', id, ...place, '--yes');
  assert.deepEqual([done.code, done.stdout], [0, `shampoo (${id}) is being terminated.\n`]);
  assert.equal(aws.proxy.requestsOf('TerminateInstances').length, 1);
});

test('a log is printed; a machine that is not there, and a wrong verb, are refused', { skip }, async (t) => {
  const id = await launch('us-east-1', 'boston-p2');
  const log = await runCli(t, aws.folder, 'instance', 'log', id, '--region', 'us-east-1');
  assert.match(log.stdout, /Linux version/);
  const missing = await runCli(t, aws.folder, 'instance', 'stop', 'i-0', '--yes', ...['--region', 'us-east-1']);
  assert.match(missing.stderr, /There is no such machine in us-east-1\. .*\(cloud-not-found\)/);
  const wrong = await runCli(t, aws.folder, 'instance', 'explode', id);
  assert.match(wrong.stderr, /explode: is nothing that can be done with a machine/);
});
