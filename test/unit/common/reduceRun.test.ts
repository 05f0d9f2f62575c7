/** Folding a run's events: live or replayed, the same state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent, RunResume, Steps } from '../../../src/common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { at, completedRun, epochs, evaluation, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';

const fold = (events: readonly RunEvent[]): RunState => events.reduce(reduceRun, emptyRun());
const { backend } = runStart();
const resume = (epoch: number): RunResume => ({ type: 'runResume', at: at(60), epoch, step: epoch * 9, backend });
const steps = (first: number, loss: number[]): Steps => ({
  type: 'steps',
  at: at(first),
  first,
  loss,
  metrics: { rmse: loss.map((value) => value * 10) },
  stepsPerSecond: 100,
});

test('a whole run has every epoch and step, its result and its end', () => {
  const run = fold(completedRun);
  assert.equal(run.status, 'completed');
  assert.deepEqual(
    run.epochs.map(({ epoch }) => epoch),
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
  assert.equal(run.stepLoss.length, 900);
  assert.equal(run.stepMetrics.rmse?.length, 900);
  assert.deepEqual(run.evaluation, evaluation());
  assert.deepEqual([run.end, run.startedAt, run.lastAt], [runEnd, launch.at, runEnd.at]);
  assert.deepEqual(run.trainer, { pid: 4711, host: 'bench' });
});

test('a resumed run forgets what came after its checkpoint, and ends as if it had never stopped', () => {
  const stopped = [launch, runStart(), ...epochs(1, 40), evaluation(), { ...runEnd, status: 'stopped' as const }];
  const again = { ...launch, at: at(59), pid: 5000 };
  const resumed = fold([...stopped, again, resume(30)]);
  assert.equal(resumed.epochs.length, 30);
  assert.equal(resumed.stepLoss.length, 270);
  assert.equal(resumed.stepMetrics.rmse?.length, 270);
  assert.deepEqual([resumed.status, resumed.evaluation, resumed.end], ['running', null, null]);
  assert.equal(resumed.trainer?.pid, 5000);
  const finished = fold([...stopped, again, resume(30), ...epochs(31, 100), evaluation(), runEnd]);
  assert.deepEqual({ ...finished, trainer: null }, { ...fold(completedRun), trainer: null });
});

test('the problems of a failed run are gone once it is resumed', () => {
  const problem = { code: 'run-not-finite', path: 'loss', message: 'NaN.', remedy: 'Lower it.' } as const;
  const failed = fold([launch, runStart(), { ...runEnd, status: 'failed', problems: [problem] }]);
  assert.deepEqual([failed.status, failed.problems], ['failed', [problem]]);
  assert.deepEqual(reduceRun(failed, resume(0)).problems, []);
});

test('a step that is written twice replaces the earlier one and what followed it', () => {
  const run = fold([launch, runStart(), steps(0, [1, 2, 3, 4]), steps(2, [30]), steps(3, [40, 50])]);
  assert.deepEqual(run.stepLoss, [1, 2, 30, 40, 50]);
  assert.deepEqual(run.stepMetrics.rmse, [10, 20, 300, 400, 500]);
});

test('a type that this version does not know changes nothing but the time', () => {
  const run = fold([launch, runStart()]);
  const future = { type: 'future', at: at(9), status: 'failed' } as unknown as RunEvent;
  const before = structuredClone(run);
  assert.deepEqual(reduceRun(run, future), { ...before, lastAt: at(9) });
});

test('a pause, its end and the checkpoints are told', () => {
  const run = fold([launch, runStart(), { type: 'state', at: at(1), state: 'paused', step: 9 }]);
  assert.equal(run.status, 'paused');
  assert.equal(reduceRun(run, { type: 'state', at: at(2), state: 'running', step: 9 }).status, 'running');
  reduceRun(run, { type: 'checkpoint', at: at(3), epoch: 1, step: 9, folder: 'checkpoints/step-000000009' });
  assert.deepEqual(run.checkpoint, { epoch: 1, step: 9, folder: 'checkpoints/step-000000009' });
});

test('folding live, event by event, gives at every moment what replaying the file so far gives', () => {
  const events = [launch, runStart(), ...epochs(1, 6), resume(4), ...epochs(5, 8), evaluation(), runEnd];
  const live = emptyRun();
  for (const [index, event] of events.entries()) {
    reduceRun(live, event);
    assert.deepEqual(live, fold(events.slice(0, index + 1)), `after event ${index}`);
  }
});

test('folding does not touch the events', () => {
  const events = structuredClone(completedRun);
  fold([...events, resume(3), ...epochs(4, 5)]);
  assert.deepEqual(events, completedRun);
});

test('steps before a fork are gaps, in the loss and in every metric; a damaged number makes no million of them', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const run = emptyRun();
  reduceRun(run, { type: 'steps', first: 3, loss: [1, 2], metrics: { rmse: [5, 6] }, stepsPerSecond: 1, at });
  assert.deepEqual(
    [run.stepLoss, run.stepMetrics.rmse],
    [
      [null, null, null, 1, 2],
      [null, null, null, 5, 6],
    ],
  );
  reduceRun(run, { type: 'steps', first: 2 ** 50, loss: [3], metrics: {}, stepsPerSecond: 1, at });
  assert.equal(run.stepLoss.length, 6);
});

test('a pause tells why, until the run goes on, ends or is taken up by another trainer', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const run = emptyRun();
  const pause = () =>
    reduceRun(run, { type: 'state', state: 'paused', step: 1, because: 'diskFull', at }).pausedBecause;
  assert.equal(pause(), 'diskFull');
  assert.equal(reduceRun(run, { type: 'state', state: 'running', step: 1, at }).pausedBecause, null);
  pause();
  assert.equal(reduceRun(run, { type: 'runEnd', status: 'stopped', message: 'x', at }).pausedBecause, null);
});
