/** What a machine runs when it first starts: Skillet's part, and the profile's own script. */
import type { LaunchProfile } from './launchProfile.ts';

/** AWS's limit, before it is encoded. */
export const MOST_USER_DATA_BYTES = 16_384;

/** @param own The profile's own script, from itself or its file; empty for none. */
export function combineUserData(_profile: LaunchProfile, own: string): string {
  return own;
}

/** Length in UTF-8. */
export function bytesOf(text: string): number {
  return [...text].reduce((sum, letter) => {
    const point = letter.codePointAt(0) ?? 0;
    return sum + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);
  }, 0);
}
