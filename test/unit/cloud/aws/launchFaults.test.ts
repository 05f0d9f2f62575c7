/** A launch at AWS that fails, is cancelled or loses answers leaves nothing, and never makes two machines. Against moto. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DescribeVolumesCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { LaunchEvent } from '../../../../src/common/cloud/launchRecord.ts';
import type { Answer, AwsProxy } from '../../../fixtures/cloud/awsProxy.ts';
import { launchOnTestAws, lostAnswer, outline, testProfile, whatIsThere } from '../../../fixtures/cloud/launchAws.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { awsTests } from '../../../fixtures/cloud/useTestAws.ts';

const awsTest = awsTests(await motoMissing());

let files = 0;
/** With a group, a key and a disk that would stay. */
function wholeProfile(folder: string) {
  files += 1;
  const saveTo = path.join(folder, `key-${files}.pem`);
  const profile = testProfile({
    keyPair: { create: { name: 'p2-key', saveTo } },
    volumes: [{ device: '/dev/sdf', type: 'gp2', sizeGb: 10, deleteOnTermination: false }],
  });
  return { profile, saveTo };
}

const codeOf = (error: unknown) => (error as { code?: string } | null)?.code;

for (const action of ['CreateSecurityGroup', 'AuthorizeSecurityGroupIngress', 'CreateKeyPair', 'RunInstances']) {
  awsTest(`a refusal of ${action} leaves nothing`, async ({ proxy, folder }) => {
    proxy.on({ action, answer: { error: 'UnauthorizedOperation', message: 'You are not authorized.', status: 403 } });
    const { profile, saveTo } = wholeProfile(folder);
    const { error, events } = await launchOnTestAws(profile, { folder });
    assert.equal(codeOf(error), 'cloud-permission');
    assert.deepEqual(await whatIsThere(), []);
    assert.equal(existsSync(saveTo), false);
    const made = outline(events)
      .filter((one) => one.startsWith('made'))
      .map((one) => one.slice(5));
    const removed = outline(events)
      .filter((one) => one.startsWith('removed'))
      .map((one) => one.slice(8));
    assert.deepEqual(removed, made.toReversed());
  });
}

awsTest(
  'machines that cannot be seen running leave nothing, not even the disks that would stay',
  async ({ proxy, folder }) => {
    const { profile } = wholeProfile(folder);
    const isOfIds = (params: Readonly<Record<string, string>>) => params['InstanceId.1'] !== undefined;
    proxy.on({
      action: 'DescribeInstances',
      times: 1,
      when: ({ params }) => isOfIds(params),
      answer: { error: 'UnauthorizedOperation', status: 403 },
    });
    const { error } = await launchOnTestAws(profile, { folder });
    assert.equal(codeOf(error), 'cloud-permission');
    assert.deepEqual(await whatIsThere(), []);
  },
);

for (const action of ['CreateSecurityGroup', 'CreateKeyPair']) {
  awsTest(`an answer to ${action} that is lost once does not end the launch`, async ({ proxy, folder }) => {
    const { profile, saveTo } = wholeProfile(folder);
    proxy.on(lostAnswer(action));
    const { error, result } = await launchOnTestAws(profile, { folder });
    assert.equal(error, null);
    assert.equal(result?.keyFile, saveTo);
    assert.deepEqual((await whatIsThere()).toSorted(), ['disk', 'group p2', 'key p2-key', 'machine']);
  });
}

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUMTHqzNJyN+mnXYvCWgbHAeiFvbAHgCSpKVCyLqbzy me';

awsTest('an answer to ImportKeyPair that is lost once does not end the launch', async ({ proxy, folder }) => {
  writeFileSync(path.join(folder, 'id.pub'), PUBLIC_KEY);
  proxy.on(lostAnswer('ImportKeyPair'));
  const keyPair = { import: { name: 'mine', publicKeyFile: 'id.pub' } };
  const { error } = await launchOnTestAws(testProfile({ keyPair }), { folder });
  assert.equal(error, null);
  assert.ok((await whatIsThere()).includes('key mine'));
});

/** moto makes a machine for each request; AWS, and this, one for each token. */
function onceForEachToken(proxy: AwsProxy, losing: number): void {
  const answers = new Set<string>();
  let lost = 0;
  proxy.on({
    action: 'RunInstances',
    answer({ params }): Answer {
      const isRepeated = answers.has(params.ClientToken ?? '');
      answers.add(params.ClientToken ?? '');
      lost += 1;
      if (isRepeated) {
        return lost <= losing ? { cut: 'before' } : { error: 'InternalError', status: 500 };
      }
      return lost <= losing ? { cut: 'after' } : {};
    },
  });
}

