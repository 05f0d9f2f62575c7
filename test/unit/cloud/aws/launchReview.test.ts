/** The review of a launch at AWS: rows, sums, the most it can cost, warnings, and the dry run. Against moto. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createAwsClients } from '../../../../src/cloud/aws/awsClients.ts';
import { createLaunchVerbs } from '../../../../src/cloud/aws/launch.ts';
import { atMost } from '../../../../src/cloud/aws/launchReview.ts';
import type { LaunchProfile } from '../../../../src/common/cloud/launchProfile.ts';
import { rulePrices } from '../../../fixtures/cloud/awsPrices.ts';
import { testProfile, whatIsThere } from '../../../fixtures/cloud/launchAws.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { awsTests } from '../../../fixtures/cloud/useTestAws.ts';

const awsTest = awsTests(await motoMissing(), ({ proxy }) => rulePrices(proxy, { onDemand: { 'g4dn.xlarge': 0.526 } }));

function review(profile: LaunchProfile, ask: { isAsked?: boolean; folder?: string } = {}) {
  const verbs = createLaunchVerbs(createAwsClients({ profile: null, version: '9.9.9' }));
  return verbs.review(profile, { isAsked: false, ...ask }, AbortSignal.timeout(60_000));
}
const near = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);

const PRIVATE = { network: { publicAddress: false }, volumes: [{ device: 'root', sizeGb: 100 }] };

awsTest('a row for each thing, and sums of all of them', async () => {
  const result = await review(
    testProfile({ count: 2, volumes: [{ device: 'root', sizeGb: 100 }], network: { publicAddress: true } }),
  );
  assert.deepEqual(
    result.rows.map(({ kind, title }) => [kind, title]),
    [
      ['instance', '2 × g4dn.xlarge, on demand'],
      ['volume', '2 × root disk, 100 GiB gp3'],
      ['address', '2 × public IPv4 address'],
      ['securityGroup', 'security group p2'],
    ],
  );
  const disk = (100 * 0.08) / 730;
  near(result.perHourUsd, 2 * (0.526 + disk + 0.005));
  near(result.perMonthUsd, 730 * 2 * (0.526 + disk + 0.005));
  near(result.stoppedPerMonthUsd, 2 * 8);
  near(result.atMostPerHourUsd, 2 * (0.526 + disk + 0.005));
  assert.equal(result.dryRun, null);
  assert.deepEqual(await whatIsThere(), []);
});

awsTest("the image's own root disk is a row too", async () => {
  const { rows } = await review(testProfile());
  const [root] = rows.filter(({ kind }) => kind === 'volume');
  assert.match(root?.title ?? '', /^root disk, \d+ GiB (standard|gp2|gp3)$/);
  assert.ok((root?.perHourUsd ?? 0) > 0);
});

awsTest('spot costs at most its highest price, the on-demand price without one, or that of the fallback', async () => {
  const spot = (changes: object) => testProfile({ ...PRIVATE, purchase: { spot: changes } });
  const disk = 8 / 730;
  const plain = await review(spot({}));
  near(plain.perHourUsd, 0.526 * 0.4 * 0.9 + disk);
  near(plain.atMostPerHourUsd, 0.526 + disk);
  near((await review(spot({ maximumPricePerHourUsd: 0.3 }))).atMostPerHourUsd, 0.3 + disk);
  near((await review(spot({ maximumPricePerHourUsd: 0.3, fallBackToOnDemand: true }))).atMostPerHourUsd, 0.526 + disk);
});

awsTest('the spot price is that of the zone that is tried first, or it is told', async () => {
  const purchase = 'spot' as const;
  const plain = await review(testProfile({ ...PRIVATE, purchase }));
  assert.match(plain.rows[0]?.detail ?? '', /^us-east-1b, else \d other zones; Deep Learning/);
  assert.deepEqual(
    plain.warnings.map(({ path }) => path),
    ['shutdown', 'keyPair'],
  );
  const { warnings } = await review(testProfile({ ...PRIVATE, purchase, zone: 'us-east-1c' }));
  assert.match(warnings.at(-1)?.message ?? '', /that of us-east-1b; in us-east-1c it is higher/);
});

awsTest('a dearer region that may be fallen back to makes the most', async ({ proxy }) => {
  rulePrices(proxy, { onDemand: { 'g4dn.xlarge': 0.526 }, regions: { 'us-west-2': 2 } });
  const result = await review(testProfile({ ...PRIVATE, fallback: { regions: ['us-west-2'] } }));
  near(result.perHourUsd, 0.526 + 8 / 730);
  near(result.atMostPerHourUsd, 2 * (0.526 + 8 / 730));
});

test('the most is the dearer of the highest spot price and on demand, where both may be', () => {
  const known = { onDemand: 1, spot: null, disks: [0.1], address: 0 };
  const spot = { maximumPricePerHourUsd: 2, fallBackToOnDemand: true };
  assert.equal(atMost(testProfile({ purchase: { spot } }), [known]), 2.1);
});

awsTest('an address that another region would give belongs to the most', async ({ proxy }) => {
  rulePrices(proxy, { onDemand: { 'g4dn.xlarge': 0.526 }, regions: { 'us-west-2': 1 } });
  proxy.on({
    action: 'DescribeSubnets',
    region: 'us-east-1',
    answer: {
      changeAnswer: (body) =>
        body.replaceAll(
          '<mapPublicIpOnLaunch>true</mapPublicIpOnLaunch>',
          '<mapPublicIpOnLaunch>false</mapPublicIpOnLaunch>',
        ),
    },
  });
  const volumes = [{ device: 'root', sizeGb: 100 }];
  const result = await review(testProfile({ volumes, fallback: { regions: ['us-west-2'] } }));
  assert.deepEqual(
    result.rows.filter(({ kind }) => kind === 'address'),
    [],
  );
  near(result.perHourUsd, 0.526 + 8 / 730);
  near(result.atMostPerHourUsd, 0.526 + 8 / 730 + 0.005);
});

test('the most is not known as soon as one of its prices is not', () => {
  const known = { onDemand: 1, spot: null, disks: [0.1], address: 0 };
  const profile = testProfile({ count: 2 });
  assert.equal(atMost(profile, [known]), 2.2);
  assert.equal(atMost(profile, [known, { ...known, onDemand: null }]), null);
  assert.equal(atMost(profile, [{ ...known, disks: [null] }]), null);
});

awsTest('a price that is not known is null in every sum, and told', async ({ proxy }) => {
  rulePrices(proxy, { onDemand: {} });
  const result = await review(testProfile(PRIVATE));
  assert.deepEqual([result.perHourUsd, result.perMonthUsd, result.atMostPerHourUsd], [null, null, null]);
  assert.ok(result.warnings.some(({ path, message }) => path === 'price' && message.includes('g4dn.xlarge')));
});

awsTest('a quota that is too small for the count is told with where to ask for more', async ({ proxy }) => {
  rulePrices(proxy, { onDemand: { 'g4dn.xlarge': 0.526 }, quotas: { 'L-DB2E81BA': 8 } });
  assert.deepEqual(
    (await review(testProfile({ ...PRIVATE, count: 2 }))).warnings.filter(({ path }) => path === 'count'),
    [],
  );
  const [warning] = (await review(testProfile({ ...PRIVATE, count: 3 }))).warnings.filter(
    ({ path }) => path === 'count',
  );
  assert.match(warning?.message ?? '', /3 × g4dn\.xlarge need 12 vCPUs; the account may have 8/);
  assert.match(warning?.remedy ?? '', /servicequotas/);
});

awsTest('warnings of the profile and of the type come along', async () => {
  const rules = [{ port: 22, from: '0.0.0.0/0' }];
  const { warnings } = await review(
    testProfile({ instanceType: 't3.micro', securityGroup: { create: { name: 'p2', rules } } }),
  );
  const paths = warnings.map(({ path }) => path);
  assert.ok(paths.includes('securityGroup.create.rules[0].from'));
  assert.ok(warnings.some(({ message }) => message === 't3.micro has no GPU.'));
});

awsTest('the dry run asks for each thing and makes none', async ({ folder }) => {
  const keyPair = { create: { name: 'k', saveTo: 'k.pem' } };
  const { dryRun } = await review(testProfile({ keyPair }), { isAsked: true, folder });
  assert.deepEqual(
    dryRun?.answers.map(({ what, isAllowed }) => [what.split(' (')[0], isAllowed]),
    [
      ['Making security group p2', true],
      ['Opening its ports', true],
      ['Making key pair k', true],
      ['Launching 1 × g4dn.xlarge, without its new group and key pair, not there yet', true],
    ],
  );
  assert.equal(dryRun?.isAllowed, true);
  assert.deepEqual(await whatIsThere(), []);
});

awsTest('a dry run that is refused names the permission', async ({ proxy }) => {
  proxy.on({
    action: 'RunInstances',
    answer: {
      error: 'UnauthorizedOperation',
      message: 'You are not authorized to perform this operation.',
      status: 403,
    },
  });
  const { dryRun } = await review(testProfile(), { isAsked: true });
  assert.equal(dryRun?.isAllowed, false);
  assert.match(dryRun?.answers.at(-1)?.message ?? '', /ec2:RunInstances/);
});

awsTest('files that a launch would refuse are refused before', async ({ folder }) => {
  writeFileSync(path.join(folder, 'taken.pem'), 'mine');
  const keyPair = { create: { name: 'k', saveTo: 'taken.pem' } };
  await assert.rejects(review(testProfile({ keyPair }), { folder }), {
    code: 'cloud-file',
    path: 'keyPair.create.saveTo',
  });
  await assert.rejects(review(testProfile({ userDataFile: 'none.sh' }), { folder }), {
    code: 'cloud-file',
    path: 'userDataFile',
  });
});

awsTest('an image, a type or a subnet that is not there is refused by its field', async () => {
  await assert.rejects(review(testProfile({ image: { id: { id: 'ami-00000000000000000' } } })), {
    code: 'cloud-image',
    path: 'image.id',
  });
  await assert.rejects(review(testProfile({ image: { name: { name: 'no such image' } } })), {
    code: 'cloud-image',
    path: 'image.name',
  });
  await assert.rejects(review(testProfile({ instanceType: 'p2.xlarge' })), { path: 'instanceType' });
  await assert.rejects(review(testProfile({ network: { subnet: 'subnet-0123' } })), {
    code: 'cloud-not-found',
    path: 'network.subnet',
  });
});
