/** Gives each word of a choice its meaning, which hovers, completion and the reference page show. */
import type { z } from 'zod';

/** `enumDescriptions` is the name that VS Code's JSON support reads. */
export function described<E extends z.ZodEnum>(words: E, meanings: Readonly<Record<z.output<E>, string>>): E {
  return words.meta({ enumDescriptions: words.options.map((word) => meanings[word as z.output<E>]) }) as E;
}
