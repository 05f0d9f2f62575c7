/** Forecasts: ranges of the series, thinning of all curves together, and errors over the same steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curvesOf, drawnSteps, rangesOf, scoresOf } from '../../../src/webview/result/forecastData.ts';
import { forecast } from '../../fixtures/runEvents.ts';

const tiny = forecast({
  steps: ['a', 'b', 'c', 'd', 'e'],
  actual: [1, 2, 4, 8, null],
  fitted: [null, 2, null, null, null],
  predicted: [null, null, 5, 6, null],
  continued: [null, null, 5, 5, 5],
  validationFrom: 1,
  testFrom: 2,
});

test('the ranges follow each other without gap or overlap', () => {
  assert.deepEqual(rangesOf(tiny), [
    { name: 'training', from: 0, to: 0 },
    { name: 'validation', from: 1, to: 1 },
    { name: 'test', from: 2, to: 3 },
    { name: 'ahead', from: 4, to: 4 },
  ]);
});

test('without validation and without steps to come there are two ranges', () => {
  const names = rangesOf({ ...tiny, validationFrom: null, actual: [1, 2, 4, 8, 16] }).map(({ name }) => name);
  assert.deepEqual(names, ['training', 'test']);
});

test('the prediction, the last value and the continuation are scored over the same test steps', () => {
  const { steps, rows } = scoresOf(tiny);
  assert.equal(steps, 2);
  assert.deepEqual(
    rows.map(({ label, rmse }) => [label, Number(rmse?.toFixed(12))]),
    [
      ['prediction', Number(Math.sqrt((1 + 4) / 2).toFixed(12))],
      ['last value', Number(Math.sqrt((4 + 16) / 2).toFixed(12))],
      ['continued', Number(Math.sqrt((1 + 9) / 2).toFixed(12))],
    ],
  );
});

test('a test step without an actual value, or without one before it, is not scored', () => {
  assert.equal(scoresOf({ ...tiny, actual: [1, null, 4, 8, null] }).steps, 1);
  const { steps, rows } = scoresOf({ ...tiny, actual: [1, 2, null, null, null] });
  assert.equal(steps, 0);
  assert.equal(rows[0]?.rmse, null);
});

test('a curve that says nothing has no place in the legend', () => {
  const none = tiny.steps.map(() => null);
  assert.deepEqual(
    curvesOf({ ...tiny, continued: none }).map(({ role }) => role),
    ['actual', 'fitted', 'predicted'],
  );
});

test('thinning keeps the peaks of every curve and both ends of a short one', () => {
  const length = 100_000;
  const actual = Array.from({ length }, (_, place) => Math.sin(place / 50));
  actual[31_415] = 40;
  const predicted = Array.from({ length }, (_, place) => (place >= 77_777 && place < 77_780 ? -place : null));
  const long = forecast({ ...tiny, steps: actual.map(String), actual, predicted });
  const curves = curvesOf({ ...long, fitted: predicted, continued: predicted });
  const { places, values } = drawnSteps(curves, [0, length - 1], 500);
  assert.ok(places.length < 5000, `${places.length} steps`);
  assert.ok(places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0)));
  for (const place of [31_415, 77_777, 77_779]) {
    assert.ok(places.includes(place), `${place}`);
  }
  assert.equal(values[0]?.[places.indexOf(31_415)], 40);
});

test('what is zoomed into is told in full, one step beyond each border', () => {
  const curves = curvesOf(forecast({}, { count: 10_000 }));
  assert.deepEqual(drawnSteps(curves, [500, 503], 400).places, [499, 500, 501, 502, 503, 504]);
});
