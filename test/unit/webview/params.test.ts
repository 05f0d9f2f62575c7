/** What is typed for a parameter is read by the type that the recipe's value has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParam } from '../../../src/webview/params.ts';

const read = (value: number | string | boolean, typed?: string) => {
  const { value: result, isChanged, error } = readParam({ name: 'p', value }, typed);
  return [result, isChanged, error === null];
};

test('an untouched parameter keeps its value', () => assert.deepEqual(read(64), [64, false, true]));
test('a number may be typed with a comma or an exponent', () => {
  assert.deepEqual(read(0.001, '0,01'), [0.01, true, true]);
  assert.deepEqual(read(0.001, '1e-4'), [0.0001, true, true]);
});
test('text where a number belongs is refused and the old value kept', () =>
  assert.deepEqual(read(64, 'many'), [64, true, false]));
test('nothing is no number', () => assert.deepEqual(read(64, ' '), [64, true, false]));
test('a word stays a word', () => assert.deepEqual(read('relu', 'tanh'), ['tanh', true, true]));
test('true and false are a check mark', () => assert.deepEqual(read(true, 'false'), [false, true, true]));
