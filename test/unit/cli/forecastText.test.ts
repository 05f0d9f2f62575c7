/** A forecast in a terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastLines } from '../../../src/cli/forecastText.ts';
import type { Forecast } from '../../../src/common/run/events.ts';

const forecast: Forecast = {
  type: 'forecast',
  at: '2026-11-24T12:00:00.000Z',
  target: 'Sales',
  unit: 'bottles',
  steps: ['1-01', '1-02', '1-03', '1-04'],
  actual: [266, 145.9, 183.1, null],
  fitted: [null, 210, null, null],
  predicted: [null, null, 190.27, null],
  continued: [null, null, 190.27, -0.04],
  validationFrom: null,
  testFrom: 2,
  remarks: ['The last value alone does better: RMSE 1.000 against 7.150.'],
};

test('the test steps and the time to come are told with the unit and the remarks', () => {
  assert.deepEqual(forecastLines(forecast), [
    '',
    'Forecast of Sales (bottles)',
    '  step  actual  predicted  continued',
    '  1-03   183.1      190.3      190.3',
    '  1-04                           0.0',
    'predicted: each step from the actual values before it, without training again',
    'continued: each step from what was continued before it',
    'The last value alone does better: RMSE 1.000 against 7.150.',
  ]);
});

test('a forecast that is not continued does not speak of it, and long ones are cut to their nearest steps', () => {
  const steps = Array.from({ length: 60 }, (_, i) => `${i}`);
  const line = (to: number) => steps.map((_, i) => (i < to ? i : null));
  const lines = forecastLines({
    ...forecast,
    steps,
    actual: line(40),
    predicted: line(40),
    continued: line(0),
    testFrom: 20,
    remarks: [],
  });
  assert.ok(lines.every((text) => !text.startsWith('continued:')));
  const rows = lines.filter((text) => text.startsWith('  ')).map((text) => text.trim().split(/\s{2,}/)[0]);
  assert.deepEqual(rows, ['step', '… 8 more', ...steps.slice(28, 52), '… 8 more']);
});