awsTest(
  'a network that is cut after RunInstances was heard never gives two machines, and none is left',
  async ({ proxy, folder }) => {
    const { profile } = wholeProfile(folder);
    onceForEachToken(proxy, 100);
    const { error, events } = await launchOnTestAws(profile, { folder });
    assert.equal(codeOf(error), 'cloud-network');
    const tokens = proxy.requestsOf('RunInstances').map(({ params }) => params.ClientToken);
    assert.ok(tokens.length > 1);
    assert.equal(new Set(tokens).size, 1);
    assert.ok(outline(events).includes('removed instance'));
    assert.deepEqual(await whatIsThere(), []);
  },
);

awsTest('lost answers of every call together leave nothing', async ({ proxy, folder }) => {
  const { profile, saveTo } = wholeProfile(folder);
  proxy.on(lostAnswer('CreateSecurityGroup'));
  proxy.on(lostAnswer('AuthorizeSecurityGroupIngress'));
  proxy.on(lostAnswer('CreateKeyPair'));
  onceForEachToken(proxy, 100);
  const { error } = await launchOnTestAws(profile, { folder });
  assert.equal(codeOf(error), 'cloud-network');
  assert.deepEqual(await whatIsThere(), []);
  assert.equal(existsSync(saveTo), false);
});

awsTest(
  'a lost machine that cannot be looked for is told as unfinished, with token and region',
  async ({ proxy, folder }) => {
    onceForEachToken(proxy, 100);
    let isMade = false;
    proxy.on({
      action: 'DescribeInstances',
      when: () => isMade,
      answer: { error: 'UnauthorizedOperation', status: 403 },
    });
    const onEvent = (event: LaunchEvent) => {
      isMade ||= event.type === 'step' && event.message.startsWith('Launching');
    };
    const { error, events } = await launchOnTestAws(testProfile(), { folder, onEvent });
    const { code, message, remedy } = error as { code: string; message: string; remedy: string };
    assert.equal(code, 'cloud-unfinished');
    assert.match(message, /token-1/);
    assert.match(message, /us-east-1/);
    assert.match(remedy, /token-1.*skillet sweep aws --region us-east-1/);
    assert.ok(outline(events).includes('left instance'));
    // Mended, the same token finds the machine and makes no second one.
    proxy.reset();
    const again = await launchOnTestAws(testProfile(), { folder });
    assert.equal(again.result?.instances.length, 1);
    assert.equal(proxy.requestsOf('RunInstances').length, 0);
  },
);

awsTest('a group that cannot be removed is told, and so is how to find it', async ({ proxy, folder }) => {
  proxy.on({ action: 'RunInstances', answer: { error: 'VcpuLimitExceeded' } });
  proxy.on({
    action: 'DeleteSecurityGroup',
    answer: { error: 'DependencyViolation', message: 'It has a dependent object.' },
  });
  const { error, events } = await launchOnTestAws(testProfile(), { folder });
  assert.equal(codeOf(error), 'cloud-unfinished');
  assert.match((error as Error).message, /security group sg-/);
  assert.deepEqual(outline(events).slice(-1), ['left securityGroup']);
  assert.ok(proxy.requestsOf('DeleteSecurityGroup').length > 1, 'tried again');
});

for (const step of ['Looking', 'Making security group', 'Making key pair', 'Launching', 'Waiting']) {
  awsTest(`a cancel while it says "${step}" leaves nothing`, async ({ folder }) => {
    const { profile, saveTo } = wholeProfile(folder);
    const { error, result } = await launchOnTestAws(profile, {
      folder,
      onEvent(event, controller) {
        if (event.type === 'step' && event.message.startsWith(step)) {
          controller.abort();
        }
      },
    });
    assert.equal(result, null);
    assert.equal((error as Error).name, 'AbortError');
    assert.deepEqual(await whatIsThere(), []);
    assert.equal(existsSync(saveTo), false);
  });
}

for (const action of ['CreateSecurityGroup', 'CreateKeyPair', 'RunInstances']) {
  awsTest(`a cancel while ${action} is under way leaves nothing`, async ({ proxy, folder }) => {
    const { profile, saveTo } = wholeProfile(folder);
    const controller = new AbortController();
    proxy.on({
      action,
      answer: {
        changeAnswer(body) {
          controller.abort(); // It is done, but the answer finds nobody.
          return body;
        },
      },
    });
    const { error } = await launchOnTestAws(profile, { folder, controller });
    assert.equal((error as Error).name, 'AbortError');
    assert.deepEqual(await whatIsThere(), []);
    assert.equal(existsSync(saveTo), false);
  });
}

