/** Ranges on axes: dragged, pressed, joined, and what they leave. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyStudy, reduceStudy } from '../../../src/common/study/reduceStudy.ts';
import { axesOf } from '../../../src/webview/study/axes.ts';
import { drag, grip, joinRanges, press, type Range, selectTrials } from '../../../src/webview/study/brushes.ts';
import * as made from '../../fixtures/studyEvents.ts';

const near = (ranges: readonly Range[]) => ranges.map((range) => range.map((end) => Number(end.toFixed(3))));
const up = { name: 'ArrowUp', isShifted: false };

test('a pointer begins a range, moves it, or drags one of its ends past the other', () => {
  const ranges: Range[] = [[0.2, 0.6]];
  assert.deepEqual(near(drag(grip([], 0.3, 0.02), 0.1)), [[0.1, 0.3]]);
  assert.deepEqual(near(drag(grip(ranges, 0.4, 0.02), 0.5)), [[0.3, 0.7]]);
  assert.deepEqual(near(drag(grip(ranges, 0.21, 0.02), 0.4)), [[0.4, 0.6]]);
  assert.deepEqual(near(drag(grip(ranges, 0.59, 0.02), 0.1)), [[0.1, 0.2]]);
});

test('a range stays on its axis, as long as it is', () => {
  assert.deepEqual(near(drag(grip([[0.2, 0.6]], 0.4, 0.02), 1)), [[0.6, 1]]);
  assert.deepEqual(near(drag(grip([], 0.9, 0.02), 7)), [[0.9, 1]]);
});

test('ranges that touch become one, and others are kept while one is dragged', () => {
  assert.deepEqual(
    joinRanges([
      [0.5, 0.7],
      [0.1, 0.2],
      [0.2, 0.3],
    ]),
    [
      [0.1, 0.3],
      [0.5, 0.7],
    ],
  );
  assert.deepEqual(near(drag(grip([[0.1, 0.2]], 0.6, 0.02), 0.8)), [
    [0.1, 0.2],
    [0.6, 0.8],
  ]);
});

test('keys set a range, move it, and find free room for another; unknown keys mean nothing', () => {
  assert.deepEqual(press([], up, 0.1), [[0.5, 1]]);
  assert.deepEqual(near(press([[0.2, 0.4]], up, 0.1) ?? []), [[0.3, 0.5]]);
  assert.deepEqual(near(press([[0.2, 0.4]], { ...up, isShifted: true }, 0.1) ?? []), [[0.15, 0.45]]);
  assert.deepEqual(near(press([[0, 0.4]], { name: 'Enter', isShifted: false }, 0.1) ?? []), [
    [0, 0.4],
    [0.65, 0.75],
  ]);
  assert.deepEqual(press([[0.2, 0.4]], { name: 'Delete', isShifted: false }, 0.1), []);
  assert.equal(press([], { name: 'Escape', isShifted: false }, 0.1), null);
  assert.equal(press([], { name: 'Tab', isShifted: false }, 0.1), null);
});

test('a trial is in when every brushed axis has it; without a value it is out where the objective is brushed', () => {
  const study = [...made.liveStudy].reduce(reduceStudy, emptyStudy());
  const axes = axesOf(study);
  const left = (brushes: Record<string, Range[]>) =>
    selectTrials(study.trials, axes, brushes).map(({ number }) => number);
  assert.equal(left({}).length, 26);
  assert.equal(left({ units: [] }).length, 26);
  assert.deepEqual(
    left({ val_rmse: [[0, 1]] }),
    Array.from({ length: 24 }, (_, index) => index + 1).filter((trial) => trial !== 5),
  );
  assert.deepEqual(left({ val_rmse: [[0, 0]] }), [24]);
  assert.deepEqual(left({ val_rmse: [[0, 0]], units: [[0, 0.1]] }), []);
});
