/** A chart as a picture of its own: title and legend written above it, on the theme's paper. */

export interface ChartPicture {
  readonly title: string;
  readonly colors: { readonly paper: string; readonly foreground: string };
  /** Room above the chart for title and legend. */
  readonly headPx: number;
  readonly marginPx: number;
  /** Below the title; in pixels of the page, with the legend's type and the colour of words set. */
  drawLegend(ctx: CanvasRenderingContext2D): void;
}

/** @returns Base64 of a PNG, as fine as the screen shows the chart. */
export function chartPicture(chart: HTMLCanvasElement, picture: ChartPicture): string {
  const { title, colors, headPx, marginPx } = picture;
  const ratio = devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = chart.width + 2 * marginPx * ratio;
  canvas.height = chart.height + (headPx + marginPx) * ratio;
  const ctx = canvas.getContext('2d');
  if (ctx === null) {
    return '';
  }
  ctx.fillStyle = colors.paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(chart, marginPx * ratio, headPx * ratio);
  ctx.scale(ratio, ratio);
  const { fontFamily } = getComputedStyle(document.body);
  ctx.fillStyle = colors.foreground;
  ctx.font = `600 13px ${fontFamily}`;
  ctx.fillText(title, marginPx, 20);
  ctx.font = `12px ${fontFamily}`;
  picture.drawLegend(ctx);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
