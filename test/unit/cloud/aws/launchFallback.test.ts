/** A launch that finds no room goes on elsewhere: another zone, another region, on demand; and leaves nothing behind. */
import assert from 'node:assert/strict';
import type { AwsRequest } from '../../../fixtures/cloud/awsProxy.ts';
import { launchOnTestAws, outline, testProfile, whatIsThere } from '../../../fixtures/cloud/launchAws.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { awsTests } from '../../../fixtures/cloud/useTestAws.ts';

const awsTest = awsTests(await motoMissing());

const NO_ROOM = { error: 'InsufficientInstanceCapacity', message: 'We currently do not have sufficient capacity.' };
const isSpot = ({ params }: AwsRequest) => params['InstanceMarketOptions.MarketType'] === 'spot';
const codeOf = (error: unknown) => (error as { code?: string } | null)?.code;

awsTest('no room in the zone: the next one, with what is made already', async ({ proxy, folder }) => {
  proxy.on({ action: 'RunInstances', times: 2, answer: NO_ROOM });
  const { result, events } = await launchOnTestAws(testProfile({ zone: 'us-east-1c' }), { folder });
  assert.equal(result?.instances.length, 1);
  assert.deepEqual(outline(events), ['made securityGroup', 'fallback', 'fallback', 'made instance']);
  const told = events.filter(({ type }) => type === 'fallback').map((event) => 'message' in event && event.message);
  assert.match(String(told[0]), /No room in us-east-1c; trying us-east-1a/);
  const subnets = proxy.requestsOf('RunInstances').map(({ params }) => params.SubnetId);
  assert.equal(new Set(subnets).size, 3);
  assert.equal(new Set(proxy.requestsOf('RunInstances').map(({ params }) => params.ClientToken)).size, 3);
});

awsTest('no room, and only this zone is wanted: told, with what was tried', async ({ proxy, folder }) => {
  proxy.on({ action: 'RunInstances', answer: NO_ROOM });
  const profile = testProfile({ zone: 'us-east-1c', fallback: { zones: false } });
  const { error } = await launchOnTestAws(profile, { folder });
  assert.equal(codeOf(error), 'cloud-capacity');
  assert.match((error as Error).message, /Tried: on demand in us-east-1c\./);
  assert.equal(proxy.requestsOf('RunInstances').length, 1);
  assert.deepEqual(await whatIsThere(), []);
});

awsTest(
  'no room in the region: the next one, with a group and a key of its own, and the first left empty',
  async ({ proxy, folder }) => {
    proxy.on({ action: 'RunInstances', region: 'us-east-1', answer: NO_ROOM });
    const profile = testProfile({
      fallback: { regions: ['us-west-2'] },
      keyPair: { create: { name: 'p2-key', saveTo: 'west.pem' } },
    });
    const { result, events } = await launchOnTestAws(profile, { folder });
    assert.equal(result?.region, 'us-west-2');
    assert.deepEqual(await whatIsThere('us-east-1'), []);
    assert.deepEqual((await whatIsThere('us-west-2')).toSorted(), ['disk', 'group p2', 'key p2-key', 'machine']);
    assert.ok(outline(events).includes('removed keyPair'));
    assert.ok(result?.made.every(({ region }) => region === 'us-west-2'));
  },
);

awsTest('no spot machine anywhere: on demand, where that is allowed, and last', async ({ proxy, folder }) => {
  proxy.on({ action: 'RunInstances', when: isSpot, answer: { error: 'SpotMaxPriceTooLow' } });
  const spot = { fallBackToOnDemand: true };
  const { result } = await launchOnTestAws(testProfile({ purchase: { spot }, fallback: { regions: ['us-west-2'] } }), {
    folder,
  });
  assert.equal(result?.purchase, 'onDemand');
  assert.equal(result?.region, 'us-east-1');
  assert.deepEqual(proxy.requestsOf('RunInstances').map(isSpot).slice(-2), [true, false]);
  assert.equal(proxy.requestsOf('RunInstances').filter(({ region }) => region === 'us-west-2').length > 0, true);
  assert.deepEqual(await whatIsThere('us-west-2'), []);
});

