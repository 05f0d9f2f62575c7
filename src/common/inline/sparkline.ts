/** Draws tiny pictures without axes as SVG text: curves of a run, and what tried values gave. */
import { thinCurve } from '../chart/thinCurve.ts';
import type { Ink } from './inks.ts';

export type Spark = CurveSpark | TriedSpark;

/** Curves of one measure. */
export interface CurveSpark {
  readonly kind: 'curves';
  readonly train: readonly (number | null)[];
  /** Empty without validation. */
  readonly validation: readonly (number | null)[];
  /** Points that the width has room for; those not reached yet stay free. */
  readonly room: number;
}

/** Results of values that were tried, in the order of the values. */
export interface TriedSpark {
  readonly kind: 'tried';
  readonly results: readonly number[];
  /** Which one is best. */
  readonly best: number;
}

/** Whole pixels, so that edges are sharp. */
export interface SparkSize {
  readonly height: number;
  readonly curveWidth: number;
  readonly triedWidth: number;
}

const GAP_PX = 8;
/** A dot must not be cut off at the edge. */
const INSET_PX = 2;

/** Curves that fall to less than this part of their beginning would be a corner and a flat line. */
const LOG_FROM = 12;

/** One SVG document with the pictures side by side. */
export function drawSparks(sparks: readonly Spark[], size: SparkSize, ink: Ink): string {
  const widths = sparks.map((spark) => (spark.kind === 'curves' ? size.curveWidth : size.triedWidth));
  const width = widths.reduce((sum, one) => sum + one, 0) + GAP_PX * Math.max(0, sparks.length - 1);
  let left = 0;
  const drawn = sparks.map((spark, index) => {
    const box = { left, width: widths[index] ?? 0, height: size.height };
    left += box.width + GAP_PX;
    return spark.kind === 'curves' ? drawCurves(spark, box, ink) : drawTried(spark, box, ink);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${size.height}" viewBox="0 0 ${width} ${size.height}">${drawn.join('')}</svg>`;
}

interface Box {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

function drawCurves({ train, validation, room }: CurveSpark, box: Box, ink: Ink): string {
  const numbers = [...train, ...validation].filter((value) => value !== null);
  const toY = scaleY(numbers, box);
  const toX = (at: number) => box.left + INSET_PX + (at / Math.max(1, room - 1)) * (box.width - 2 * INSET_PX);
  const line = (values: readonly (number | null)[], color: string, dash: string) => {
    const points = thinCurve(values, box.width * 2).map(({ at, value }) =>
      value === null ? null : `${round(toX(at))} ${round(toY(value))}`,
    );
    const path = points
      .map((point, index) => (point === null ? '' : `${(points[index - 1] ?? null) === null ? 'M' : 'L'}${point}`))
      .join('');
    return path === ''
      ? ''
      : `<path d="${path}" fill="none" stroke="${color}" stroke-width="${ink.stroke}" stroke-linejoin="round" stroke-linecap="round"${dash}/>`;
  };
  const last = train.at(-1) ?? null;
  const dot =
    last === null
      ? ''
      : `<circle cx="${round(toX(train.length - 1))}" cy="${round(toY(last))}" r="${ink.stroke + 0.5}" fill="${ink.train}"/>`;
  return line(validation, ink.validation, ' stroke-dasharray="3 2"') + line(train, ink.train, '') + dot;
}

function drawTried({ results, best }: TriedSpark, box: Box, ink: Ink): string {
  const toY = scaleY(results, box);
  const inner = box.width - 2 * INSET_PX;
  const toX = (at: number) =>
    box.left + INSET_PX + (results.length === 1 ? inner / 2 : (at / (results.length - 1)) * inner);
  const dots = results.map((value, at) => ({ x: round(toX(at)), y: round(toY(value)), isBest: at === best }));
  const path = dots.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  // The best one last, so that no other dot covers it.
  const inOrder = [...dots].sort((a, b) => Number(a.isBest) - Number(b.isBest));
  return [
    `<path d="${path}" fill="none" stroke="${ink.train}" stroke-opacity="0.5"/>`,
    ...inOrder.map(
      ({ x, y, isBest }) =>
        `<circle cx="${x}" cy="${y}" r="${isBest ? 2.5 : 1.5}" fill="${isBest ? ink.validation : ink.train}"/>`,
    ),
  ].join('');
}

/** A flat curve lies in the middle. */
function scaleY(values: readonly number[], { height }: Box): (value: number) => number {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const onScale = isLogarithmic(low, high) ? Math.log10 : (value: number) => value;
  const span = onScale(high) - onScale(low);
  return (value) => {
    const share = span > 0 && Number.isFinite(span) ? (onScale(value) - onScale(low)) / span : 0.5;
    return height - INSET_PX - share * (height - 2 * INSET_PX);
  };
}

/** Whether a curve between these is drawn on a logarithmic axis. */
export function isLogarithmic(low: number, high: number): boolean {
  return low > 0 && high / low >= LOG_FROM;
}

const round = (value: number) => Math.round(value * 10) / 10;
