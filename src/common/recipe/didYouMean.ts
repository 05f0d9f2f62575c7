/** Finds the word a person most likely meant. */

/** The nearest of `words` by edit distance, or null when none is near (more than a third of the letters differ). */
export function didYouMean(typed: string, words: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(Math.max(typed.length, 3) / 3));
  const scored = words.map((word) => ({ word, distance: editDistance(typed.toLowerCase(), word.toLowerCase()) }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= limit ? best.word : null;
}

/** Levenshtein's distance: insertions, deletions and replacements of one letter each. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
