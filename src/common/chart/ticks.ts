/** Labels of a vertical axis. */

/** Whole below 100,000 and down to a thousandth, as a power of ten beyond. */
export function shortTick(tick: number): string {
  const size = Math.abs(tick);
  const isFar = size !== 0 && (size >= 1e5 || size < 1e-3);
  // Ticks are round numbers: what toPrecision adds is noise of the division.
  const text = Number(tick.toPrecision(6));
  return isFar ? text.toExponential().replace('e+', 'e') : text.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

export type AxisScale = 'linear' | 'log';

/**
 * Round numbers within a range: 1, 2 or 5 times a power of ten apart, or whole powers on a logarithmic axis.
 *
 * @param most About how many; one or two more where the steps fall so.
 */
export function roundTicks(min: number, max: number, scale: AxisScale, most = 5): number[] {
  if (!(max > min)) {
    return [min];
  }
  return scale === 'log' && min > 0 ? powersOfTen(min, max, most) : evenTicks(min, max, most);
}

function evenTicks(min: number, max: number, most: number): number[] {
  const step = roundStep((max - min) / most);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= least * (1 - 1e-9)) ?? power;
}

function powersOfTen(min: number, max: number, most: number): number[] {
  const [low, high] = [Math.ceil(Math.log10(min) - 1e-9), Math.floor(Math.log10(max) + 1e-9)];
  if (high - low < 1) {
    return evenTicks(min, max, most);
  }
  const stride = Math.ceil((high - low + 1) / most);
  return Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, index) => 10 ** (low + index * stride));
}
