/** Every layer type: built as the graph says, seeded, and trainable where a backend says so. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { inferGraph } from '../../../src/common/recipe/inferGraph.ts';
import { LAYERS } from '../../../src/common/recipe/layers.ts';
import { buildModel } from '../../../src/trainer/model/buildModel.ts';
import { differentiateExample, forward, toLayers } from './support/differentiateExample.ts';
import { EXAMPLES, type Example } from './support/layerExamples.ts';
import { BACKENDS, canStart, startBackend } from './support/startBackend.ts';
import { bostonRecipe } from './support/toRecipe.ts';

test('there is an example of every layer type', () => {
  assert.deepEqual(Object.keys(EXAMPLES).sort(), Object.keys(LAYERS).sort());
});

describe('the network built', () => {
  before(() => startBackend('js'));

  for (const [type, examples] of Object.entries(EXAMPLES)) {
    test(`${type} has the shapes and weights that the graph says`, () => {
      for (const [layers, inputShape] of examples) {
        const tensors = tf.memory().numTensors;
        const recipe = { ...bostonRecipe(), model: toLayers(layers) };
        const { model, outputs } = buildModel(recipe.model, inputShape, 0);
        const { graph } = inferGraph(recipe, inputShape);
        assert.deepEqual(
          graph.nodes.slice(1).map(({ id, outputShape, parameterCount }) => [id, outputShape, parameterCount]),
          [...outputs].map(([name, { shape }]) => [name, shape.slice(1), model.getLayer(name).countParams()]),
        );
        const real = tf.tidy(() => forward({ model }, inputShape).shape.slice(1));
        assert.deepEqual(real, graph.nodes.at(-1)?.outputShape);
        model.dispose();
        assert.equal(tf.memory().numTensors, tensors);
      }
    });
  }

  test('initial weights depend on the seed and not on the backend', async () => {
    const layers = toLayers([
      { dense: { units: 4, kernelInitializer: 'heNormal' } },
      { reshape: { targetShape: [2, 2] } },
      { lstm: { units: 3 } },
    ]);
    const weightsOn = async (backend: string, seed: number) => {
      await startBackend(backend);
      const { model } = buildModel(layers, [5], seed);
      const values = model.getWeights().map((weight) => Array.from(weight.dataSync()));
      model.dispose();
      return values;
    };
    const first = await weightsOn('js', 1);
    assert.deepEqual(await weightsOn('wasm', 1), first);
    assert.notDeepEqual(await weightsOn('js', 2), first);
    await startBackend('js');
  });

  test('recurrent weights are orthogonal', () => {
    const { model } = buildModel(toLayers([{ simpleRNN: { units: 40 } }]), [4, 2], 3);
    const product = tf.tidy(() => {
      const recurrent = model.getWeights()[1] as tf.Tensor2D;
      return tf.matMul(recurrent, recurrent, true, false).arraySync() as number[][];
    });
    product.forEach((row, i) => {
      row.forEach((value, j) => {
        assert.ok(Math.abs(value - Number(i === j)) < 1e-5);
      });
    });
    model.dispose();
  });

  test('every initializer gives finite weights of its own', () => {
    const names = ['randomUniform', 'randomNormal', 'truncatedNormal', 'glorotUniform', 'glorotNormal', 'heUniform'];
    for (const kernelInitializer of [...names, 'heNormal', 'leCunUniform', 'leCunNormal', 'orthogonal']) {
      const { model } = buildModel(toLayers([{ dense: { units: 8, kernelInitializer } }]), [6], 0);
      const values = Array.from(model.getWeights()[0]?.dataSync() ?? []);
      assert.ok(values.every(Number.isFinite) && new Set(values).size > 40, kernelInitializer);
      model.dispose();
    }
  });

  test('a dropout mask is new at each step and the same from the same seed', () => {
    const layers = toLayers([{ dropout: { rate: 0.5 } }]);
    const masks = [0, 0, 1].map((seed) => {
      const { model } = buildModel(layers, [200], seed);
      return [0, 1].map(() =>
        Array.from(tf.tidy(() => (model.apply(tf.ones([2, 200]), { training: true }) as tf.Tensor).dataSync())),
      );
    });
    const [one, same, other] = masks;
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, other);
    assert.notDeepEqual(one?.[0], one?.[1]);
    assert.deepEqual([...new Set(one?.[0])].sort(), [0, 2]);
    const kept = (one?.[0] ?? []).filter((value) => value > 0).length;
    assert.ok(kept > 140 && kept < 260, `${kept} of 400 kept`);
  });

  test('a penalty adds to the loss of the layers', () => {
    const { model } = buildModel(
      toLayers([{ dense: { units: 1, kernelInitializer: 'ones', kernelRegularizer: { l1: 0.1, l2: 0.01 } } }]),
      [3],
      0,
    );
    const penalty = tf.tidy(() => model.calculateLosses().map((loss) => Number(loss.arraySync().toFixed(6))));
    assert.deepEqual(penalty, [0.33]);
    model.dispose();
  });
});

for (const backend of BACKENDS) {
  test(`${backend.name} trains every layer type but those it lists`, async (t) => {
    if (!(await canStart(t, backend.name))) {
      return;
    }
    const failed: string[] = [];
    for (const [type, examples] of Object.entries(EXAMPLES)) {
      for (const example of examples) {
        if (!(await canTrain(example)) && !failed.includes(type)) {
          failed.push(type);
        }
      }
    }
    assert.deepEqual(failed, [...backend.unsupportedLayers]);
  });
}

async function canTrain(example: Example): Promise<boolean> {
  try {
    await differentiateExample(example);
    return true;
  } catch (error) {
    assert.match(String(error), /not registered for backend/);
    return false;
  }
}
