/** What was left over, in words and sums. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Leftover, removalOrder } from '../../../../src/common/cloud/leftover.ts';
import {
  countText,
  isPreselected,
  removalWarning,
  sumLeftovers,
  sumText,
} from '../../../../src/common/cloud/leftoverText.ts';

function made(kind: Leftover['kind'], id: string, part: Partial<Leftover> = {}): Leftover {
  return {
    kind,
    id,
    region: 'us-east-1',
    name: null,
    isOurs: true,
    isUnused: true,
    reason: '',
    perMonthUsd: 10,
    createdAt: null,
    ...part,
  };
}

test('a sum tells a missing part, and nothing is nothing only where all is known', () => {
  const texts = [[], [0, 0], [10, 5], [10, null], [null], [0, null]].map((costs) =>
    sumText(sumLeftovers(costs.map((perMonthUsd, at) => made('volume', `v${at}`, { perMonthUsd })))),
  );
  assert.deepEqual(texts, [
    'nothing',
    'nothing',
    '$15.00 a month',
    'at least $10.00 a month',
    '? a month',
    '? a month',
  ]);
});

test('only what is ours, unused and without data is chosen', () => {
  assert.deepEqual(
    [
      made('address', 'a'),
      made('address', 'b', { isUnused: false }),
      made('address', 'c', { isOurs: false }),
      made('volume', 'd'),
      made('snapshot', 'e'),
      made('instance', 'f'),
    ].map(isPreselected),
    [true, false, false, false, false, false],
  );
});

test('the question names machines, things, the price and what is not ours', () => {
  const chosen = [
    made('instance', 'i-1', { name: 'p2' }),
    made('volume', 'vol-1', { isOurs: false }),
    made('keyPair', 'k'),
  ];
  const text = removalWarning(chosen);
  assert.equal(countText(chosen), '1 machine, 1 disk and 1 key pair');
  for (const part of [
    '1 machine, 1 disk and 1 key pair, which cost $30.00 a month. This cannot be undone.',
    'disk vol-1 in us-east-1\nkey pair k in us-east-1',
    'Terminated, with what is on their disks: p2 (i-1).',
    'One of them was not made by Skillet',
  ]) {
    assert.ok(text.includes(part), `${part}\n${text}`);
  }
});

test('a question about many things names the first of them', () => {
  const text = removalWarning(Array.from({ length: 20 }, (_, at) => made('snapshot', `snap-${at}`)));
  assert.match(text, /snap-7 in us-east-1\nand 12 more/);
});

test('things go in an order in which they can', () => {
  const kinds = ['keyPair', 'snapshot', 'volume', 'instance', 'securityGroup', 'spotRequest', 'address'] as const;
  assert.deepEqual(
    removalOrder(kinds.map((kind) => made(kind, kind))).map(([first]) => first?.kind),
    ['spotRequest', 'instance', 'address', 'volume', 'securityGroup', 'snapshot', 'keyPair'],
  );
});