awsTest('after a cancelled launch the same token makes a machine of its own', async ({ proxy, folder }) => {
  const { profile } = wholeProfile(folder);
  const stopAt = (event: LaunchEvent, controller: AbortController) =>
    event.type === 'step' && event.message.startsWith('Waiting') && controller.abort();
  await launchOnTestAws(profile, { folder, onEvent: stopAt });
  const again = await launchOnTestAws(profile, { folder });
  assert.equal(again.result?.instances.length, 1);
  const tokens = proxy.requestsOf('RunInstances').map(({ params }) => params.ClientToken);
  assert.equal(new Set(tokens).size, 2, 'AWS would give the old machine, which is over, for the old token');
});

awsTest(
  'a token whose machine AWS remembers and no longer lists makes a machine of its own',
  async ({ proxy, folder }) => {
    proxy.on({ action: 'RunInstances', times: 2, answer: { error: 'IdempotentInstanceTerminated' } });
    const { result } = await launchOnTestAws(testProfile(), { folder });
    assert.equal(result?.instances.length, 1);
    assert.equal(new Set(proxy.requestsOf('RunInstances').map(({ params }) => params.ClientToken)).size, 3);
    assert.deepEqual((await whatIsThere()).toSorted(), ['disk', 'group p2', 'machine']);
  },
);

awsTest('a token that AWS knows from an earlier try leads to the machine of that try', async ({ proxy, folder }) => {
  proxy.on({ action: 'RunInstances', answer: { error: 'IdempotentParameterMismatch' } });
  proxy.on(lostAnswer('RunInstances'));
  const { result, error } = await launchOnTestAws(testProfile(), { folder });
  assert.equal(error, null);
  assert.equal(result?.instances.length, 1);
  assert.deepEqual((await whatIsThere()).toSorted(), ['disk', 'group p2', 'machine']);
});

awsTest(
  'a disk that an earlier machine of the same token has left stays when a later one is taken back',
  async ({ folder }) => {
    const { profile, saveTo } = wholeProfile(folder);
    const first = await launchOnTestAws(profile, { folder });
    const client = new EC2Client({});
    const InstanceIds = (first.result?.instances ?? []).map(({ id }) => id);
    await client.send(new TerminateInstancesCommand({ InstanceIds }));
    const kept = await volumeIds(client);
    assert.equal(kept.length, 1, saveTo);
    const { error } = await launchOnTestAws(profile, {
      folder,
      onEvent: (event, controller) =>
        event.type === 'step' && event.message.startsWith('Waiting') && controller.abort(),
    });
    assert.equal((error as Error).name, 'AbortError');
    assert.deepEqual(await volumeIds(client), kept);
    client.destroy();
  },
);

async function volumeIds(client: EC2Client): Promise<readonly (string | undefined)[]> {
  const { Volumes = [] } = await client.send(new DescribeVolumesCommand({}));
  return Volumes.map(({ VolumeId }) => VolumeId);
}

awsTest('a second cancel of the same token leaves nothing of either try', async ({ folder, proxy }) => {
  const { profile } = wholeProfile(folder);
  onceForEachToken(proxy, 100);
  const stopAt = (event: LaunchEvent, controller: AbortController) =>
    event.type === 'step' && event.message.startsWith('Launching') && controller.abort();
  await launchOnTestAws(profile, { folder });
  await launchOnTestAws(profile, { folder, onEvent: stopAt });
  assert.deepEqual(await whatIsThere(), []);
});

awsTest('a name that somebody else uses is told, and their group stays', async ({ folder, proxy }) => {
  await launchOnTestAws(testProfile(), { folder, token: 'theirs' });
  const { error } = await launchOnTestAws(testProfile(), { folder, token: 'mine' });
  assert.deepEqual([codeOf(error), (error as { path: string }).path], ['cloud-name-taken', 'securityGroup.create']);
  assert.deepEqual((await whatIsThere()).filter((one) => one !== 'disk').toSorted(), ['group p2', 'machine']);
  assert.equal(proxy.requestsOf('RunInstances').length, 1);
});

awsTest(
  'a machine that somebody has started again is found by its token, and no cancel ends it',
  async ({ proxy, folder }) => {
    const first = await launchOnTestAws(testProfile(), { folder });
    proxy.on({
      action: 'DescribeInstances',
      times: 1,
      answer: {
        changeAnswer: (body) =>
          body
            .replace('<code>16</code>', '<code>0</code>')
            .replace('<name>running</name>', '<name>pending</name>')
            .replaceAll(/<attachTime>[^<]*<\/attachTime>/g, '<attachTime>2020-01-01T00:00:00.000Z</attachTime>'),
      },
    });
    const { result } = await launchOnTestAws(testProfile(), {
      folder,
      onEvent: (event, controller) =>
        event.type === 'step' && event.message.startsWith('This launch has made') && controller.abort(),
    });
    assert.ok((await whatIsThere()).includes('machine'));
    assert.deepEqual(result?.instances, first.result?.instances);
  },
);
