/** Machines in words: rows, sums with unknown prices, what is lost, and the filter. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FleetRow, sumCosts } from '../../../src/common/cloud/fleet.ts';
import type { Instance } from '../../../src/common/cloud/instance.ts';
import { parseInstanceFilter } from '../../../src/common/cloud/instanceFilter.ts';
import { describeRow, formatBurning, formatCost, lossText, soFarNow } from '../../../src/common/cloud/instanceText.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');

function row(instance: Partial<Instance> = {}, rest: Partial<FleetRow> = {}): FleetRow {
  return {
    instance: {
      provider: 'aws',
      region: 'us-east-1',
      id: 'i-0abc',
      name: 'boston-p2',
      zone: 'us-east-1a',
      state: 'running',
      stateReason: null,
      instanceType: 'g5.xlarge',
      gpu: { name: 'A10G', count: 1, memoryBytes: 24 * 1024 ** 3 },
      purchase: 'spot',
      spotRequestId: null,
      launchedAt: '2026-11-25T09:50:00Z',
      stoppedAt: null,
      publicAddress: '203.0.113.17',
      privateAddress: null,
      imageId: null,
      keyPair: null,
      securityGroups: [],
      volumeIds: ['vol-1', 'vol-2'],
      keptVolumeIds: ['vol-2'],
      tags: { 'skillet:made-by': '0.1.0', team: 'vision' },
      ...instance,
    },
    cost: {
      perHourUsd: 0.41,
      soFarUsd: 0.89,
      parts: [
        { kind: 'computing', what: 'g5.xlarge', perHourUsd: 0.4 },
        { kind: 'volume', what: 'vol-1, gp3, 100 GB', perHourUsd: 0.01 },
      ],
    },
    costAt: NOW,
    idle: { idleSince: '2026-11-25T11:57:00Z', cpuShare: 0 },
    guard: { deadline: '2026-11-25T18:00:00Z', idleMinutes: null, action: 'stop' },
    ...rest,
  };
}

test('a row says type, card, price, age, cost so far, idleness and end', () => {
  process.env.TZ = 'UTC';
  assert.equal(
    describeRow(row(), NOW, 'en-GB'),
    'g5.xlarge · spot $0.41/h · 2 h 10 m · $0.89 · idle 3 m · stops 18:00 · A10G',
  );
  const four = { name: 'A10G', count: 4, memoryBytes: null };
  assert.equal(
    describeRow(row({ state: 'pending', gpu: four }, { cost: null, idle: null, guard: null }), NOW),
    'starting · g5.xlarge · spot · 2 h 10 m · 4 × A10G',
  );
  assert.equal(describeRow(row({ state: 'terminated' }), NOW), 'terminated · g5.xlarge');
});

test('a stopped machine tells what its disks cost', () => {
  const cost = { perHourUsd: 0.011, soFarUsd: 0.89, parts: [] };
  assert.equal(describeRow(row({ state: 'stopped' }, { cost }), NOW), 'stopped · g5.xlarge · disks $0.011/h');
});

test('what is not known is a question mark and never nothing', () => {
  const parts = [
    { kind: 'computing' as const, what: 'g5.xlarge', perHourUsd: 0.4 },
    { kind: 'volume' as const, what: 'vol-1', perHourUsd: null },
  ];
  const partly = row({}, { cost: { perHourUsd: null, soFarUsd: null, parts } });
  const unknown = row({}, { cost: { perHourUsd: null, soFarUsd: null } });
  const texts = [[partly], [unknown], [row(), partly], [row()], [row({}, { cost: null })]].map((rows) =>
    formatBurning(sumCosts(rows)),
  );
  assert.deepEqual(texts, ['≥ $0.40/h', '?/h', '≥ $0.81/h', '$0.41/h', '?/h']);
  assert.deepEqual([null, 0, 0.0042, 0.05, 0.4, 98.304, 1240.2].map(formatCost), [
    '?',
    '$0.00',
    '$0.0042',
    '$0.05',
    '$0.40',
    '$98.30',
    '$1,240',
  ]);
});

test('the cost so far grows with time by computing alone, and stands still when the machine does', () => {
  const hourLater = NOW + 3_600_000;
  assert.equal(soFarNow(row(), hourLater)?.toFixed(2), '1.29');
  assert.equal(soFarNow(row({ state: 'stopped' }), hourLater), 0.89);
});

test('before a machine is terminated, what goes, what stays and its request are named', () => {
  const text = lossText([row({ spotRequestId: 'sir-1' })], 'terminate');
  assert.equal(
    text,
    'boston-p2 (i-0abc), g5.xlarge in us-east-1a: spot $0.41/h. Gone for good: vol-1, gp3, 100 GB. Stays, and goes on costing: vol-2. Its spot request sir-1 is cancelled first where it is a lasting one.',
  );
});

test('before a machine is stopped, what goes on costing is named', () => {
  assert.match(lossText([row()], 'stop'), /Its 2 disks stay with it and cost \$7\.30 a month while it is stopped\./);
  assert.match(lossText([row({}, { cost: null })], 'stop'), /cost on, how much is not known/);
});

test('a filter of fields and words leaves what fits all of them', () => {
  const leaves = (text: string, one = row()) => parseInstanceFilter(text).matches(one);
  const texts = [
    'state:running gpu:a10g region:us type:g5 ours:yes',
    'boston',
    '203.0.113',
    'state:stopped,running',
    '-state:stopped',
    'gpu:yes',
    'bought:spot',
    'tag:team=vision',
    '',
  ];
  assert.deepEqual(
    texts.map((text) => leaves(text)),
    texts.map(() => true),
  );
  const others = ['state:stopped', 'gpu:t4', 'gpu:no', 'region:eu', 'type:p4', 'ours:no', '-boston', 'boston nothing'];
  assert.deepEqual(
    others.map((text) => leaves(text)),
    others.map(() => false),
  );
  assert.equal(parseInstanceFilter('state:terminated').asksTerminated, true);
});

test('a filter with a wrong field or no value is refused by that field', () => {
  const refused = { name: 'SkilletError', code: 'run-filter' };
  assert.throws(() => parseInstanceFilter('stat:running'), { ...refused, path: 'stat', remedy: 'Did you mean state?' });
  assert.throws(() => parseInstanceFilter('gpu:'), { ...refused, path: 'gpu' });
  assert.throws(() => parseInstanceFilter('ours:maybe'), { ...refused, path: 'ours' });
});
