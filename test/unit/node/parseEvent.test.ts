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
