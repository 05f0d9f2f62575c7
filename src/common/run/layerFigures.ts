/** What is told of a layer, in words: the same in the panel and in the terminal. */
import { formatNumber } from '../format.ts';
import type { LayerSample, LayerStatistics } from './events.ts';

/** What the layers can be compared by. */
export type Measure = 'gradient' | 'activation' | 'dead' | 'time';

/** About three digits, in few letters; an em dash where there is no number. */
export function shortFigure(value: number | null): string {
  if (value === null) {
    return '—';
  }
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

export function percentText(share: number | null): string {
  if (share === null) {
    return '—';
  }
  const percent = share * 100;
  return percent > 0 && percent < 0.95 ? '<1 %' : `${Math.round(percent)} %`;
}

export function rangeText({ activation }: LayerStatistics): string {
  return activation === null ? '—' : `${shortFigure(activation.min)} … ${shortFigure(activation.max)}`;
}

/** One figure of a layer with its unit; null where the measure says nothing of such a layer. */
export function figureText(measure: Measure, layer: LayerStatistics): string | null {
  switch (measure) {
    case 'gradient':
      return layer.gradientNorm === null ? null : `‖∇‖ ${shortFigure(layer.gradientNorm)}`;
    case 'activation':
      return layer.activation === null ? null : rangeText(layer);
    case 'dead':
      return layer.deadShare === null ? null : `${percentText(layer.deadShare)} dead`;
    case 'time':
      return layer.timeShare === null ? null : `${percentText(layer.timeShare)} of time`;
  }
}

/** Column titles of `figureRow`. */
export const FIGURE_TITLES = [
  'layer',
  'gradient',
  'weights',
  'smallest … largest',
  'mean',
  'deviation',
  'dead',
  'time',
];

/** All figures of a layer, as a row of a table. */
export function figureRow(layer: LayerStatistics): string[] {
  return [
    layer.layer,
    formatNumber(layer.gradientNorm),
    formatNumber(layer.weightNorm),
    rangeText(layer),
    formatNumber(layer.activation?.mean),
    formatNumber(layer.activation?.standardDeviation),
    percentText(layer.deadShare),
    percentText(layer.timeShare),
  ];
}

/** When a look was taken: after an epoch, or within one. */
export function momentText({ epoch, step }: Pick<LayerSample, 'epoch' | 'step'>, of: Schedule): string {
  const within = step - epoch * of.stepsPerEpoch;
  return within <= 0
    ? `epoch ${epoch} of ${of.epochs}`
    : `epoch ${epoch + 1} of ${of.epochs}, step ${within} of ${of.stepsPerEpoch}`;
}

interface Schedule {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}
