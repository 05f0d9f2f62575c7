/** The last look at a run's layers as lines of text. */
import { FIGURE_TITLES, figureRow, momentText } from '../common/run/layerFigures.ts';
import type { RunState } from '../common/run/reduceRun.ts';
import { formatTable } from './table.ts';

/** Nothing where the run kept no look. */
export function layersText({ start, layerSamples }: Pick<RunState, 'start' | 'layerSamples'>): string[] {
  const last = layerSamples.at(-1);
  if (start === null || last === undefined) {
    return [];
  }
  const right = FIGURE_TITLES.map((_, column) => column).slice(1);
  const rows = formatTable([FIGURE_TITLES, ...last.layers.map(figureRow)], right);
  return [`layers after ${momentText(last, start)}: norms, outputs, dead units, share of the time forward`, ...rows];
}
