/** Prices in words. What is not known is a question mark, never nothing. */

/** As AWS counts a month: 365 × 24 / 12. */
export const HOURS_PER_MONTH = 730;

/** `$1.006`, `$0.0042`, `?`: four digits that matter, at least two decimals. */
export function formatUsd(amount: number | null): string {
  if (amount === null) {
    return '?';
  }
  const decimals = amount === 0 || amount >= 100 ? 2 : amount >= 1 ? 3 : 4;
  return `$${amount.toFixed(decimals)}`;
}
