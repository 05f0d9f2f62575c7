/** When layers are looked at: rarely and cheaply by itself, at most twice a second where it is asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLookSchedule } from '../../../../src/trainer/observation/lookSchedule.ts';

/** Epochs after which it looks, in a made-up training. */
function looksOf({
  epochs,
  epochMs,
  costMs,
  isAsked = false,
}: {
  epochs: number;
  epochMs: number;
  costMs: number;
  isAsked?: boolean;
}): number[] {
  const schedule = createLookSchedule();
  const looks: number[] = [];
  let nowMs = 0;
  schedule.ask(isAsked, nowMs);
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    nowMs += epochMs;
    if (schedule.isDue({ nowMs, epoch, epochs, trainedMs: epoch * epochMs })) {
      nowMs += costMs;
      looks.push(epoch);
      schedule.note({ nowMs, costMs });
    }
  }
  return looks;
}

test('by itself it looks after epochs 1, 2, 4, 8, …', () => {
  assert.deepEqual(looksOf({ epochs: 100, epochMs: 1000, costMs: 1 }), [1, 2, 4, 8, 16, 32, 64]);
});

test('by itself it leaves out looks that would cost more than a fiftieth of the training until then, but for the first', () => {
  assert.deepEqual(looksOf({ epochs: 100, epochMs: 10, costMs: 5 }), [1, 32, 64]);
  assert.deepEqual(looksOf({ epochs: 100, epochMs: 1, costMs: 1000 }), [1]);
});

test('asked for, it looks after every epoch that is slow enough, and after the last', () => {
  assert.deepEqual(looksOf({ epochs: 4, epochMs: 600, costMs: 100, isAsked: true }), [1, 2, 3, 4]);
  assert.deepEqual(looksOf({ epochs: 13, epochMs: 100, costMs: 0.1, isAsked: true }), [1, 2, 4, 8, 13]);
  assert.deepEqual(looksOf({ epochs: 12, epochMs: 200, costMs: 100, isAsked: true }), [1, 4, 7, 10, 12]);
});

test('asked for over days, it looks ever more rarely', () => {
  const looks = looksOf({ epochs: 86_400, epochMs: 1000, costMs: 1, isAsked: true });
  assert.ok(looks.length > 5000 && looks.length < 6500, `${looks.length} looks in a day`);
});

test('asked no longer, it is as before', () => {
  const schedule = createLookSchedule();
  schedule.ask(true, 0);
  assert.equal(schedule.isAsked, true);
  schedule.ask(false, 10);
  assert.equal(schedule.isAsked, false);
  assert.equal(schedule.isDue({ nowMs: 10_000, epoch: 3, epochs: 9, trainedMs: 10_000 }), false);
});
