/** The sentence that compares a network with its baselines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeVerdict } from '../../../src/trainer/evaluation/verdict.ts';

const baselines = [
  { name: 'trainingMean', label: 'the training mean alone', metrics: { rmse: 9.149, accuracy: 0.2 } },
  { name: 'linearRegression', label: 'linear regression', metrics: { rmse: 4.816, accuracy: 0.5 } },
];
const rmse = { metric: 'rmse', better: 'lower' } as const;

test('the verdict names the best baseline, who wins, and by how much', () => {
  const say = (value: number) => writeVerdict(value, baselines, { ...rmse, unit: 'k$' });
  assert.deepEqual(
    [say(3.507), say(5), say(4.816), say(48.16), say(Number.NaN)],
    [
      "The network's RMSE of 3.51 k$ beats the best baseline, linear regression (4.82), by 27 %.",
      "The network's RMSE of 5 k$ loses to the best baseline, linear regression (4.82), by 4 %.",
      "The network's RMSE of 4.82 k$ equals the best baseline, linear regression (4.82).",
      "The network's RMSE of 48.2 k$ loses to the best baseline, linear regression (4.82), 10 times as large.",
      'The network gives numbers that are not finite.',
    ],
  );
});

test('shares are compared in points', () => {
  assert.equal(
    writeVerdict(0.947, baselines, { metric: 'accuracy', better: 'higher' }),
    "The network's accuracy of 94.7 % beats the best baseline, linear regression (50.0 %), by 44.7 points.",
  );
});
