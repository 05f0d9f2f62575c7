/** Dollars as people read them. A price that is not known is a dash and never nothing. */

/** `$0.53`, `$0.042`, `$32.77`, `$1,204`; an em dash for null. */
export function dollars(usd: number | null): string {
  if (usd === null || !Number.isFinite(usd)) {
    return '—';
  }
  const size = Math.abs(usd);
  const sign = usd < 0 ? '−' : '';
  if (size >= 999.995) {
    return `${sign}$${Math.round(size).toLocaleString('en-US')}`;
  }
  return `${sign}$${size === 0 || size >= 0.0995 ? size.toFixed(2) : size.toPrecision(2)}`;
}

/** `$0.53/h`. */
export function dollarsPerHour(usd: number | null): string {
  return usd === null ? '—' : `${dollars(usd)}/h`;
}
