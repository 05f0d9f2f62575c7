/** One line of events.jsonl: an event, or nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvent } from '../../../src/node/parseEvent.ts';
import { at, completedRun } from '../../fixtures/runEvents.ts';

const parse = (value: unknown) => parseEvent(JSON.stringify(value));
const steps = { type: 'steps', at: at(1), first: 0, loss: [1, null], metrics: { rmse: [2, 3] }, stepsPerSecond: 10 };

test('every event of a run is read as it was written', () => {
  for (const event of completedRun) {
    assert.deepEqual(parse(event), event);
  }
});

test('lines that are no JSON, or no object, are nothing', () => {
  for (const line of ['', ' ', 'x', '{', '{"type":"log"', '[]', 'null', '3', '"log"', '\0', '[{"type":"log"}]']) {
    assert.equal(parseEvent(line), null, JSON.stringify(line));
  }
});

test('a type that this version does not know is nothing', () => {
  assert.equal(parse({ type: 'future', at: at(0) }), null);
});

test('names that every object has are no types', () => {
  for (const type of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(parseEvent(`{"type":"${type}","at":"${at(0)}"}`), null, type);
  }
});

test('an event without its type, its time or a field that readers rely on is nothing', () => {
  assert.notEqual(parse(steps), null);
  for (const field of Object.keys(steps)) {
    assert.equal(parse({ ...steps, [field]: undefined }), null, `without ${field}`);
    assert.equal(parse({ ...steps, [field]: true }), null, `with another ${field}`);
  }
});

test('fields that a later version adds do no harm', () => {
  assert.deepEqual(parse({ ...steps, later: [1] }), { ...steps, later: [1] });
});

test('series that are no series make an event nothing, before anybody folds them', () => {
  for (const metrics of ['{"rmse":null}', '{"rmse":3}', '{"rmse":{}}', '{"constructor":[1]}', '{"__proto__":[1]}']) {
    const line = JSON.stringify(steps).replace('{"rmse":[2,3]}', metrics);
    assert.equal(parseEvent(line), null, metrics);
  }
});

test('an evaluation whose baselines cannot be compared is nothing', () => {
  const evaluation = completedRun.find((event) => event.type === 'evaluation');
  for (const baselines of [[null], [3], [{ name: 'x' }], [{ name: 'x', metrics: null }]]) {
    assert.equal(parse({ ...evaluation, baselines }), null, JSON.stringify(baselines));
  }
});

test('predictions that cannot be drawn make an evaluation nothing', () => {
  const evaluation = completedRun.find((event) => event.type === 'evaluation');
  const mistake = { row: 3, actual: 0, predicted: 1, probability: 0.9, pixels: [0, 1] };
  const classes = {
    kind: 'classes',
    classes: ['a', 'b'],
    confusion: [
      [1, 0],
      [1, 2],
    ],
    mistakes: [mistake],
    image: [1, 2, 1],
  };
  const values = { kind: 'values', targets: [{ name: 'y', actual: [1], predicted: [null] }], row: [1] };
  const { mistakes: _mistakes, image: _image, ...old } = classes;
  for (const predictions of [classes, old, values]) {
    assert.deepEqual(parse({ ...evaluation, predictions }), { ...evaluation, predictions });
  }
  const odd: unknown[] = [
    {},
    { kind: 'later' },
    { ...classes, confusion: undefined },
    { ...classes, confusion: [null, 3] },
    { ...classes, classes: null },
    { ...classes, mistakes: 3 },
    { ...classes, mistakes: [null] },
    { ...classes, mistakes: [{ ...mistake, actual: 'a' }] },
    { ...classes, mistakes: [{ ...mistake, pixels: 7 }] },
    { ...values, targets: [{ name: 'y' }] },
    { ...values, row: null },
  ];
  for (const predictions of odd) {
    assert.equal(parse({ ...evaluation, predictions }), null, JSON.stringify(predictions));
  }
});

test('a forecast without one of its lists or places is nothing', () => {
  const lists = {
    steps: ['1', '2'],
    actual: [1, 2],
    fitted: [null, null],
    predicted: [null, 2],
    continued: [null, null],
  };
  const forecast = {
    type: 'forecast',
    at: at(1),
    target: 'y',
    ...lists,
    validationFrom: null,
    testFrom: 1,
    remarks: [],
  };
  assert.deepEqual(parse(forecast), forecast);
  for (const field of [...Object.keys(lists), 'target', 'validationFrom', 'testFrom', 'remarks']) {
    assert.equal(parse({ ...forecast, [field]: undefined }), null, `without ${field}`);
    assert.equal(parse({ ...forecast, [field]: true }), null, `with another ${field}`);
  }
});
