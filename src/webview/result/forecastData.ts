/** Turns a forecast into what is drawn and said of it: curves, ranges of the series, errors beside the last value's. */
import type { Forecast } from '../../common/run/events.ts';

export type Value = number | null;
/** First and last place in the steps, inclusive. */
export type Span = readonly [number, number];

export type CurveRole = 'actual' | 'fitted' | 'predicted' | 'continued';

export interface ForecastCurve {
  readonly role: CurveRole;
  readonly label: string;
  /** One per time step. */
  readonly values: readonly Value[];
}

const LABELS: Readonly<Record<CurveRole, string>> = {
  actual: 'actual',
  fitted: 'fit',
  predicted: 'prediction',
  continued: 'continued',
};

/** The curves that say something; the others have no place in the legend. */
export function curvesOf(forecast: Forecast): ForecastCurve[] {
  return (Object.keys(LABELS) as CurveRole[])
    .map((role) => ({ role, label: LABELS[role], values: forecast[role] }))
    .filter(({ values }) => values.some((value) => value !== null));
}

export type RangeName = 'training' | 'validation' | 'test' | 'ahead';

/** A stretch of the series, both ends included. */
export interface Range {
  readonly name: RangeName;
  readonly from: number;
  readonly to: number;
}

/** The stretches of the series in their order; `ahead` is what lies behind its last actual value. */
export function rangesOf({ steps, actual, validationFrom, testFrom }: Forecast): Range[] {
  const ahead = actual.findLastIndex((value) => value !== null) + 1;
  const starts: [RangeName, number][] = [
    ['training', 0],
    ...(validationFrom === null ? [] : [['validation', validationFrom] as [RangeName, number]]),
    ['test', testFrom],
    ['ahead', Math.max(ahead, testFrom)],
  ];
  return starts
    .map(([name, from], index) => ({ name, from, to: (starts[index + 1]?.[1] ?? steps.length) - 1 }))
    .filter(({ from, to }) => to >= from);
}

export function rangeAt(ranges: readonly Range[], place: number): Range | null {
  return ranges.find(({ from, to }) => place >= from && place <= to) ?? null;
}

export interface Drawn {
  /** Places in the steps that are drawn, ascending. */
  readonly places: readonly number[];
  /** For each curve its values at these places. */
  readonly values: readonly (readonly Value[])[];
}

/**
 * Keeps for each bucket of steps the lowest and the highest value of every curve, so that no peak of any is lost.
 *
 * @param points About how many steps fit side by side.
 * @param zoom What is looked at; one step beyond each border is kept too, so that lines run out of the picture.
 */
export function drawnSteps(curves: readonly ForecastCurve[], zoom: Span, points: number): Drawn {
  const length = curves[0]?.values.length ?? 0;
  const first = Math.max(0, Math.floor(zoom[0]) - 1);
  const end = Math.min(length, Math.ceil(zoom[1]) + 2);
  const size = Math.max(1, Math.ceil((end - first) / Math.max(1, points)));
  const places: number[] = [];
  for (let from = first; from < end; from += size) {
    places.push(...(size === 1 ? [from] : bucketPlaces(curves, from, Math.min(from + size, end))));
  }
  return { places, values: curves.map(({ values }) => places.map((place) => values[place] ?? null)) };
}

/** Places of the extremes of all curves, ascending, and both ends of each curve that begins or ends here. */
function bucketPlaces(curves: readonly ForecastCurve[], from: number, to: number): number[] {
  const kept = new Set<number>();
  for (const { values } of curves) {
    let low = -1;
    let high = -1;
    for (let place = from; place < to; place += 1) {
      const value = values[place] ?? null;
      if (value === null) {
        continue;
      }
      low = low < 0 || value < (values[low] ?? 0) ? place : low;
      high = high < 0 || value > (values[high] ?? 0) ? place : high;
      if ((values[place - 1] ?? null) === null || (values[place + 1] ?? null) === null) {
        kept.add(place);
      }
    }
    for (const place of [low, high]) {
      if (place >= 0) {
        kept.add(place);
      }
    }
  }
  return kept.size === 0 ? [from] : [...kept].sort((a, b) => a - b);
}

export interface Score {
  readonly label: string;
  readonly rmse: number | null;
  readonly isOurs: boolean;
  /** Where the values come from. */
  readonly meaning: string;
}

export interface Scores {
  /** The prediction, the continuation where there is one, and the last value, all over the same steps. */
  readonly rows: readonly Score[];
  /** Over how many test steps. */
  readonly steps: number;
}

/** Root mean squared errors on those test steps of which all compared values are known. */
export function scoresOf(forecast: Forecast): Scores {
  const { actual, predicted, continued, testFrom } = forecast;
  const hasContinued = continued.some((value, place) => value !== null && (actual[place] ?? null) !== null);
  const before = (place: number) => actual[place - 1] ?? null;
  const compared = Array.from({ length: actual.length - testFrom }, (_, index) => testFrom + index).filter(
    (place) =>
      (actual[place] ?? null) !== null &&
      (predicted[place] ?? null) !== null &&
      before(place) !== null &&
      (!hasContinued || (continued[place] ?? null) !== null),
  );
  const rmse = (said: (place: number) => Value) =>
    compared.length === 0
      ? null
      : Math.sqrt(
          compared.reduce((sum, place) => sum + ((said(place) ?? 0) - (actual[place] ?? 0)) ** 2, 0) / compared.length,
        );
  const row = (label: string, isOurs: boolean, meaning: string, said: (place: number) => Value): Score => ({
    ...{ label, isOurs, meaning },
    rmse: rmse(said),
  });
  return {
    steps: compared.length,
    rows: [
      row('prediction', true, 'from the actual values before each step', (place) => predicted[place] ?? null),
      row('last value', false, 'the actual value of the step before', before),
      ...(hasContinued
        ? [row('continued', false, 'from its own predictions before each step', (place) => continued[place] ?? null)]
        : []),
    ],
  };
}
