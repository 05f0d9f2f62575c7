/** The benchmark's problems: recipes that parse, and data that follows its rule. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferGraph } from '../../../src/common/recipe/inferGraph.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { matchesPins } from '../../bench/pythons.mjs';
import { bostonRecipe, recipeText, shampooCsv, WORKLOADS, type WorkloadName } from '../../bench/recipes.mjs';
import { makeSamples } from '../../bench/syntheticData.ts';

const names = Object.keys(WORKLOADS) as WorkloadName[];

for (const name of names) {
  test(`the recipe of ${name} is whole, and its batch and epochs are the peers'`, () => {
    const { recipe, problems } = parseRecipe(recipeText(name));
    assert.deepEqual(problems, []);
    const { batchSize, epochs, shuffle, lastBatch, lossWeight } = recipe?.train ?? {};
    const { batchSize: wanted, coldEpochs } = WORKLOADS[name];
    assert.deepEqual([batchSize, epochs, shuffle, lastBatch, lossWeight], [wanted, coldEpochs, true, 'keep', 1]);
  });
}

test('a Boston recipe that lost the words which are exchanged is refused', () => {
  assert.throws(() => bostonRecipe('train: { shuffle: once }'), /no longer says "csv: data\/boston_housing.csv"/);
});

test('the made-up samples fit their recipes and have the shape that the peers train on', () => {
  const sizes = { mnist: 784, lstm: 800, cnn: 784 } as const;
  for (const [name, size] of Object.entries(sizes) as [keyof typeof sizes, number][]) {
    const samples = makeSamples(name, 20);
    const { recipe } = parseRecipe(recipeText(name));
    assert.ok(recipe);
    assert.deepEqual(inferGraph(recipe, samples.inputShape).problems, []);
    assert.equal(samples.matrix.length, 20 * size);
    assert.equal((samples.firstRow[19] ?? 0) * (samples.inputShape.at(-1) ?? 0), 19 * size);
  }
});

test('noise is uniform; a class brightens its own band; the wanted value is a mean of the inputs', () => {
  const mnist = makeSamples('mnist', 1000);
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const band = (sample: number, label: number) =>
    mean(mnist.matrix.subarray(784 * sample + 78 * label, 784 * sample + 78 * (label + 1)));
  const means = (shift: number) =>
    mean(Float32Array.from({ length: 1000 }, (_, sample) => band(sample, (sample + shift) % 10)));
  assert.deepEqual([mnist.targets[7], mnist.targets[13]], [7, 3]);
  assert.ok(Math.abs(means(0) - 0.58) < 0.005 && Math.abs(means(1) - 0.5) < 0.005, `${means(0)} ${means(1)}`);

  const lstm = makeSamples('lstm', 3);
  const last = [45, 46, 47, 48, 49].map((step) => lstm.matrix[800 * 2 + 16 * step] ?? 0);
  assert.ok(Math.abs((lstm.targets[2] ?? 0) - last.reduce((sum, value) => sum + value, 0) / 5) < 1e-6);
  assert.ok(lstm.matrix.some((value) => value < -0.9) && lstm.matrix.every((value) => value >= -1 && value < 1));
});

test('the targets of a Shampoo row are the sales of the four months up to it', () => {
  const [header = '', ...rows] = shampooCsv().trim().split('\n');
  assert.equal(header, 'sales,y1,y2,y3,y4');
  const sales = rows.map((row) => row.split(',')[0]);
  assert.equal(rows.length, 12);
  assert.deepEqual(rows[7]?.split(',').slice(1), sales.slice(4, 8));
});

test("a build's own mark behind a version does no harm, another version does", () => {
  const wanted = { torch: '2.15.0' };
  assert.equal(matchesPins({ torch: '2.15.0+cu132' }, wanted), true);
  assert.equal(matchesPins({ torch: '2.15.1' }, wanted), false);
  assert.equal(matchesPins(null, wanted), false);
});
