/** Signs of a learning rate that is too high or too low, in the course of the training loss. */
import { formatNumber } from '../../format.ts';
import { from } from './curve.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { RunFacts } from './facts.ts';
import { clipFix, formatRate, learningRateOf, rateFix } from './learningRate.ts';
import { indexOfBest, median, noiseOf, quantile, SURE_TREND, smooth, trendOf } from './statistics.ts';

export function diagnoseRate(facts: RunFacts): Diagnosis[] {
  return thrownOff(facts) ?? divergence(facts) ?? jumps(facts) ?? tooLow(facts) ?? [];
}

/** Epochs after the best before anything is said. */
const FEWEST_RISING = 3;

/** Epochs after the best before a slow rise is believed. */
const SLOW_RISING = 10;

/**
 * The loss at least doubled since its best, or rose slowly but nearly every time over a quarter of the run; and its last third is its highest: it
 * does not come back by itself. A rise is told from noise by the Mann–Kendall test, or where it is tenfold.
 */
function divergence({ loss, recipe }: RunFacts): Diagnosis[] | null {
  const best = indexOfBest(loss.values);
  const rising = from(loss, best);
  const { values } = rising;
  if (values.length <= FEWEST_RISING) {
    return null;
  }
  const least = values[0] as number;
  const third = Math.ceil(values.length / 3);
  const now = median(values.slice(-third));
  const middle = median(values.slice(-2 * third, -third));
  const isRising = trendOf(values) >= SURE_TREND || now >= 10 * least;
  const isPastNoise = now - least > 3 * noiseOf(values);
  const rises = values.slice(1).filter((value, i) => value > (values[i] as number)).length / (values.length - 1);
  // Momentum makes surges of ten epochs that end by themselves.
  const isLong = values.length > Math.max(SLOW_RISING, loss.values.length / 4);
  const isSteady = isLong && rises >= 0.8 && now >= 1.1 * least;
  if (!(least > 0 && (now >= 2 * least || isSteady) && now > 1.02 * middle && isRising && isPastNoise)) {
    return null;
  }
  const since = rising.epochs[0] as number;
  const last = values.at(-1) as number;
  const rate = learningRateOf(recipe);
  return [
    {
      code: 'divergence',
      path: rate.path,
      severity: 'warning',
      sinceEpoch: since,
      message: `The training loss grows since epoch ${since}: from ${formatNumber(least)} to ${formatNumber(last)}.`,
      evidence: [
        { label: `loss in epoch ${since}`, value: least },
        { label: `loss in epoch ${rising.epochs.at(-1)}`, value: last },
        { label: 'times as large', value: last / least },
        { label: 'learning rate', value: rate.value },
      ],
      remedy: `Use a smaller learning rate (now ${formatRate(rate.value)}), or cut the gradients with globalClipNorm.`,
      fixes: [rateFix(recipe, 0.1), ...clipFix(recipe)],
    },
  ];
}

const BLOWN_UP = 30;
const FEWEST_AFTER = 3;
const RECOVERED = 0.75;

/** The first steps threw the weights so far that the network never came back. */
function thrownOff({ loss, recipe, isAtChance, chanceLoss }: RunFacts): Diagnosis[] | null {
  const [first = 0, second = 0] = loss.values;
  const last = loss.values.at(-1) ?? 0;
  const isThrown = first >= BLOWN_UP * second || (chanceLoss !== null && first >= BLOWN_UP * chanceLoss);
  const hasRecovered = isAtChance === false || Math.min(...loss.values.slice(1)) < RECOVERED * second;
  if (loss.values.length <= FEWEST_AFTER || !isThrown || hasRecovered) {
    return null;
  }
  const rate = learningRateOf(recipe);
  return [
    {
      code: 'rate-too-high',
      path: rate.path,
      severity: 'warning',
      sinceEpoch: loss.epochs[0] as number,
      message: `The first steps threw the network off, to a loss of ${formatNumber(first)} in epoch ${loss.epochs[0]}, and it has not recovered: the loss stands at ${formatNumber(last)}.`,
      evidence: [
        { label: `loss in epoch ${loss.epochs[0]}`, value: first },
        { label: `loss in epoch ${loss.epochs[1]}`, value: second },
        { label: `loss in epoch ${loss.epochs.at(-1)}`, value: last },
        { label: 'learning rate', value: rate.value },
      ],
      remedy: `Use a learning rate that is a tenth of ${formatRate(rate.value)}, or less.`,
      fixes: [rateFix(recipe, 0.1), rateFix(recipe, 0.01)],
    },
  ];
}

