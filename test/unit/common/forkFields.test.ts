import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forkFields } from '../../../src/common/recipe/forkFields.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { setFields } from '../../../src/common/recipe/setFields.ts';

const text = `name: Tiny
params: { units: 4, rate: 0.5, learningRate: 0.001 }
data: { csv: tiny.csv, target: y }
model:
  - dense: { units: $units, activation: relu }
  - dropout: { rate: $rate }
  - dense: { units: 1 }
train:
  loss: meanSquaredError
  optimizer: { adam: { learningRate: $learningRate } }
  epochs: 3
`;

test('a fork is asked about what it may change: no parameter of the network, not the loss, not the validation rows', () => {
  const { recipe } = parseRecipe(text);
  assert.ok(recipe !== null);
  const fields = forkFields(text, recipe);
  const asked = (name: string) => fields.includes(name);
  assert.deepEqual(['rate', 'learningRate', 'epochs', 'batchSize', 'optimizer'].filter(asked).length, 5);
  assert.deepEqual(['units', 'loss', 'validationSplit'].filter(asked), []);
});

test('a mistyped name is guessed among the fields that a fork may change', () => {
  const { recipe } = parseRecipe(text);
  assert.ok(recipe !== null);
  const fields = forkFields(text, recipe);
  assert.throws(() => setFields(text, { unitz: '3' }), { remedy: /^Did you mean units\?/ });
  assert.throws(() => setFields(text, { unitz: '3' }, fields), { remedy: /^Write a parameter/ });
  assert.throws(() => setFields(text, { learningRat: '3' }, fields), { remedy: /^Did you mean learningRate\?/ });
});
