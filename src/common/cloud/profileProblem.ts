/** Problems of a launch profile. */
import type { Problem } from '../errors.ts';

/** A fault that keeps the profile from being launched. */
export function wrong(path: string, message: string, remedy: string): Problem {
  return { code: 'cloud-profile', path, message, remedy };
}

/** What a person should know before launching; it refuses nothing. */
export function warn(path: string, message: string, remedy: string): Problem {
  return { code: 'cloud-profile', path, message, remedy, severity: 'warning' };
}

/** Whether it keeps the profile from being launched. */
export function isFault({ severity }: Problem): boolean {
  return severity !== 'warning';
}
