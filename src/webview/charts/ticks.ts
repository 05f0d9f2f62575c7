/** Labels of a vertical axis. */

/** Whole below 100,000 and down to a thousandth, as a power of ten beyond. */
export function shortTick(tick: number): string {
  const size = Math.abs(tick);
  const isFar = size !== 0 && (size >= 1e5 || size < 1e-3);
  // Ticks are round numbers: what toPrecision adds is noise of the division.
  const text = Number(tick.toPrecision(6));
  return isFar ? text.toExponential().replace('e+', 'e') : text.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
