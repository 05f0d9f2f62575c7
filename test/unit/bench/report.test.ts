/** The benchmark's tables and page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WORKLOADS } from '../../bench/recipes.mjs';
import { formatGoal, formatPage, formatSection } from '../../bench/report.mjs';
import { type Measured, summarize } from '../../bench/summary.mjs';

const measured: Measured[] = [
  { label: 'Skillet wasm', peer: null, cold: [1.004, 0.9, 1.1], steady: [2964, 3000, 2900], loss: 1.447 },
  { label: 'Keras', peer: 'keras', cold: [4.5], steady: [266.4], loss: 0.565 },
  { label: 'MXNet', peer: 'mxnet', cold: [1], steady: [12.345], loss: 1.57 },
];
const section = {
  workload: WORKLOADS.boston,
  rows: summarize('boston', measured),
  notes: ['PyTorch left out: pip could not install torch==2.15.0'],
};

test('a table has ours with ratios and goal, the peers without, and says who was left out', () => {
  assert.equal(
    formatSection(section),
    [
      '## Boston housing: 404 × 13, dense 64-64-1, centered rmsprop with momentum, batch 50',
      '',
      '| engine       | cold wall s      | steady steps/s      | × Keras: cold, steady | × MXNet: cold, steady | last loss | goal                          |',
      '|--------------|------------------|---------------------|-----------------------|-----------------------|-----------|-------------------------------|',
      '| Skillet wasm | 1.00 (0.90–1.10) | 2,964 (2,900–3,000) | 4.48×, 11.13×         | 0.996×, 240.10×       | 1.45      | **missed**: cold 0.996× MXNet |',
      '| Keras        | 4.50             | 266                 |                       |                       | 0.565     |                               |',
      '| MXNet        | 1.00             | 12.3                |                       |                       | 1.57      |                               |',
      '',
      'Cold: 100 epochs of 9 steps. Steady: 600 epochs more.',
      '',
      '- PyTorch left out: pip could not install torch==2.15.0',
    ].join('\n'),
  );
});

test('a goal is met, missed with each reason, or not judged', () => {
  const miss = (ratio: number) => ({ measure: 'steady', against: 'PyTorch', wanted: 'equal', ratio }) as const;
  const row = section.rows[0];
  assert.ok(row);
  assert.equal(formatGoal({ ...row, misses: [] }, ['Keras']), 'met');
  assert.equal(formatGoal({ ...row, misses: [] }, []), 'no peer to compare with');
  assert.equal(
    formatGoal({ ...row, misses: [miss(0.8), miss(0.9996)] }, ['PyTorch']),
    '**missed**: steady 0.80× PyTorch (at least equal wanted); steady 0.9996× PyTorch (at least equal wanted)',
  );
});

test('a workload that nobody could train is an empty table with its reasons', () => {
  const text = formatSection({ workload: WORKLOADS.cnn, rows: [], notes: ['Skillet wasm left out: no conv2d'] });
  assert.match(text, /\| engine \| cold wall s \|/);
  assert.match(text, /- Skillet wasm left out: no conv2d$/);
});

test('the page names its date, machine, method and tables, and ends in one newline', () => {
  const page = formatPage({ date: '2026-11-24', rounds: 5, machine: ['Processor: X, 2 cores'], sections: [section] });
  assert.match(
    page,
    /^# Benchmarks\n\nWritten by `npm run bench -- --write` on 2026-11-24\.\n\n- Processor: X, 2 cores\n/,
  );
  assert.match(page, /\n- 5 rounds, engines in turn/);
  assert.ok(page.includes(`${formatSection(section)}\n`));
  assert.match(page, /[^\n]\n$/);
});
