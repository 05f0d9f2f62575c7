/** The sparkline of a spot price as words and as a path. */
import { dollars } from '../../common/cloud/dollars.ts';
import type { SpotOffer } from '../../common/cloud/offer.ts';

export const SPARK_WIDTH = 64;
export const SPARK_HEIGHT = 18;
/** Points that can be told apart at that width. */
const MOST_POINTS = 64;

export function sparkText({ history, perHourUsd, zone }: SpotOffer): string {
  const prices = history.map((one) => one.perHourUsd);
  const days = Math.max(
    1,
    Math.round((Date.parse(history.at(-1)?.at ?? '') - Date.parse(history[0]?.at ?? '')) / 864e5),
  );
  return `Spot price in ${zone} over ${days} days: from ${dollars(Math.min(...prices))} to ${dollars(Math.max(...prices))}, now ${dollars(perHourUsd)}`;
}

/** A price holds until the next one, so the curve goes in steps. */
export function sparkPath(history: SpotOffer['history']): string {
  const points = history.length <= MOST_POINTS ? history : thin(history);
  const times = points.map(({ at }) => Date.parse(at));
  const prices = points.map((one) => one.perHourUsd);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const x = (time: number) => (1 + ((SPARK_WIDTH - 2) * (time - from)) / Math.max(1, to - from)).toFixed(1);
  const y = (price: number) =>
    (high === low ? SPARK_HEIGHT / 2 : 2 + ((SPARK_HEIGHT - 4) * (high - price)) / (high - low)).toFixed(1);
  return points
    .map(({ at, perHourUsd }, index) => {
      const place = x(Date.parse(at));
      return index === 0 ? `M${place} ${y(perHourUsd)}` : `H${place}V${y(perHourUsd)}`;
    })
    .join('');
}

/** Every n-th, and the last one. */
function thin<T>(list: readonly T[]): T[] {
  const step = Math.ceil(list.length / MOST_POINTS);
  return list.filter((_, index) => index % step === 0 || index === list.length - 1);
}
