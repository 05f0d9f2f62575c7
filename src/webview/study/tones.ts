/** The colour of a trial by how good it is: a few steps, which the style sheet mixes from the theme's colours. */

const TONES = 8;

/** All names, from the best to the worst. */
export const toneNames: readonly string[] = Array.from({ length: TONES }, (_, index) => `tone${index}`);

/** @param goodness 0 the best, 1 the worst; undefined: no value yet. */
export function toneOf(goodness: number | undefined): string {
  return goodness === undefined ? 'untold' : `tone${Math.min(TONES - 1, Math.floor(goodness * TONES))}`;
}
