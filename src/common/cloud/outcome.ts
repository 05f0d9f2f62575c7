/** Which faults leave open whether a provider has done what it was asked. */
import type { ErrorCode } from '../errorCodes.ts';

const UNKNOWN: readonly ErrorCode[] = ['cloud-unfinished', 'cloud-network', 'cloud-unavailable', 'internal'];

/** After such a fault a launch is tried again with the same token, and never with a new one. */
export function isOutcomeOpen(code: ErrorCode): boolean {
  return UNKNOWN.includes(code);
}
