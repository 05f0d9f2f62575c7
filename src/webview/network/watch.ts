/** What a layer's box shows of the looks at it: its figure, its bar, and its line over the epochs. */
import type { LayerSample, LayerStatistics } from '../../common/run/events.ts';
import { figureText, type Measure, shortFigure } from '../../common/run/layerFigures.ts';

/** From `low` to `high` over all layers and all looks, so that bars can be compared from epoch to epoch. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
}

export interface LayerMark {
  /** With its unit; an em dash where the measure says nothing of the layer. */
  readonly text: string;
  /** Part of the bar that is filled, 0 to 1; null: there is no bar. */
  readonly bar: { readonly from: number; readonly to: number } | null;
  /** Place of 0 within the bar, where that is not its beginning. */
  readonly zero: number | null;
  /** Points of a line over all looks, x and y from 0 to 1, upwards. */
  readonly trend: readonly { readonly x: number; readonly y: number }[];
}

const SHARE: Scale = { low: 0, high: 1, isLog: false };
/** More points than these are not told apart in a box. */
const MOST_POINTS = 48;

export function scaleOf(samples: readonly LayerSample[], measure: Measure): Scale {
  if (measure === 'dead' || measure === 'time') {
    return SHARE;
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { layers } of samples) {
    for (const layer of layers) {
      const values = measure === 'gradient' ? [layer.gradientNorm] : [layer.activation?.min, layer.activation?.max];
      for (const value of values) {
        // No logarithm of 0: a layer that learns nothing has an empty bar.
        if (value !== null && value !== undefined && (measure === 'activation' || value > 0)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
  }
  if (measure === 'activation') {
    return { low: Math.min(0, low), high: Math.max(0, high), isLog: false };
  }
  return low > high
    ? { low: 0.1, high: 1, isLog: true }
    : { low: decade(low, Math.floor), high: decade(high, Math.ceil), isLog: true };
}

/** The next power of ten below or above; below is always a step further, so that the least norm has a bar too. */
function decade(value: number, round: (exponent: number) => number): number {
  const exponent = round(Math.log10(value));
  return 10 ** (round === Math.floor && 10 ** exponent === value ? exponent - 1 : exponent);
}

/** @returns Place within the scale, 0 to 1. */
export function placeOn({ low, high, isLog }: Scale, value: number): number {
  if (isLog && value <= 0) {
    return 0;
  }
  const [from, to, at] = isLog ? [Math.log10(low), Math.log10(high), Math.log10(value)] : [low, high, value];
  return to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 0;
}

/** Marks of all layers in one look. @param samples All looks, for the lines. */
export function marksOf(
  sample: LayerSample,
  { samples, measure, scale }: { samples: readonly LayerSample[]; measure: Measure; scale: Scale },
): ReadonlyMap<string, LayerMark> {
  const seen = thinned(samples);
  const trends = new Map<string, { x: number; y: number }[]>();
  seen.forEach(({ layers }, index) => {
    for (const layer of layers) {
      const value = measured(measure, layer);
      if (value !== null) {
        const trend = trends.get(layer.layer) ?? [];
        trends.set(layer.layer, trend);
        trend.push({ x: seen.length < 2 ? 0 : index / (seen.length - 1), y: placeOn(scale, value) });
      }
    }
  });
  const zero = measure === 'activation' && scale.low < 0 ? placeOn(scale, 0) : null;
  return new Map(
    sample.layers.map((layer) => {
      const text = figureText(measure, layer) ?? '—';
      return [layer.layer, { text, bar: barOf(measure, layer, scale), zero, trend: trends.get(layer.layer) ?? [] }];
    }),
  );
}

function barOf(measure: Measure, layer: LayerStatistics, scale: Scale): LayerMark['bar'] {
  if (measure === 'activation') {
    const { min = null, max = null } = layer.activation ?? {};
    return min === null || max === null ? null : { from: placeOn(scale, min), to: placeOn(scale, max) };
  }
  const value = measured(measure, layer);
  return value === null ? null : { from: 0, to: placeOn(scale, value) };
}

/** What the line follows; of a range its upper end. */
function measured(measure: Measure, layer: LayerStatistics): number | null {
  switch (measure) {
    case 'gradient':
      return layer.gradientNorm;
    case 'activation':
      return layer.activation?.max ?? null;
    case 'dead':
      return layer.deadShare;
    case 'time':
      return layer.timeShare;
  }
}

/** Evenly, the first and the last among them. */
function thinned(samples: readonly LayerSample[]): LayerSample[] {
  const step = (samples.length - 1) / (MOST_POINTS - 1);
  return samples.length <= MOST_POINTS
    ? [...samples]
    : Array.from({ length: MOST_POINTS }, (_, i) => samples[Math.round(i * step)] as LayerSample);
}

/** What figure, bar and line mean. */
export function legendOf(measure: Measure, scale: Scale): string {
  const ends = `${shortFigure(scale.low)} to ${shortFigure(scale.high)}`;
  switch (measure) {
    case 'gradient':
      return `Norm of the loss's gradient by the layer's weights. Bar: ${ends}, logarithmic.`;
    case 'activation':
      return `Smallest and largest output. Bar: ${ends}${scale.low < 0 ? ', a tick at 0' : ''}. Line: the largest.`;
    case 'dead':
      return 'Units that gave 0 for every sample, where the activation can. Bar: 0 to 100 %.';
    case 'time':
      return 'Share of the time of a pass forward. Bar: 0 to 100 %.';
  }
}
