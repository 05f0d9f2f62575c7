/** The fold of a run's events: live or replayed, it is the same run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { at, completedRun, epochs, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';

const fold = (events: readonly RunEvent[]) => events.reduce(reduceRun, emptyRun());

test('a completed run has every epoch, every step and its result', () => {
  const run = fold(completedRun);
  assert.deepEqual(
    [run.status, run.epochs.length, run.stepLoss.length, run.stepMetrics.rmse?.length],
    ['completed', 100, 900, 900],
  );
  assert.equal(run.evaluation?.metrics.rmse, 3.51);
});

test('what came after the checkpoint is forgotten when a run is resumed', () => {
  const { backend } = runStart();
  const run = fold([
    launch,
    runStart(),
    ...epochs(1, 30),
    { type: 'runResume', at: at(9), epoch: 20, step: 180, backend },
  ]);
  assert.deepEqual(
    [run.epochs.length, run.stepLoss.length, run.stepMetrics.rmse?.length, run.status],
    [20, 180, 180, 'running'],
  );
});

test('an interrupted and resumed run is in the end the run that was never interrupted', () => {
  const { backend } = runStart();
  const resumed = fold([
    launch,
    runStart(),
    ...epochs(1, 33),
    launch,
    { type: 'runResume', at: at(9), epoch: 20, step: 180, backend },
    ...epochs(21, 100),
    runEnd,
  ]);
  const straight = fold([launch, runStart(), ...epochs(1, 100), runEnd]);
  assert.deepEqual(
    [resumed.epochs, resumed.stepLoss, resumed.stepMetrics],
    [straight.epochs, straight.stepLoss, straight.stepMetrics],
  );
});

test('a failed run that is resumed is no longer failed', () => {
  const { backend } = runStart();
  const problems = [{ code: 'run-folder' as const, path: '/r', message: 'full.', remedy: 'Free space.' }];
  const run = fold([
    launch,
    runStart(),
    { ...runEnd, status: 'failed', problems },
    { type: 'runResume', at: at(9), epoch: 0, step: 0, backend },
  ]);
  assert.deepEqual([run.status, run.end, run.problems], ['running', null, []]);
});

test('events of a later version are passed over', () => {
  const later = { type: 'hologram', at: at(3) } as unknown as RunEvent;
  assert.equal(fold([...completedRun, later]).status, 'completed');
});
