/** A removal that a person has asked for goes on when its page is closed, and how it went is told without the page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Leftover } from '../../../../src/common/cloud/leftover.ts';
import { createSweepWork } from '../../../../src/extension/cloud/sweep/sweepWork.ts';
import { createFormProvider } from '../../../fixtures/cloud/formProvider.ts';

const leftover = (id: string): Leftover => ({
  kind: 'volume',
  id,
  region: 'us-east-1',
  name: null,
  isOurs: true,
  isUnused: true,
  reason: '',
  perMonthUsd: 1,
  createdAt: null,
});

test('a removal goes on to its end when the page is closed half-way, and says how it went', async () => {
  const removed: string[] = [];
  let isClosed = false;
  const work = createSweepWork({
    provider: createFormProvider({
      async *remove(leftovers) {
        for (const one of leftovers) {
          removed.push(one.id);
          yield { leftover: one, isRemoved: one.id !== 'vol-2', message: one.id === 'vol-2' ? 'It is in use.' : '' };
          isClosed = true;
          work.dispose();
        }
      },
    }),
    retry: (action) => action(),
    // As a panel that was closed.
    tell() {
      if (isClosed) {
        throw new Error('Webview is disposed');
      }
    },
  });
  const end = await work.remove(['vol-1', 'vol-2', 'vol-3'].map(leftover));
  assert.deepEqual(removed, ['vol-1', 'vol-2', 'vol-3']);
  assert.equal(work.isRemoving(), false);
  assert.equal(end, 'Removed 2 of 3 things. Not removed: disk vol-2 in us-east-1 (It is in use.).');
});

test('a removal that breaks off says so, with what was removed before', async () => {
  const work = createSweepWork({
    provider: createFormProvider({
      async *remove([first]) {
        if (first !== undefined) {
          yield { leftover: first, isRemoved: true, message: '' };
        }
        throw new Error('lost');
      },
    }),
    retry: (action) => action(),
    tell: () => undefined,
  });
  assert.equal(
    await work.remove(['vol-1', 'vol-2'].map(leftover)),
    'Removed 1 of 2 things. The sweep broke off: Error: lost. Sweep again to see what is left.',
  );
});
