/** One image, drawn pixel by pixel: grey ones as ink in the theme's own colour, colour ones as they are. */
import { useEffect, useRef } from 'preact/hooks';
import { onThemeChange } from '../charts/chartColors.ts';

export interface PictureProps {
  /** Row-major, channels side by side, 0 to 1. */
  readonly pixels: readonly number[];
  /** [height, width, channels] */
  readonly shape: readonly number[];
  /** For those who cannot see it. */
  readonly label: string;
}

/** About as wide as this, in whole screen pixels for each of the image's. */
const WIDTH = 80;

export function Picture({ pixels, shape, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height = 1, width = 1, channels = 1] = shape;
  useEffect(() => {
    const draw = () => {
      if (canvas.current !== null) {
        paint(canvas.current, pixels, channels);
      }
    };
    draw();
    return onThemeChange(draw);
  }, [pixels, channels]);
  const scale = Math.max(1, Math.round(WIDTH / width));
  return (
    <canvas
      ref={canvas}
      class="picture"
      width={width}
      height={height}
      style={{ width: `${width * scale}px`, height: `${height * scale}px` }}
      role="img"
      aria-label={label}
    />
  );
}

function paint(canvas: HTMLCanvasElement, pixels: readonly number[], channels: number): void {
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  const ink = channels === 3 ? null : inkOf(canvas);
  const image = context.createImageData(canvas.width, canvas.height);
  for (let place = 0; place < canvas.width * canvas.height; place += 1) {
    const value = (channel: number) => Math.round(255 * (pixels[place * channels + channel] ?? 0));
    image.data.set(ink === null ? [value(0), value(1), value(2), 255] : [...ink, value(0)], place * 4);
  }
  context.putImageData(image, 0, 0);
}

/** Red, green and blue of the text around it. */
function inkOf(canvas: HTMLCanvasElement): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(canvas).color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