const FEWEST_JUMPS = 10;
/** The natural logarithm of 1.25: a change by a quarter. */
const JUMP = Math.log(1.25);

/** Steps so long that they jump across the valley: as often up as down, and by much (Smith 2017: where the loss gets ragged). */
function jumps({ loss, recipe, chanceLoss }: RunFacts): Diagnosis[] | null {
  const window = from(loss, Math.min(Math.floor(loss.values.length / 2), loss.values.length - FEWEST_JUMPS - 1));
  const { values } = window;
  if (values.length <= FEWEST_JUMPS || values.some((value) => value <= 0)) {
    return null;
  }
  const changes = values.slice(1).map((value, i) => Math.log(value / (values[i] as number)));
  const rises = changes.filter((change) => change > 0).length / changes.length;
  const typical = quantile(changes.map(Math.abs), 0.75);
  const bestAt = indexOfBest(loss.values);
  const best = Math.min(...smooth(loss.values));
  const level = median(values);
  // A loss near 0 changes by large factors and is none the worse for it.
  const isSmall = chanceLoss !== null && level < chanceLoss / 4;
  if (!(!isSmall && typical >= JUMP && rises >= 0.3 && trendOf(values) > -SURE_TREND && level >= 1.5 * best)) {
    return null;
  }
  const rate = learningRateOf(recipe);
  // Not the window's begin, which moves on with each epoch.
  const since = Math.min(loss.epochs[bestAt] as number, window.epochs[0] as number);
  return [
    {
      code: 'rate-too-high',
      path: rate.path,
      severity: 'warning',
      sinceEpoch: since,
      message: `The training loss jumps about since epoch ${since}: up in ${Math.round(rises * 100)} % of the epochs, a quarter of the changes beyond ${Math.round((Math.exp(typical) - 1) * 100)} %, and it gets no lower.`,
      evidence: [
        { label: 'epochs that rise, in %', value: rises * 100 },
        { label: 'upper quartile of the changes, in %', value: (Math.exp(typical) - 1) * 100 },
        { label: `median loss since epoch ${since}`, value: level },
        { label: 'best loss, smoothed', value: best },
        { label: 'learning rate', value: rate.value },
      ],
      remedy: `Use a smaller learning rate (now ${formatRate(rate.value)}), or a schedule that lets it decay.`,
      fixes: [rateFix(recipe, 0.1), rateFix(recipe, 0.3)],
    },
  ];
}

const FEWEST_SLOW = 5;

/** Nearly a straight line, and hardly down: the floor is far away, and each step could be much longer. */
function tooLow({ loss, recipe, start, epoch }: RunFacts): Diagnosis[] | null {
  const { values } = loss;
  if (start.fork !== undefined || values.length < FEWEST_SLOW || epoch < Math.min(10, start.epochs)) {
    return null;
  }
  const first = values[0] as number;
  const last = values.at(-1) as number;
  const middle = values[Math.floor((values.length - 1) / 2)] as number;
  const falls = values.slice(1).filter((value, i) => value < (values[i] as number)).length / (values.length - 1);
  const share = (first - last) / first;
  const isStraight = middle - last >= 0.7 * (first - middle);
  if (!(falls >= 0.8 && isStraight && share > 0 && share < 1 / 3 && trendOf(values) <= -SURE_TREND)) {
    return null;
  }
  const rate = learningRateOf(recipe);
  return [
    {
      code: 'rate-too-low',
      path: rate.path,
      severity: 'warning',
      sinceEpoch: loss.epochs[0] as number,
      message: `The training loss falls steadily but by ${formatShare(share)} in all of the ${epoch} epochs: from ${formatNumber(first)} to ${formatNumber(last)}, nearly in a straight line.`,
      evidence: [
        { label: `loss in epoch ${loss.epochs[0]}`, value: first },
        { label: `loss in epoch ${loss.epochs.at(-1)}`, value: last },
        { label: 'share of epochs that fall', value: falls },
        { label: 'fall of the second half by that of the first', value: (middle - last) / (first - middle) },
        { label: 'learning rate', value: rate.value },
      ],
      remedy: `Use a higher learning rate (now ${formatRate(rate.value)}).`,
      fixes: [rateFix(recipe, raiseFor(share)), ...(raiseFor(share) > 10 ? [rateFix(recipe, 10)] : [])],
    },
  ];
}

/** So many times the rate as would have brought the loss most of its way, at most a thousand. */
function raiseFor(share: number): number {
  return Math.min(1000, Math.max(10, 10 ** Math.floor(Math.log10(0.9 / share))));
}

function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
