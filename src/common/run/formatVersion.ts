/** What is said of runs that a newer Skillet has written. */
import { RUN_FORMAT_VERSION } from './events.ts';

/** @param version Of the run's latest launch; null where none was read. @returns A whole sentence; null where there is nothing to say. */
export function newerFormat(version: number | null): string | null {
  return version === null || version <= RUN_FORMAT_VERSION
    ? null
    : `was made by a newer Skillet (format ${version}; this one reads up to ${RUN_FORMAT_VERSION}): what it has that is new cannot be shown.`;
}
