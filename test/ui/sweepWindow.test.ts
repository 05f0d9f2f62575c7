/** The sweep and a machine's guard in a real VS Code, against moto: found, removed after a question, changed by tags. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { guardTags } from '../../src/common/cloud/guardTags.ts';
import { ec2 as ec2Answer, rulePrices } from '../fixtures/cloud/awsPrices.ts';
import { hideImageSnapshots } from '../fixtures/cloud/hideImageSnapshots.ts';
import { motoMissing } from '../fixtures/cloud/moto.ts';
import { startTestAws } from '../fixtures/cloud/testAws.ts';
import { useWorkbench } from './workbench.ts';

const skip = await motoMissing();
const OURS = { Key: 'skillet:made-by', Value: '1.0.0' };

test('a sweep finds what is left over and removes it after a question, and a machine gets more time', {
  skip,
}, async (t) => {
  const aws = await startTestAws();
  t.after(() => aws.stop());
  const { proxy } = aws;
  rulePrices(proxy);
  hideImageSnapshots(proxy);
  const region = (name: string) =>
    `<item><regionName>${name}</regionName><regionEndpoint>ec2.${name}.amazonaws.com</regionEndpoint><optInStatus>opt-in-not-required</optInStatus></item>`;
  proxy.on({
    action: 'DescribeRegions',
    answer: {
      body: ec2Answer(
        'DescribeRegionsResponse',
        `<regionInfo>${region('us-east-1')}${region('us-west-2')}</regionInfo>`,
      ),
    },
  });
  const ec2 = new EC2Client({});
  const volume = async (Tags: { Key: string; Value: string }[]) =>
    ec2.send(
      new CreateVolumeCommand({
        AvailabilityZone: 'us-east-1a',
        Size: 100,
        VolumeType: 'gp3',
        TagSpecifications: [{ ResourceType: 'volume', Tags }],
      }),
    );
  await volume([OURS, { Key: 'Name', Value: 'my data' }]);
  await volume([{ Key: 'Name', Value: 'their data' }]);
  const hours = guardTags({ deadlineHours: 8, idleMinutes: 30, action: 'stop' }, Date.now());
  await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-0dl0tf218000000001',
      InstanceType: 'g5.xlarge',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [OURS, ...Object.entries({ Name: 'p2', ...hours }).map(([Key, Value]) => ({ Key, Value }))],
        },
      ],
    }),
  );

  const { page, runCommand, webview, reload, screenshot } = await useWorkbench(t, { env: { ...aws.env } });
  await runCommand('Skillet: Sweep');
  const sentence = webview().getByRole('status');
  await sentence.filter({ hasText: /^3 things found/ }).waitFor();
  await webview().getByLabel('disk my data').check();
  await webview().getByText('1 thing chosen, $8.00 a month').waitFor();
  await screenshot('sweep in a window');
  await webview().getByRole('button', { name: 'Remove 1 thing…' }).click();
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.getByText('1 disk, which cost $8.00 a month. This cannot be undone.').waitFor();
  await screenshot('sweep asks');
  await dialog.getByRole('button', { name: 'Remove 1 thing' }).click();
  await sentence.filter({ hasText: /^2 things found.*1 thing removed/ }).waitFor();
  const { Volumes = [] } = await ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: 'status', Values: ['available'] }] }),
  );
  assert.deepEqual(
    Volumes.map(({ Tags = [] }) => Tags.find(({ Key }) => Key === 'Name')?.Value),
    ['their data'],
  );

  await runCommand('Skillet: Change When It Stops');
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: 'p2' }).click();
  await rows.filter({ hasText: 'Later by 2 hours' }).click();
  await page
    .locator('.notifications-toasts', { hasText: /The guard of p2 stops it at .* takes that up within a minute/ })
    .waitFor();
  const [tagging] = proxy.requestsOf('CreateTags').filter(({ params }) => params['Tag.1.Key'] === 'skillet:deadline');
  const later = Date.parse(tagging?.params['Tag.1.Value'] ?? '') - Date.parse(hours['skillet:deadline'] ?? '');
  assert.equal(later, 2 * 3_600_000);

  await runCommand('Skillet: Change When It Stops');
  await rows.filter({ hasText: 'p2' }).click();
  await rows.filter({ hasText: 'No deadline' }).click();
  await dialog.getByText('Let p2 run without a deadline?').waitFor();
  await dialog.getByText(/It costs \$1\.\d\d an hour, day and night|What it costs an hour is not known/).waitFor();
  await screenshot('no deadline asks');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await reload();
  await page.getByRole('tab', { name: 'Sweep' }).waitFor();
  await sentence.filter({ hasText: /^2 things found/ }).waitFor();
  assert.deepEqual(proxy.unknown, []);
});
