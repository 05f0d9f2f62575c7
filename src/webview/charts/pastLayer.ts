/** Draws the earlier runs behind a chart: as a picture that is kept until the axes move, for there may be fifty of them. */
import type uPlot from 'uplot';
import type { PastCurve } from './pastCurves.ts';
import { emptyPoints, fillPoints } from './screenPoints.ts';

export interface PastLook {
  readonly color: string;
  readonly scale: 'linear' | 'log';
}

export interface PastLayer {
  draw(plot: uPlot, past: readonly PastCurve[], look: PastLook): void;
}

export function createPastLayer(): PastLayer {
  const picture = document.createElement('canvas');
  let drawn: readonly unknown[] = [];
  return {
    draw(plot, past, look) {
      if (past.length === 0) {
        return;
      }
      const { left, top, width, height } = plot.bbox;
      const { x, y } = plot.scales;
      const wanted = [past, look.color, look.scale, left, top, width, height, x?.min, x?.max, y?.min, y?.max];
      if (wanted.some((part, index) => part !== drawn[index])) {
        drawn = wanted;
        paint(picture, plot, past, look);
      }
      plot.ctx.drawImage(picture, left, top);
    },
  };
}

function paint(picture: HTMLCanvasElement, plot: uPlot, past: readonly PastCurve[], look: PastLook): void {
  const { left, top, width, height } = plot.bbox;
  picture.width = Math.max(1, width);
  picture.height = Math.max(1, height);
  const context = picture.getContext('2d');
  if (context === null) {
    return;
  }
  context.translate(-left, -top);
  context.strokeStyle = look.color;
  context.lineWidth = devicePixelRatio;
  // Many lines over one another are as dark as few.
  context.globalAlpha = past.length > 10 ? 0.45 : 0.6;
  for (const curve of past) {
    context.stroke(pastPath(plot, curve, look.scale));
  }
}

/** The line of one run, in the canvas's pixels. */
export function pastPath(plot: uPlot, { series }: PastCurve, scale: 'linear' | 'log'): Path2D {
  const { min = 1, max = 1 } = plot.scales.x ?? {};
  const points = emptyPoints();
  fillPoints(points, [series], { zoom: [min, max], width: plot.bbox.width / devicePixelRatio, scale });
  const path = new Path2D();
  let isOpen = false;
  for (const [index, x] of points.x.entries()) {
    const value = points.columns[0]?.[index] ?? null;
    if (value === null) {
      isOpen = false;
      continue;
    }
    const [left, top] = [plot.valToPos(x, 'x', true), plot.valToPos(value, 'y', true)];
    if (isOpen) {
      path.lineTo(left, top);
    } else {
      path.moveTo(left, top);
    }
    isOpen = true;
  }
  return path;
}

/** Lowest and highest value of all runs between two epochs; null where there is none. */
export function pastRange(
  past: readonly PastCurve[],
  [first, last]: readonly [number, number],
  scale: 'linear' | 'log',
): readonly [number, number] | null {
  const found = past.flatMap(({ series }) => series.extremes(Math.floor(first) - 1, Math.ceil(last)) ?? []);
  const values = found.flatMap(({ low, high }) => [low, high]).filter((value) => scale === 'linear' || value > 0);
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}

/** The run whose line passes next to the cursor, no more than `reach` CSS pixels off. */
export function nearestPast(
  plot: uPlot,
  past: readonly PastCurve[],
  { x, top, reach }: { x: number; top: number; reach: number },
): PastCurve | null {
  let nearest: PastCurve | null = null;
  let distance = reach;
  for (const curve of past) {
    const value = curve.series.at(Math.round(x) - 1);
    const off = value === null ? Number.NaN : Math.abs(plot.valToPos(value, 'y') - top);
    if (off <= distance) {
      nearest = curve;
      distance = off;
    }
  }
  return nearest;
}
