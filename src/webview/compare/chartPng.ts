/** A chart of several runs as a picture of its own, with their lines and markers in the legend. */
import { chartPicture } from '../charts/chartPicture.ts';
import { isOutline, markerPath, type PageColors, type RunLook } from './looks.ts';

const MARGIN_PX = 14;
const TITLE_PX = 30;
const ROW_PX = 20;
/** Room of one entry of the legend. */
const ENTRY_PX = 300;

export interface Picture {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly look: RunLook }[];
  readonly colors: PageColors;
}

/** @returns Base64 of a PNG. */
export function chartPng(chart: HTMLCanvasElement, { title, lines, colors }: Picture): string {
  const width = chart.width / devicePixelRatio;
  const perRow = Math.max(1, Math.floor(width / ENTRY_PX));
  // Runs without a look of their own are the grey ones.
  const named = lines.filter(({ look }) => look.marker !== null);
  const more = lines.length - named.length;
  return chartPicture(chart, {
    title: more === 0 ? title : `${title}; grey: ${more} more`,
    colors,
    headPx: TITLE_PX + Math.ceil(named.length / perRow) * ROW_PX + 6,
    marginPx: MARGIN_PX,
    drawLegend(ctx) {
      named.forEach(({ label, look }, index) => {
        const x = MARGIN_PX + (index % perRow) * (width / perRow);
        const y = TITLE_PX + Math.floor(index / perRow) * ROW_PX + 10;
        drawEntry(ctx, { label, look, foreground: colors.foreground, width: width / perRow }, [x, y]);
      });
    },
  });
}

interface Entry {
  readonly label: string;
  readonly look: RunLook;
  readonly foreground: string;
  readonly width: number;
}

function drawEntry(ctx: CanvasRenderingContext2D, entry: Entry, [x, y]: readonly [number, number]): void {
  const { look, label, foreground, width } = entry;
  ctx.strokeStyle = look.color;
  ctx.fillStyle = look.color;
  ctx.lineWidth = 2;
  ctx.stroke(new Path2D(`M${x} ${y}h24`));
  if (look.marker !== null) {
    const path = new Path2D(markerPath(look.marker, [x + 12, y], 3.6));
    ctx.stroke(path);
    if (!isOutline(look.marker)) {
      ctx.fill(path);
    }
  }
  ctx.fillStyle = foreground;
  ctx.fillText(label, x + 30, y + 4, width - 40);
}
