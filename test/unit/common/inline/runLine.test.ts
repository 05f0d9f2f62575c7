/** What stands behind the lines of a run, in words and in pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomOf, runLine } from '../../../../src/common/inline/runLine.ts';
import type { ShownRun } from '../../../../src/common/inline/shownRun.ts';
import type { Metrics } from '../../../../src/common/run/events.ts';
import { evaluation, runStart } from '../../../fixtures/runEvents.ts';

const run = (part: Partial<ShownRun> = {}, measured: readonly Metrics[] = []): ShownRun => ({
  status: 'running',
  start: runStart(),
  epochs: measured.map((metrics, index) => ({ epoch: index + 1, metrics, durationMs: 1 })),
  evaluation: null,
  ...part,
});
const train = { hasTrain: true, metrics: [] };
const two = [
  { loss: 8, rmse: 4, val_loss: 9, val_rmse: 4.5 },
  { loss: 2, rmse: 2, val_loss: 3, val_rmse: 2.5 },
];

test('behind train stand the last loss, its validation and the epoch', () => {
  const line = runLine(run({}, two), train);
  assert.equal(line?.text, 'loss 2.000  · val 3.000  · epoch 2/100');
  assert.deepEqual(line?.sparks, [{ kind: 'curves', train: [8, 2], validation: [9, 3], room: 3.125 }]);
});

test('a figure that grows by a digit leaves the next one where it is', () => {
  const at = (loss: number) => runLine(run({}, [{ loss, val_loss: 3 }]), train)?.text.indexOf('val');
  assert.equal(at(0.1234), at(12.34));
});

test('a metric alone on its line is not named again; two are, and the test result joins them', () => {
  const done = run({ status: 'completed', evaluation: evaluation() }, two);
  assert.equal(runLine(done, { hasTrain: false, metrics: ['rmse'] })?.text, '2.000 · val 2.500 · test 3.510');
  const both = run({ status: 'completed' }, [{ loss: 1, rmse: 2, mae: 3 }]);
  const line = runLine(both, { hasTrain: false, metrics: ['rmse', 'mae'] });
  assert.equal(line?.text, 'rmse 2.000 · mae 3.000');
  assert.equal(line?.sparks.length, 2);
});

test('a metric that this run did not measure has nothing behind it', () => {
  assert.equal(runLine(run({}, two), { hasTrain: false, metrics: ['mae'] }), null);
});

const states = {
  starting: [run({ status: 'starting', start: null }), 'starting…'],
  paused: [run({ status: 'paused' }, two), 'loss 2.000 · val 3.000 · paused at 2/100'],
  stopped: [run({ status: 'stopped' }, two), 'loss 2.000 · val 3.000 · stopped at 2/100'],
  interrupted: [run({ status: 'interrupted' }, two), 'loss 2.000 · val 3.000 · interrupted at 2/100'],
  failed: [run({ status: 'failed' }, two), 'loss 2.000 · val 3.000 · failed after 2/100'],
  'failed at once': [run({ status: 'failed', start: null }), 'failed before the first epoch'],
  completed: [run({ status: 'completed' }, two), 'loss 2.000 · val 3.000'],
  running: [run(), 'epoch 0/100'],
} as const;
for (const [name, [state, text]] of Object.entries(states)) {
  test(`a run that is ${name} says so behind train`, () => {
    assert.equal(runLine(state, train)?.text, text);
  });
}

test('a loss that is no number is a gap and a dash', () => {
  const line = runLine(run({ status: 'failed' }, [{ loss: 2 }, { loss: null }]), train);
  assert.equal(line?.text, 'loss — · failed after 2/100');
  assert.deepEqual(line?.sparks, [{ kind: 'curves', train: [2, null], validation: [], room: 2 }]);
});

test('more metrics than pictures have room for are counted', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const measured = [Object.fromEntries(names.map((name) => [name, 1]))];
  const line = runLine(run({ status: 'completed' }, measured), { hasTrain: false, metrics: names });
  assert.equal(line?.sparks.length, 4);
  assert.match(line?.text ?? '', /d 1\.000 · \+2$/);
});

test('a curve fills at least half of its width, and its room changes only where it has doubled', () => {
  const rooms = Array.from({ length: 100 }, (_, index) =>
    roomOf(
      run(
        {},
        Array.from({ length: index + 1 }, () => ({ loss: 1 })),
      ),
    ),
  );
  assert.ok(rooms.every((room, index) => room >= index + 1 && (index < 2 || index + 1 >= room / 2)));
  assert.equal(new Set(rooms).size, 6);
});

test('a fork has room for its own epochs alone', () => {
  const start = runStart({ fork: { run: 'before', epoch: 60, step: 540 } });
  assert.equal(
    roomOf(
      run(
        { start },
        Array.from({ length: 30 }, () => ({ loss: 1 })),
      ),
    ),
    40,
  );
});
