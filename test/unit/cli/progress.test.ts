/** What a terminal shows of a run, on a made-up screen and clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress, type Progress, type Screen } from '../../../src/cli/progress.ts';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { at, completedRun, epochs, evaluation, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';

interface Shown {
  readonly progress: Progress;
  readonly lines: string[];
  /** What the last line was given, one after the other. */
  readonly drafts: string[];
  /** Milliseconds, moved by the test. */
  time: number;
}

function show(screen: Partial<Screen>): Shown {
  const lines: string[] = [];
  const drafts: string[] = [];
  const line = (text: string) => void lines.push(text);
  const redraw = (text: string) => void drafts.push(text);
  const shown: Shown = {
    progress: createProgress({ line, redraw, isTerminal: false, columns: 120, ...screen }, () => shown.time),
    lines,
    drafts,
    time: 0,
  };
  return shown;
}

const isEpochLine = (line: string) => /^epoch /.test(line);

test('in a pipe, a line for every tenth of the epochs, whether events come singly or at once', () => {
  const wanted = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((epoch) => `epoch ${String(epoch).padStart(3)}/100`);
  const singly = show({});
  for (const event of completedRun) {
    singly.progress.add([event]);
  }
  const atOnce = show({});
  atOnce.progress.add(completedRun);
  for (const { lines } of [singly, atOnce]) {
    assert.deepEqual(
      lines.filter(isEpochLine).map((line) => line.split('   ')[0]),
      wanted,
    );
  }
});

test('in a pipe, a few epochs have a line each, and it names the metrics and what is left', () => {
  const { progress, lines } = show({});
  progress.add([launch, runStart({ epochs: 3 }), ...epochs(1, 3)]);
  assert.equal(lines.filter(isEpochLine).length, 3);
  assert.match(
    lines.find(isEpochLine) ?? '',
    /^epoch 1\/3 {3}loss \d+\.\d+ {3}rmse \d+\.\d+ {3}1,060 steps\/s {3}0\.0 s left$/,
  );
});

test('the start tells the recipe, the backend and the data', () => {
  const { progress, lines } = show({});
  progress.add([launch, runStart()]);
  assert.deepEqual(lines, [
    'Boston housing   seed 0   units 64   learningRate 0.001',
    'wasm on CPU (2 cores): Fastest here: 1,060 steps/s; cpu 349.',
    'data/boston_housing.csv: 404 train · 102 test rows, 2 inputs; 3 layers, 5,121 weights',
  ]);
});

test('on a terminal the line is redrawn at most every 100 ms', () => {
  const shown = show({ isTerminal: true });
  shown.progress.add([launch, runStart()]);
  const times: number[] = [];
  for (const event of epochs(1, 100)) {
    shown.time += 7;
    const before = shown.drafts.length;
    shown.progress.add([event]);
    if (shown.drafts.length > before) {
      times.push(shown.time);
    }
  }
  // 200 events, 7 ms apart: the next one after each 100 ms is the fifteenth.
  assert.deepEqual(
    times,
    Array.from({ length: 13 }, (_, index) => (index + 1) * 105),
  );
  assert.equal(shown.lines.filter(isEpochLine).length, 0);
});

test('on a terminal the line fits the width, with a bar where there is room', () => {
  for (const [columns, hasBar] of [
    [120, true],
    [60, false],
    [20, false],
  ] as const) {
    const shown = show({ isTerminal: true, columns });
    shown.progress.add([launch, runStart(), ...epochs(1, 50)]);
    const draft = shown.drafts.at(-1) ?? '';
    assert.match(draft, /epoch {2}50/);
    assert.ok(draft.length < columns, `${draft.length} letters in ${columns} columns`);
    assert.equal(/[█░]/.test(draft), hasBar);
  }
});

test('on a terminal a pause is shown at once', () => {
  const shown = show({ isTerminal: true });
  shown.progress.add([launch, runStart(), ...epochs(1, 5)]);
  shown.time += 1;
  shown.progress.add([{ type: 'state', at: at(1), state: 'paused', step: 45 }]);
  assert.match(shown.drafts.at(-1) ?? '', /paused$/);
});

test('nothing is left in the last line when the run ends', () => {
  const shown = show({ isTerminal: true });
  for (const event of completedRun) {
    shown.time += 200;
    shown.progress.add([event]);
  }
  assert.equal(shown.drafts.at(-1), '');
});

test('the result is a table whose columns are aligned', () => {
  const { progress, lines } = show({});
  const metrics = { rmse: 3.51, mae: 2.123 };
  const baselines = [{ name: 'linearRegression', label: 'linear regression', metrics: { rmse: 4.816, mae: 1234 } }];
  progress.add([launch, runStart(), ...epochs(1, 1), evaluation({ metrics, baselines }), runEnd]);
  const first = lines.findIndex((line) => line.includes('test rows ('));
  assert.deepEqual(lines.slice(first), [
    '  on 102 test rows (thousand dollars)   rmse    mae',
    '  the network                          3.510  2.123',
    '  linear regression                    4.816  1,234',
    '',
    evaluation().verdict,
    runEnd.message,
  ]);
});

test('a metric that a baseline does not have, or that is not finite, is a dash', () => {
  const { progress, lines } = show({});
  progress.add([launch, runStart(), evaluation({ metrics: { rmse: null }, baselines: [] }), runEnd]);
  assert.ok(
    lines.some((line) => /the network +—$/.test(line)),
    lines.join('\n'),
  );
});

test('a failed run ends with its problems, each with its remedy', () => {
  const { progress, lines } = show({});
  const problem = { code: 'run-not-finite', path: 'loss', message: 'became NaN.', remedy: 'Lower it.' } as const;
  progress.add([launch, runStart(), { ...runEnd, status: 'failed', message: 'It failed.', problems: [problem] }]);
  assert.deepEqual(lines.slice(-2), ['It failed.', 'loss: became NaN. Lower it. (run-not-finite)']);
});

test('control characters from a recipe or its data reach neither a terminal nor a pipe', () => {
  const evil = 'a\u001b]0;owned\u0007\u001b[2J\r\b\u009b31m\u007f\0\nb';
  const events: RunEvent[] = [
    launch,
    runStart({ name: evil, params: { [evil]: evil }, epochs: 2 }),
    { type: 'notice', at: at(1), level: 'warning', message: evil, remedy: evil },
    ...epochs(1, 2, { metric: evil }),
    evaluation({ unit: evil, verdict: evil, baselines: [{ name: evil, label: evil, metrics: {} }] }),
    { ...runEnd, message: evil },
  ];
  for (const isTerminal of [false, true]) {
    const { progress, lines, drafts } = show({ isTerminal, columns: 200 });
    for (const event of events) {
      progress.add([event]);
    }
    const letters = [...lines, ...drafts].join('');
    assert.ok(letters.includes('owned'));
    const bad = [...letters].filter((letter) => letter < ' ' || (letter >= '\u007f' && letter < '\u00a0'));
    assert.deepEqual(bad, []);
  }
});
