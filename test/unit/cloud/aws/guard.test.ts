/** The guard of a machine, read and changed at the provider. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { createAwsClients } from '../../../../src/cloud/aws/awsClients.ts';
import { createGuardVerbs } from '../../../../src/cloud/aws/guard.ts';
import { createInstanceVerbs } from '../../../../src/cloud/aws/instances.ts';
import { guardTags } from '../../../../src/common/cloud/guardTags.ts';
import type { Instance } from '../../../../src/common/cloud/instance.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { useTestAws } from '../../../fixtures/cloud/useTestAws.ts';

const skip = await motoMissing();
const signal = AbortSignal.timeout(300_000);
const clients = createAwsClients({ profile: null, version: '9.9.9' });
const verbs = createGuardVerbs(clients);
const on = useTestAws(skip);

const NOW = Date.parse('2026-11-25T10:00:00Z');
const guarded = guardTags({ deadlineHours: 200_000, idleMinutes: 30, action: 'stop' }, NOW);

async function launch(tags: Readonly<Record<string, string>>): Promise<Instance> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await clients.of('ec2', 'us-east-1').send(
    new RunInstancesCommand({
      ImageId: 'ami-0dl0tf218000000001',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: Tags.length === 0 ? [] : [{ ResourceType: 'instance', Tags }],
    }),
  );
  return (await list())[0] as Instance;
}

async function list(): Promise<Instance[]> {
  const found: Instance[] = [];
  for await (const page of createInstanceVerbs(clients).list('us-east-1', signal)) {
    found.push(...page);
  }
  return found;
}

test('a change is tags of the machine alone, and is read back from them', { skip }, async () => {
  const machine = await launch({ ...guarded, Name: 'p2' });
  assert.equal(verbs.guard(machine)?.idleMinutes, 30);
  on.aws.proxy.reset();
  await verbs.setGuard(machine, { deadline: '2048-01-01T02:00:00.500+02:00', idleMinutes: null }, signal);
  const [request] = on.aws.proxy.requestsOf('CreateTags');
  assert.deepEqual(
    Object.entries(request?.params ?? {}).filter(([name]) => /^(ResourceId|Tag)\./.test(name)),
    [
      ['ResourceId.1', machine.id],
      ['Tag.1.Key', 'skillet:deadline'],
      ['Tag.1.Value', '2048-01-01T00:00:00Z'],
      ['Tag.2.Key', 'skillet:idle-minutes'],
      ['Tag.2.Value', '0'],
    ],
  );
  const [changed] = await list();
  assert.deepEqual(changed && verbs.guard(changed), {
    deadline: '2048-01-01T00:00:00Z',
    idleMinutes: null,
    action: 'stop',
  });
});

test('what is not named stays as it was; never is a word of its own', { skip }, async () => {
  const machine = await launch(guarded);
  await verbs.setGuard(machine, { deadline: null }, signal);
  const [changed] = await list();
  assert.deepEqual(changed && verbs.guard(changed), { deadline: null, idleMinutes: 30, action: 'stop' });
  assert.equal(changed?.tags['skillet:deadline'], 'never');
});

test('a machine without our guard is refused, and nothing is written', { skip }, async () => {
  const machine = await launch({ Name: 'somebody else' });
  assert.equal(verbs.guard(machine), null);
  await assert.rejects(verbs.setGuard(machine, { deadline: null }, signal), { code: 'cloud-state', path: machine.id });
  assert.deepEqual(on.aws.proxy.requestsOf('CreateTags'), []);
});

test('a terminated machine, one that is not there, and what is no time or number are refused', { skip }, async () => {
  const machine = await launch(guarded);
  await assert.rejects(verbs.setGuard({ ...machine, id: 'i-0123456789abcdef0' }, { deadline: null }, signal), {
    code: 'cloud-not-found',
  });
  await assert.rejects(verbs.setGuard(machine, { deadline: 'soon' }, signal), { code: 'cloud-profile' });
  for (const idleMinutes of [0, 4, 2.5, Number.NaN, 100_000]) {
    await assert.rejects(verbs.setGuard(machine, { idleMinutes }, signal), { code: 'cloud-profile' });
  }
  await clients.of('ec2', 'us-east-1').send(new TerminateInstancesCommand({ InstanceIds: [machine.id] }));
  await assert.rejects(verbs.setGuard(machine, { deadline: null }, signal), { code: 'cloud-state' });
});

test('without the permission its name is told', { skip }, async () => {
  const machine = await launch(guarded);
  on.aws.proxy.on({ action: 'CreateTags', answer: { error: 'UnauthorizedOperation', status: 403 } });
  await assert.rejects(verbs.setGuard(machine, { idleMinutes: 60 }, signal), (error: Error & { code: string }) => {
    assert.equal(error.code, 'cloud-permission');
    assert.match(error.message, /ec2:CreateTags/);
    return true;
  });
});
