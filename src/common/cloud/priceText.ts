/** Prices in words. What is not known is a question mark, never nothing. */

/** As AWS counts a month: 365 × 24 / 12. */
export const HOURS_PER_MONTH = 730;

/** `$1.006`, `$0.0042`, `$32.77`, `?`: what matters of a price for an hour, cents of all that is more. */
export function formatUsd(amount: number | null): string {
  if (amount === null) {
    return '?';
  }
  const decimals = amount === 0 || amount >= 10 ? 2 : amount >= 1 ? 3 : 4;
  return `$${amount.toFixed(decimals)}`;
}