awsTest(
  'no more spot machines for the account: on demand where that is allowed, else told as the quota',
  async (aws) => {
    const { proxy, folder } = aws;
    proxy.on({ action: 'RunInstances', when: isSpot, answer: { error: 'MaxSpotInstanceCountExceeded' } });
    const refused = await launchOnTestAws(testProfile({ purchase: 'spot' }), { folder });
    assert.equal(codeOf(refused.error), 'cloud-quota');
    assert.deepEqual(await whatIsThere(), []);
    const { result } = await launchOnTestAws(testProfile({ purchase: { spot: { fallBackToOnDemand: true } } }), {
      folder,
    });
    assert.equal(result?.purchase, 'onDemand');
  },
);

awsTest('no spot machine, and on demand is not allowed: told', async ({ proxy, folder }) => {
  proxy.on({ action: 'RunInstances', when: isSpot, answer: NO_ROOM });
  const { error } = await launchOnTestAws(testProfile({ purchase: 'spot' }), { folder });
  assert.equal(codeOf(error), 'cloud-capacity');
  assert.deepEqual(await whatIsThere(), []);
});

for (const [reason, state] of [
  ['Server.InsufficientInstanceCapacity', 'terminated'],
  ['Server.SpotInstanceTermination', 'terminated'],
  // A lasting request's machine, which may have stopped between two looks.
  ['Server.SpotInstanceShutdown', 'stopped'],
]) {
  awsTest(`room that is lost after the answer (${reason}) is looked for elsewhere`, async ({ proxy, folder }) => {
    proxy.on({
      action: 'DescribeInstances',
      times: 1,
      when: ({ params }) => params['InstanceId.1'] !== undefined,
      answer: {
        changeAnswer: (body) =>
          body
            .replace('<code>16</code>', '<code>48</code>')
            .replace('<name>running</name>', `<name>${state}</name>`)
            .replace(/<stateReason>[\s\S]*?<\/stateReason>|<stateReason\/>/, '')
            .replace(
              '<instanceState>',
              `<stateReason><code>${reason}</code><message>${reason}: no room</message></stateReason><instanceState>`,
            ),
      },
    });
    const { result, events } = await launchOnTestAws(testProfile(), { folder });
    assert.equal(result?.instances.length, 1);
    assert.deepEqual(outline(events), [
      'made securityGroup',
      'made instance',
      'removed instance',
      'fallback',
      'made instance',
    ]);
    assert.equal((await whatIsThere()).filter((one) => one === 'machine').length, 1);
  });
}

awsTest('a machine that ends for another reason ends the launch', async ({ proxy, folder }) => {
  proxy.on({
    action: 'DescribeInstances',
    times: 1,
    when: ({ params }) => params['InstanceId.1'] !== undefined,
    answer: {
      changeAnswer: (body) =>
        body
          .replace('<name>running</name>', '<name>shutting-down</name>')
          .replace(/<stateReason>[\s\S]*?<\/stateReason>|<stateReason\/>/, '')
          .replace(
            '<instanceState>',
            '<stateReason><code>Client.VolumeLimitExceeded</code><message>Volume limit exceeded</message></stateReason><instanceState>',
          ),
    },
  });
  const { error } = await launchOnTestAws(testProfile(), { folder });
  assert.equal(codeOf(error), 'cloud-state');
  assert.match((error as Error).message, /Volume limit exceeded/);
  assert.deepEqual(await whatIsThere(), []);
});

awsTest(
  'no room is certain at once, though the SDK has asked several times: the token tells',
  async ({ proxy, folder }) => {
    proxy.on({ action: 'RunInstances', times: 5, answer: { ...NO_ROOM, status: 500 } });
    const { result } = await launchOnTestAws(testProfile(), { folder });
    assert.equal(result?.instances.length, 1);
    const actions = proxy.requests.map(({ action }) => action);
    const between = actions.slice(actions.indexOf('RunInstances'), actions.lastIndexOf('RunInstances'));
    // Looking again and again for what may have been made would take minutes from zone to zone.
    assert.deepEqual(
      between.filter((action) => action !== 'RunInstances'),
      ['DescribeInstances', 'DescribeVolumes'],
    );
    assert.equal(between.length, 5 + 2);
  },
);
