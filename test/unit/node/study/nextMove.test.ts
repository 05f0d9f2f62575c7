/** What a study does next, as its trials come to the rungs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyStudy, reduceStudy, type StudyState } from '../../../../src/common/study/reduceStudy.ts';
import type { StudyStart } from '../../../../src/common/study/studyEvents.ts';
import { nextMove } from '../../../../src/node/study/nextMove.ts';
import { observe } from '../../../../src/node/study/observe.ts';

const AT = { at: '2026-11-24T12:00:00.000Z' };
const START: StudyStart = {
  ...AT,
  type: 'studyStart',
  name: 'Tiny',
  objective: { metric: 'loss', goal: 'minimize' },
  algorithm: 'random',
  halving: { rungs: [2, 6], factor: 3 },
  space: { rate: { type: 'double', min: 0, max: 1, scale: 'linear' } },
  trials: 9,
  parallel: 1,
  seed: 0,
};

const EPOCHS = 18;

/** A study in which every trial trains at once, and ends up as good as its number says. */
function simulate(measure: (trial: number, epoch: number) => number | null, start = START) {
  const study = reduceStudy(emptyStudy(), start);
  const moves: string[] = [];
  const begin = (trial: number) =>
    reduceStudy(study, {
      ...AT,
      type: 'trialStart',
      trial,
      params: { rate: trial / 10 },
      runFolder: `trials/${trial}`,
    });
  const end = (trial: number, status: 'completed' | 'halted' | 'failed', value: number | null, epochs: number) =>
    reduceStudy(study, { ...AT, type: 'trialEnd', trial, status, value, epochs, durationMs: 1, message: '' });
  for (;;) {
    const move = nextMove(study, new Set(), new Set());
    if (move.kind === 'wait') {
      return { study, moves };
    }
    moves.push(`${move.kind} ${move.trial}`);
    const before = study.trials.find(({ number }) => number === move.trial);
    if (move.kind === 'halt') {
      end(move.trial, 'halted', before?.value ?? null, before?.epochs ?? 0);
      continue;
    }
    begin(move.trial);
    const epoch = start.halving?.rungs[before?.rungs.length ?? 0] ?? EPOCHS;
    const value = measure(move.trial, epoch);
    if (value === null) {
      end(move.trial, 'failed', null, epoch);
    } else if (epoch === EPOCHS) {
      end(move.trial, 'completed', value, epoch);
    } else {
      reduceStudy(study, { ...AT, type: 'trialRung', trial: move.trial, epoch, value });
    }
  }
}

const statusOf = ({ trials }: StudyState) => trials.map(({ status, epochs }) => `${status} ${epochs}`);

test('of nine trials three come to the second rung and one to the end, the best each time', () => {
  const { study, moves } = simulate((trial) => Math.abs(trial - 2));
  assert.deepEqual(statusOf(study), ['halted 6', 'completed 18', 'halted 6', ...new Array<string>(6).fill('halted 2')]);
  assert.equal(moves.indexOf('promote 2'), 3, 'it does not wait for all nine');
});

test('where more is better the highest values go on', () => {
  const start: StudyStart = { ...START, objective: { metric: 'accuracy', goal: 'maximize' } };
  const { study } = simulate((trial) => -Math.abs(trial - 2), start);
  assert.equal(study.trials.find(({ status }) => status === 'completed')?.number, 2);
});

test('two trials are too few for a third of them, yet the better one goes to the end', () => {
  const { study } = simulate((trial) => trial, { ...START, trials: 2 });
  assert.deepEqual(statusOf(study), ['completed 18', 'halted 2']);
});

test('failed trials never go on, and do not keep the others from it', () => {
  const { study } = simulate((trial, epoch) => (trial === 1 || (trial === 2 && epoch > 2) ? null : trial));
  assert.deepEqual(statusOf(study).slice(0, 3), ['failed 2', 'failed 6', 'completed 18']);
  assert.ok(study.trials.every(({ status }) => status !== 'running'));
});

test('where all fail nobody waits for ever', () => {
  const { study } = simulate(() => null);
  assert.ok(study.trials.length === 9 && study.trials.every(({ status }) => status === 'failed'));
});

test('without halving trials begin one after the other, those that were cut off first', () => {
  const { halving: _halving, ...plain } = START;
  const { study } = simulate((trial) => trial, plain);
  assert.ok(study.trials.every(({ status }) => status === 'completed'));
  reduceStudy(study, { ...AT, type: 'trialStart', trial: 4, params: {}, runFolder: 'trials/4' });
  assert.deepEqual(nextMove(study, new Set(), new Set([4])), { kind: 'promote', trial: 4 });
  assert.deepEqual(nextMove(study, new Set([4]), new Set()), { kind: 'wait' });
});

test('a trial is not let go while those that run may still make room for it', () => {
  const study = reduceStudy(emptyStudy(), { ...START, trials: 3 });
  for (const trial of [1, 2, 3]) {
    reduceStudy(study, { ...AT, type: 'trialStart', trial, params: {}, runFolder: '' });
  }
  reduceStudy(study, { ...AT, type: 'trialRung', trial: 1, epoch: 2, value: 5 });
  assert.deepEqual(nextMove(study, new Set([2, 3]), new Set()), { kind: 'wait' });
  reduceStudy(study, { ...AT, type: 'trialRung', trial: 2, epoch: 2, value: 4 });
  assert.deepEqual(nextMove(study, new Set([3]), new Set()), { kind: 'halt', trial: 1 });
});

test('the search compares values of one rung only, the latest that enough trials have come to', () => {
  const { study } = simulate((trial, epoch) => trial + 100 / epoch);
  const early = observe(study, START);
  assert.deepEqual(
    early.map(({ value }) => value),
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((trial) => trial + 50),
  );
  const { study: late } = simulate((trial, epoch) => trial + 100 / epoch, { ...START, trials: 15 });
  const seen = observe(late, START);
  assert.ok(seen.filter(({ value }) => value !== null).length >= 5);
  assert.ok(
    seen.every(({ value }) => value === null || value < 30),
    'none of the first rung',
  );
});
