/** Where a run is trained, in words. */
import type { BackendChoice } from './events.ts';

/** What follows the backend's name, for example ` (compiled steps) on CPU (AMD EPYC, 2 cores), 1 thread`. */
export function describeBackend({ device, execution }: BackendChoice): string {
  return `${execution === 'compiled' ? ' (compiled steps)' : ''} on ${device}`;
}
