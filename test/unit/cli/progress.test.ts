/** What the terminal shows of a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from '../../../src/cli/progress.ts';
import { completedRun, epochs, evaluation, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';

function fakeScreen(part: { isTerminal?: boolean; columns?: number } = {}) {
  const lines: string[] = [];
  const drafts: string[] = [];
  return {
    lines,
    drafts,
    isTerminal: part.isTerminal ?? false,
    columns: part.columns ?? 80,
    line: (text: string) => lines.push(text),
    redraw: (text: string) => (text === '' ? undefined : drafts.push(text)),
  };
}

test('a pipe gets a plain line for every tenth of the epochs', () => {
  const screen = fakeScreen();
  createProgress(screen, () => 0).add(completedRun);
  const told = screen.lines.filter((line) => line.startsWith('epoch'));
  assert.deepEqual(
    told.map((line) => line.slice(0, 13)),
    Array.from({ length: 10 }, (_, index) => `epoch ${String((index + 1) * 10).padStart(3)}/100`),
  );
  assert.equal(screen.drafts.length, 0);
});

test('a terminal is redrawn at most ten times a second, and no line is wider than it', () => {
  const screen = fakeScreen({ isTerminal: true, columns: 60 });
  let clock = 0;
  const progress = createProgress(screen, () => clock);
  progress.add([launch, runStart()]);
  for (let epoch = 1; epoch <= 100; epoch += 1) {
    clock += 20;
    progress.add(epochs(epoch, epoch));
  }
  assert.ok(screen.drafts.length >= 15 && screen.drafts.length <= 21, `${screen.drafts.length} redraws in 2 s`);
  assert.ok(screen.drafts.every((draft) => draft.length < 60));
});

test('the result stands in a table with its baselines, aligned, with the unit and the verdict', () => {
  const screen = fakeScreen();
  createProgress(screen, () => 0).add([
    launch,
    runStart(),
    ...epochs(1, 2),
    evaluation({ metrics: { rmse: 3.51 } }),
    runEnd,
  ]);
  const at = screen.lines.findIndex((line) => line.includes('on 102 test rows (thousand dollars)'));
  assert.deepEqual(screen.lines.slice(at, at + 4), [
    '  on 102 test rows (thousand dollars)   rmse',
    '  the network                          3.510',
    '  linear regression                    4.816',
    '  the training mean alone              9.149',
  ]);
  assert.equal(screen.lines.at(-1), 'Finished after 100 epochs.');
  assert.ok(screen.lines.includes(evaluation().verdict));
});

test('control characters in names do not reach the terminal', () => {
  const screen = fakeScreen();
  createProgress(screen, () => 0).add([launch, runStart({ name: 'a\u001b[2Jb\u0007' })]);
  assert.equal(screen.lines[0]?.startsWith('a\u{fffd}[2Jb\u{fffd}'), true);
});

test('a failed run tells its problems with the remedy', () => {
  const screen = fakeScreen();
  const problems = [
    { code: 'run-not-finite' as const, path: 'model[0].dense', message: 'NaN.', remedy: 'Lower the learning rate.' },
  ];
  createProgress(screen, () => 0).add([
    launch,
    runStart(),
    { ...runEnd, status: 'failed', message: 'Stopped at step 7.', problems },
  ]);
  assert.deepEqual(screen.lines.slice(-2), [
    'Stopped at step 7.',
    'model[0].dense: NaN. Lower the learning rate. (run-not-finite)',
  ]);
});
