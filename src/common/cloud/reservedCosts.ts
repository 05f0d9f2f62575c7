/** What a term bought beforehand costs, beside paying by the hour. */
import type { ReservedOffering } from './offer.ts';
import { HOURS_PER_MONTH } from './priceText.ts';

export interface ReservedCosts {
  /** All that is owed for the whole term, used or not, for one machine. */
  readonly committedUsd: number;
  /** Hours of use a month from which the term is cheaper; null where on demand has no known price, or never. */
  readonly breakEvenHoursPerMonth: number | null;
  /** Over the term at the expected hours; below zero it is a loss. Null where on demand has no known price. */
  readonly savingUsd: number | null;
}

/** @param hoursPerMonth How long the machine will run in a month, from 0 to 730. */
export function reservedCosts(
  offering: ReservedOffering,
  onDemandPerHourUsd: number | null,
  hoursPerMonth: number,
): ReservedCosts {
  const { termMonths, upfrontUsd, recurringPerHourUsd } = offering;
  const committedUsd = upfrontUsd + recurringPerHourUsd * HOURS_PER_MONTH * termMonths;
  if (onDemandPerHourUsd === null || onDemandPerHourUsd <= 0) {
    return { committedUsd, breakEvenHoursPerMonth: null, savingUsd: null };
  }
  const breakEven = committedUsd / termMonths / onDemandPerHourUsd;
  return {
    committedUsd,
    breakEvenHoursPerMonth: breakEven > HOURS_PER_MONTH ? null : breakEven,
    savingUsd: onDemandPerHourUsd * hoursPerMonth * termMonths - committedUsd,
  };
}
