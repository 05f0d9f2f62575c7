/** The form's own arithmetic: drafts and profiles, the order of offers, prices in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dollars, dollarsPerHour } from '../../../src/common/cloud/dollars.ts';
import { launchProfileSchema } from '../../../src/common/cloud/launchProfile.ts';
import { emptyDraft, fromProfile, NEW_VOLUME, toProfile } from '../../../src/webview/launch/draft.ts';
import { keyOf } from '../../../src/webview/launch/launchModel.ts';
import { isQuotaOk, keepOrder, nextSorting, sortOffers } from '../../../src/webview/launch/offerOrder.ts';
import { pathWords, problemWords } from '../../../src/webview/launch/pathWords.ts';
import { sparkPath, sparkText } from '../../../src/webview/launch/sparkPath.ts';
import { offer, quota, spotOffer } from '../../fixtures/cloud/formProvider.ts';

const whole = {
  account: 'west',
  region: 'us-west-2',
  zone: 'us-west-2b',
  instanceType: 'g5.2xlarge',
  name: 'digits',
  count: 2,
  image: { name: { name: 'RStudio Server with TensorFlow-GPU*', owner: 'aws-marketplace' } },
  purchase: { spot: { maximumPricePerHourUsd: 0.4, interruption: 'stop', fallBackToOnDemand: true } },
  fallback: { zones: false, regions: ['us-east-1'] },
  network: { subnet: 'subnet-0a1', publicAddress: true },
  volumes: [
    { device: 'root', type: 'gp3', sizeGb: 200, iops: 4000, throughputMbps: 250 },
    { device: '/dev/sdf', type: 'io2', sizeGb: 100, iops: 5000, encrypted: false, deleteOnTermination: false },
  ],
  tags: { project: 'digits' },
  securityGroup: { create: { name: 'mine', rules: [{ port: '8000-8010', from: '203.0.113.0/24' }] } },
  keyPair: { create: { name: 'k', keyType: 'rsa', saveTo: '~/.ssh/k.pem' } },
  userData: '#!/bin/bash\necho',
  role: 'trainer',
  shutdown: 'terminate',
  guard: { deadlineHours: null, idleMinutes: 15, action: 'terminate' },
};

test('a profile that was opened in the form is written again as it was', () => {
  const profile = launchProfileSchema.parse(whole);
  assert.deepEqual(launchProfileSchema.parse(toProfile(fromProfile(profile))), profile);
});

test('a new form needs machine, image and nothing else', () => {
  const read = launchProfileSchema.safeParse(toProfile({ ...emptyDraft, region: 'us-east-1' }));
  assert.deepEqual(
    read.error?.issues.map(({ path }) => path.join('.')),
    ['instanceType', 'image'],
  );
});

test('a number that is none stays as it was typed, so that the check can name it', () => {
  const profile = toProfile({ ...emptyDraft, count: 'two', volumes: [{ ...NEW_VOLUME, sizeGb: '' }] });
  assert.deepEqual(
    [profile.count, profile.volumes],
    ['two', [{ device: '/dev/sdf', type: 'gp3', encrypted: true, deleteOnTermination: true }]],
  );
});

const offers = [
  offer({ instanceType: 'b', onDemandPerHourUsd: 2 }),
  offer({ instanceType: 'a', onDemandPerHourUsd: null }),
  offer({ instanceType: 'c', onDemandPerHourUsd: 1 }),
];
const table = new Map(offers.map((one) => [keyOf(one), one]));

test('offers without a price come last, whichever way round', () => {
  const names = (isDescending: boolean) =>
    sortOffers(offers, { by: 'onDemand', isDescending }).map((key) => key.split(' ')[1]);
  assert.deepEqual(
    [names(false), names(true)],
    [
      ['c', 'b', 'a'],
      ['b', 'c', 'a'],
    ],
  );
  assert.deepEqual(nextSorting({ by: 'onDemand', isDescending: false }, 'memory'), {
    by: 'memory',
    isDescending: true,
  });
});

test('rows that are there keep their places, and new ones come after them', () => {
  assert.deepEqual(keepOrder(['us-east-1 c', 'us-east-1 gone', 'us-east-1 a'], table), [
    'us-east-1 c',
    'us-east-1 a',
    'us-east-1 b',
  ]);
});

test('a quota is enough where what is in use and what is wanted fit into it', () => {
  const judged = [null, quota(8, 8), { ...quota(8, 8), used: 4 }, { ...quota(8, 8), used: null }].map(isQuotaOk);
  assert.deepEqual(judged, [null, true, false, true]);
});

test('a price that is not known is a dash and never nothing', () => {
  assert.deepEqual([null, 0, 0.00711, 0.0416, 0.526, 21.957, 999.999, 12345.6, -12.3].map(dollars), [
    '—',
    '$0.00',
    '$0.0071',
    '$0.042',
    '$0.53',
    '$21.96',
    '$1,000',
    '$12,346',
    '−$12.30',
  ]);
  assert.deepEqual([dollarsPerHour(null), dollarsPerHour(0.526)], ['—', '$0.53/h']);
});

test('a sparkline says its range in words, and has no more points than can be seen', () => {
  const spot = spotOffer(0.4);
  assert.match(sparkText(spot), /^Spot price in us-east-1a over 29 days: from \$0\.32 to \$0\.48, now \$0\.40$/);
  const long = Array.from({ length: 3000 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 9, 26) + index * 864_000).toISOString(),
    perHourUsd: 0.4 + index / 1e4,
  }));
  assert.ok(sparkPath(long).split('H').length <= 66);
});

test('paths are told as the form calls them', () => {
  assert.deepEqual(
    ['volumes[1].iops', 'securityGroup.create.rules[0].from', 'keyPair.existing.name', 'strange'].map(pathWords),
    ['disk 2, IOPS', 'security group, rule 1, source', 'key pair, name', 'strange'],
  );
});

test('an empty field is told in the form’s own words, other faults in those of the check', () => {
  const words = [
    { path: 'instanceType', message: 'is missing.', remedy: 'Add text here.' },
    { path: 'keyPair.existing.name', message: '"" is too small.', remedy: 'Use at least 1 letters.' },
    { path: 'volumes[0].iops', message: 'is missing, and io2 has no default.', remedy: 'Write 100 or more.' },
    { path: 'count', message: '"two" is text where a number belongs.', remedy: 'Write a number.' },
  ].map((one) => problemWords({ code: 'cloud-profile', ...one }));
  assert.deepEqual(words, [
    'Choose a machine.',
    'Choose a key pair.',
    'It is missing, and io2 has no default. Write 100 or more.',
    '"two" is text where a number belongs. Write a number.',
  ]);
});
