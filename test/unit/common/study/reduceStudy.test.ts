/** A study folded from its events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bestSoFar,
  emptyStudy,
  reduceStudy,
  type StudyState,
  studyProgress,
} from '../../../../src/common/study/reduceStudy.ts';
import type { StudyEvent } from '../../../../src/common/study/studyEvents.ts';
import * as made from '../../../fixtures/studyEvents.ts';

const fold = (...events: readonly StudyEvent[]): StudyState => events.reduce(reduceStudy, emptyStudy());

test('a study under way: its trials by number, the best so far, and what is left', () => {
  const study = fold(...made.liveStudy);
  assert.equal(study.status, 'running');
  assert.deepEqual(study.process, { pid: 4321, host: 'here' });
  assert.deepEqual(
    study.trials.map(({ number }) => number),
    Array.from({ length: 26 }, (_, index) => index + 1),
  );
  assert.equal(study.trials[4]?.status, 'failed');
  assert.match(study.trials[4]?.message ?? '', /NaN/);
  assert.equal(study.trials[25]?.status, 'running');
  assert.deepEqual(study.trials[5]?.rungs, [{ epoch: 3, value: made.trialValue(6) + 0.6 }]);
  const progress = studyProgress(study);
  assert.deepEqual({ ...progress, leftMs: 0 }, { ended: 24, wanted: 40, failed: 1, halted: 4, leftMs: 0 });
  // 24 trials took 4.12 s each on average; 16 more, two at a time.
  assert.ok(Math.abs((progress?.leftMs ?? 0) - 33_000) < 200, String(progress?.leftMs));
});

test('the best trial is the lowest or the highest, by the goal, and the earlier one of two that are equal', () => {
  const ends = (goal: 'minimize' | 'maximize') =>
    fold(
      made.studyStart({ objective: { metric: 'val_accuracy', goal } }),
      ...[0.5, 0.9, 0.9, 0.2].flatMap((value, index) => [
        made.trialStart(index + 1),
        made.trialEnd(index + 1, { value }),
      ]),
    );
  assert.equal(ends('minimize').best, 4);
  assert.equal(ends('maximize').best, 2);
  assert.deepEqual(
    bestSoFar(ends('maximize')).map(({ best }) => best),
    [0.5, 0.9, 0.9, 0.9],
  );
});

test('a trial that was halted early is the best only while none was trained to its end', () => {
  const halted = [made.trialStart(1), made.trialEnd(1, { status: 'halted', value: 1 })];
  assert.equal(fold(made.studyStart(), ...halted).best, 1);
  const study = fold(made.studyStart(), ...halted, made.trialStart(2), made.trialEnd(2, { value: 3 }));
  assert.equal(study.best, 2);
  assert.deepEqual(bestSoFar(study), [
    { trial: 1, best: null },
    { trial: 2, best: 3 },
  ]);
});

test('a failed trial and one without a value are never the best', () => {
  const study = fold(
    made.studyStart(),
    made.trialStart(1),
    made.trialEnd(1, { status: 'failed', value: 0.1 }),
    made.trialStart(2),
    made.trialEnd(2, { value: null }),
  );
  assert.equal(study.best, null);
});

test('a trial that goes on after a rung starts again under its number and keeps its rungs', () => {
  const study = fold(
    made.studyStart(),
    made.trialStart(1),
    { type: 'trialRung', at: '2026-01-01T00:00:00Z', trial: 1, epoch: 3, value: 5 },
    made.trialStart(1),
  );
  assert.equal(study.trials.length, 1);
  assert.deepEqual(study.trials[0]?.rungs, [{ epoch: 3, value: 5 }]);
  assert.equal(study.trials[0]?.status, 'running');
  assert.equal(study.trials[0]?.value, 5);
});

test('a study that is resumed is no longer ended', () => {
  const study = fold(made.studyStart(), made.studyEnd({ status: 'stopped' }), made.studyLaunch(500));
  assert.equal(study.status, 'running');
  assert.equal(study.end, null);
});

test('the study itself has the last word on its best trial', () => {
  assert.equal(fold(made.studyStart(), ...made.trials(1, 3), made.studyEnd({ best: 2 })).best, 2);
});

test('events of a newer writer, and of trials that never began, are passed over', () => {
  const strange = { type: 'somethingNew', at: '2026-01-01T00:00:00Z' } as unknown as StudyEvent;
  assert.deepEqual(fold(made.studyStart(), strange, made.trialEnd(7)).trials, []);
});
