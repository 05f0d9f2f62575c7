/** Folding a run's events: live or replayed, the same state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent, RunResume, Steps } from '../../../src/common/run/events.ts';
import { packSteps } from '../../../src/common/run/packSteps.ts';
import { emptyRun, type RunState, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { listed } from '../../fixtures/listed.ts';
import { at, completedRun, epochs, evaluation, launch, layers, runEnd, runStart } from '../../fixtures/runEvents.ts';

const fold = (events: readonly RunEvent[]): RunState => events.reduce<RunState>(reduceRun, emptyRun());
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

test('looks at the layers behind the checkpoint are forgotten, and the one at it stays', () => {
  const looks = [1, 2, 4].map((epoch) => layers(epoch));
  const events = [launch, runStart(), ...epochs(1, 4), ...looks, { ...launch, at: at(59) }, resume(2)];
  assert.deepEqual(
    fold(events).layerSamples.map(({ epoch }) => epoch),
    [1, 2],
  );
});

test('the problems of a failed run are gone once it is resumed', () => {
  const problem = { code: 'run-not-finite', path: 'loss', message: 'NaN.', remedy: 'Lower it.' } as const;
  const failed = fold([launch, runStart(), { ...runEnd, status: 'failed', problems: [problem] }]);
  assert.deepEqual([failed.status, failed.problems], ['failed', [problem]]);
  assert.deepEqual(reduceRun(failed, resume(0)).problems, []);
});

test('a step that is written twice replaces the earlier one and what followed it', () => {
  const run = fold([launch, runStart(), steps(0, [1, 2, 3, 4]), steps(2, [30]), steps(3, [40, 50])]);
  assert.deepEqual(listed(run.stepLoss), [1, 2, 30, 40, 50]);
  assert.deepEqual(listed(run.stepMetrics.rmse), [10, 20, 300, 400, 500]);
});

test('a type that this version does not know changes nothing but the time', () => {
  const run = fold([launch, runStart()]);
  const future = { type: 'future', at: at(9), status: 'failed' } as unknown as RunEvent;
  const before = fold([launch, runStart()]);
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

test('a fork has a gap before its first step, which takes no memory', () => {
  const fork = { run: '2026-11-24-first', epoch: 3_000_000, step: 27_000_000 };
  const run = fold([launch, runStart({ fork }), steps(fork.step, [1, 2])]);
  assert.deepEqual(
    [run.stepLoss.length, run.stepLoss.at(0), run.stepLoss.at(fork.step - 1), run.stepLoss.at(fork.step + 1)],
    [27_000_002, null, null, 2],
  );
});

test('lost steps are a gap; steps that nobody planned stand behind the last one', () => {
  const lost = fold([launch, runStart(), steps(0, [1, 2]), steps(5, [6])]);
  assert.deepEqual(listed(lost.stepLoss), [1, 2, null, null, null, 6]);
  const hostile = fold([launch, runStart(), steps(0, [1, 2]), { ...steps(2, [3]), first: 2 ** 52 }]);
  assert.deepEqual(
    [listed(hostile.stepLoss), listed(hostile.stepMetrics.rmse)],
    [
      [1, 2, 3],
      [10, 20, 30],
    ],
  );
});

test('a metric that comes later is null before', () => {
  const run = fold([launch, runStart(), { ...steps(0, [1, 2]), metrics: {} }, steps(2, [3])]);
  assert.deepEqual(listed(run.stepMetrics.rmse), [null, null, 30]);
});

test('what stands in the file as steps but is no number is a gap', () => {
  const odd = steps(0, [1, 'many', Number.NaN, 1e300, 5] as number[]);
  assert.deepEqual(listed(fold([launch, runStart(), odd]).stepLoss), [1, null, null, null, 5]);
});

test('packed for a page, a run folds into the same state', () => {
  const again = { ...launch, at: at(59), pid: 5000 };
  const gap = { ...steps(900, [1, 2]), metrics: {} };
  const events = [...completedRun.slice(0, 80), again, resume(4), ...epochs(5, 30), gap, ...epochs(40, 41), runEnd];
  const packed = packSteps(events);
  assert.ok(packed.length < events.length - 40, `${packed.length} of ${events.length}`);
  assert.deepEqual(packed.reduce<RunState>(reduceRun, emptyRun()), fold(events));
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
