/** Advice on tests that know too much: a copy of the target, neighbours in time, windows that reach into the training rows. */
import type { Problem } from '../../errors.ts';
import { formatNumber } from '../../format.ts';
import { readsOwnPast } from '../sequences.ts';
import { byPlace, type Facts, leaveOutRemedy } from './facts.ts';
import { warning } from './warning.ts';

export function adviseLeaks(facts: Facts): Problem[] {
  return [...targetTwins(facts), ...shuffledSeries(facts), ...overlappingWindows(facts)];
}

function targetTwins({ recipe, profile, features, targets }: Facts): Problem[] {
  if (readsOwnPast(recipe.data)) {
    return []; // Of a series only the past is known.
  }
  return targets.flatMap((target) => {
    const twins = profile.twins.filter(({ a, b }) => a === target.name || b === target.name);
    const found = features.filter(({ name }) => twins.some(({ a, b }) => a === name || b === name));
    return byPlace(recipe, found).map(([place, columns]) => {
      const names = columns.map(({ name }) => name);
      const twin = twins.find(({ a, b }) => names.includes(a) || names.includes(b));
      return warning('target-twin', place, {
        message: `${names.join(', ')} says the same as the target ${target.name} (correlation ${formatNumber(twin?.correlation)}): the network would only copy it.`,
        remedy: `Unless it is known before ${target.name} is: ${leaveOutRemedy(recipe, columns)}`,
      });
    });
  });
}

function shuffledSeries({ recipe: { data }, profile }: Facts): Problem[] {
  const { test, lookback, sequences } = data;
  const isRow = lookback === undefined && sequences === undefined;
  const isDrawn = isRow && (test === undefined || ('seed' in test && test.permutation !== 'none'));
  const time = profile.columns.find(({ type }) => type === 'time');
  if (!isDrawn || time?.time?.isRegular !== true) {
    return [];
  }
  return [
    warning('shuffled-series', test === undefined ? 'data.csv' : 'data.test', {
      message: `The rows follow each other in time (${time.name}, every ${time.time.step}), but the test rows are drawn at random: each has its neighbours among the training rows, so the test looks better than the future will be.`,
      remedy: `Test on the latest rows, test: { time: ${time.name}, fraction: 0.2 }; or set data.lookback to learn from the past.`,
    }),
  ];
}

function overlappingWindows({ recipe: { data }, samples, testSamples }: Facts): Problem[] {
  // Without two windows there is no test at all, which another rule tells.
  if (data.lookback === undefined || testSamples === null || samples < 2) {
    return [];
  }
  const reach = data.lookback - 1 + data.horizon;
  return reach < testSamples || data.lookback === 1
    ? []
    : [
        warning('overlapping-windows', 'data.lookback', {
          message: `Windows reach ${reach} rows back, and the test has ${testSamples}: every test window begins among rows that were trained on, so only the end of each is new.`,
          remedy: 'Look back less far, or test on more rows, so that most test windows lie behind the training rows.',
        }),
      ];
}
