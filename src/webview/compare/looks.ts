/** The runs' colours in the theme of now, and their markers as paths. */
import { type MarkerShape, RUN_COLORS, RUN_MARKERS, type Slots } from '../../common/compare/runLooks.ts';
import { type ChartColors, readChartColors } from '../charts/chartColors.ts';

export interface PageColors extends ChartColors {
  readonly runs: readonly string[];
  /** For a run without a look of its own. */
  readonly other: string;
  readonly foreground: string;
  readonly paper: string;
}

export function readPageColors(): PageColors {
  const style = getComputedStyle(document.body);
  const color = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const isLight =
    document.body.classList.contains('vscode-light') || document.body.classList.contains('vscode-high-contrast-light');
  const foreground = color('--vscode-foreground', 'gray');
  const paper = color('--vscode-editor-background', isLight ? 'white' : 'black');
  return {
    ...readChartColors(),
    runs: isLight ? RUN_COLORS.light : RUN_COLORS.dark,
    other: `color-mix(in srgb, ${foreground} 45%, ${paper})`,
    foreground,
    paper,
  };
}

export interface RunLook {
  readonly color: string;
  /** Null for a run without a look of its own. */
  readonly marker: MarkerShape | null;
}

export function lookOf(runFolder: string, slots: Slots, colors: PageColors): RunLook {
  const slot = slots[runFolder];
  return slot === undefined
    ? { color: colors.other, marker: null }
    : { color: colors.runs[slot] ?? colors.other, marker: RUN_MARKERS[slot] ?? null };
}

/** The outline of a marker around a point, as SVG path data; `r` is about half its width. */
export function markerPath(shape: MarkerShape, [x, y]: readonly [number, number], r: number): string {
  switch (shape) {
    case 'circle':
    case 'ring':
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    case 'square':
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`;
    case 'triangle':
      return `M${x} ${y - 1.2 * r}L${x + 1.2 * r} ${y + r}H${x - 1.2 * r}Z`;
    case 'diamond':
      return `M${x} ${y - 1.3 * r}L${x + 1.3 * r} ${y}L${x} ${y + 1.3 * r}L${x - 1.3 * r} ${y}Z`;
    case 'cross':
      return `M${x - r} ${y - r}L${x + r} ${y + r}M${x + r} ${y - r}L${x - r} ${y + r}`;
    case 'plus':
      return `M${x - 1.2 * r} ${y}h${2.4 * r}M${x} ${y - 1.2 * r}v${2.4 * r}`;
    case 'bar':
      return `M${x} ${y - 1.3 * r}v${2.6 * r}`;
  }
}

/** Those that are drawn as lines and not filled. */
export const isOutline = (shape: MarkerShape) =>
  shape === 'ring' || shape === 'cross' || shape === 'plus' || shape === 'bar';
