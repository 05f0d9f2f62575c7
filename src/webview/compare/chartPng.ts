/** A chart of several runs as a picture of its own: title and legend written above it, on the theme's paper. */
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

/** @returns Base64 of a PNG, as fine as the screen shows the chart. */
export function chartPng(chart: HTMLCanvasElement, { title, lines, colors }: Picture): string {
  const ratio = devicePixelRatio;
  const width = chart.width / ratio;
  const perRow = Math.max(1, Math.floor(width / ENTRY_PX));
  // Runs without a look of their own are the grey ones.
  const named = lines.filter(({ look }) => look.marker !== null);
  const head = TITLE_PX + Math.ceil(named.length / perRow) * ROW_PX + 6;
  const canvas = document.createElement('canvas');
  canvas.width = chart.width + 2 * MARGIN_PX * ratio;
  canvas.height = chart.height + (head + MARGIN_PX) * ratio;
  const ctx = canvas.getContext('2d');
  if (ctx === null) {
    return '';
  }
  ctx.fillStyle = colors.paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(chart, MARGIN_PX * ratio, head * ratio);
  ctx.scale(ratio, ratio);
  const { fontFamily } = getComputedStyle(document.body);
  ctx.fillStyle = colors.foreground;
  ctx.font = `600 13px ${fontFamily}`;
  const more = lines.length - named.length;
  ctx.fillText(more === 0 ? title : `${title}; grey: ${more} more`, MARGIN_PX, 20);
  ctx.font = `12px ${fontFamily}`;
  named.forEach(({ label, look }, index) => {
    const x = MARGIN_PX + (index % perRow) * (width / perRow);
    drawEntry(ctx, { label, look, foreground: colors.foreground, width: width / perRow }, [
      x,
      TITLE_PX + Math.floor(index / perRow) * ROW_PX + 10,
    ]);
  });
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
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
