/** What a machine runs when it first starts: Skillet's guard, and the profile's own script. */
import { guardUserData } from './guardUserData.ts';
import type { LaunchProfile } from './launchProfile.ts';

/** @param own The profile's own script, from itself or its file; empty for none. @throws {SkilletError} It is too long. */
export function combineUserData({ guard }: Pick<LaunchProfile, 'guard'>, own: string): string {
  return guardUserData({ guard, userData: own });
}
