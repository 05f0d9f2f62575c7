/** Warnings of spot machines reach the person once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NoticePlace, type SeenNotices, watchNotices } from '../../../src/cloud/watchNotices.ts';
import type { SpotNotice } from '../../../src/common/cloud/connection.ts';
import { noticeText } from '../../../src/common/cloud/noticeText.ts';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const interruption: SpotNotice = {
  ...{ kind: 'interruption', instanceId: 'i-1', region: 'us-east-1', action: 'stop' },
  at: '2026-11-25T10:02:00.000Z',
};
const rebalance: SpotNotice = { ...interruption, kind: 'rebalance', at: null, action: null };

/** Rounds of answers, one place; ends after the last. */
async function watch(rounds: readonly (readonly SpotNotice[] | Error)[], before: SeenNotices = {}) {
  const told: SpotNotice[] = [];
  const faults: unknown[] = [];
  const waits: number[] = [];
  let seen = before;
  let round = 0;
  const place: NoticePlace = {
    key: 'us-east-1',
    notices: async () => {
      const answer = rounds[round] ?? [];
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  };
  const running = watchNotices({
    places: () => [place],
    onNotice: (notice) => void told.push(notice),
    onFault: (error) => void faults.push(error),
    pollMs: () => 60_000,
    memory: {
      get: () => seen,
      set: (next) => {
        seen = next;
      },
    },
    now: () => new Date(NOW + round * 60_000),
    wait: async (ms) => {
      waits.push(ms);
      round += 1;
      if (round === rounds.length) {
        running.stop();
      }
    },
  });
  await running.ended;
  return { told, faults, waits, seen };
}

test('a notice that stays out is told once', async () => {
  const { told, waits } = await watch([[], [interruption, rebalance], [interruption, rebalance], []]);
  assert.deepEqual(told, [interruption, rebalance]);
  assert.deepEqual(waits, [60_000, 60_000, 60_000, 60_000]);
});

test('the same interruption with a time a little apart is no second one; an hour later it is', async () => {
  const again = { ...interruption, at: '2026-11-25T10:02:07.000Z' };
  const later = { ...interruption, at: '2026-11-25T11:02:00.000Z' };
  assert.deepEqual((await watch([[interruption], [again], [later]])).told, [interruption, later]);
});

test('what another window has told is not told again', async () => {
  const { seen } = await watch([[interruption, rebalance]]);
  assert.deepEqual((await watch([[interruption, rebalance]], seen)).told, []);
});

test('a region that cannot be asked is told once until it can be, and keeps no other notice back', async () => {
  const gone = new Error('gone');
  const { faults, told } = await watch([gone, gone, [rebalance], gone]);
  assert.deepEqual([faults.length, told.length], [2, 1]);
});

test('stopping ends it, also in the middle of a wait', async () => {
  const running = watchNotices({
    places: () => [],
    onNotice: () => undefined,
    onFault: () => undefined,
    pollMs: () => 3_600_000,
    memory: { get: () => ({}), set: () => undefined },
  });
  await new Promise((resolve) => setImmediate(resolve));
  running.stop();
  await running.ended;
});

test('a notice says what will happen and when', () => {
  assert.deepEqual(
    [
      noticeText(interruption, 'gpu', NOW),
      noticeText({ ...interruption, action: 'terminate', isDrill: true }, 'gpu', NOW + 70_000),
      noticeText({ ...interruption, at: null }, 'gpu', NOW),
      noticeText(rebalance, 'gpu', NOW),
    ],
    [
      'gpu: the provider takes this spot machine back; it will be stopped in 2 min 0 s.',
      'Drill: gpu: the provider takes this spot machine back; it will be terminated in 50 s.',
      'gpu: the provider takes this spot machine back; it will be stopped soon.',
      'gpu: the provider says that this spot machine is at risk of being taken back soon. Save what matters, or move on to another one.',
    ],
  );
});
