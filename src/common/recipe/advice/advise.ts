/** All advice on a recipe: what trains, but probably not as it was meant. */
import type { DataProfile } from '../../data/profile.ts';
import type { Problem } from '../../errors.ts';
import type { ParsedRecipe } from '../parse.ts';
import type { Recipe } from '../schema.ts';
import { adviseClasses } from './classAdvice.ts';
import { adviseColumns } from './columnAdvice.ts';
import { type Facts, factsOf } from './facts.ts';
import { adviseLayers } from './layerAdvice.ts';
import { adviseLeaks } from './leakAdvice.ts';
import { adviseOutput, adviseScaledOutput } from './outputAdvice.ts';
import { adviseScale } from './scaleAdvice.ts';
import { adviseSize } from './sizeAdvice.ts';
import { adviseTestShare } from './testAdvice.ts';
import { adviseTraining } from './trainingAdvice.ts';

const RECIPE_RULES: readonly ((recipe: Recipe) => Problem[])[] = [adviseLayers, adviseTraining, adviseScaledOutput];

const DATA_RULES: readonly ((facts: Facts) => Problem[])[] = [
  adviseColumns,
  adviseScale,
  adviseOutput,
  adviseSize,
  adviseLeaks,
  adviseClasses,
  adviseTestShare,
];

/**
 * A recipe with errors gets no advice: they come first.
 *
 * @param text Of the recipe; its comments `# skillet: ignore <code>` are obeyed.
 * @param profile Of the data file; null leaves the rules out that need it.
 * @returns Warnings, each with its line, in the order of the lines.
 */
export function advise(text: string, parsed: ParsedRecipe, profile: DataProfile | null): Problem[] {
  const { recipe, locate } = parsed;
  if (recipe === null) {
    return [];
  }
  const facts = profile === null ? null : factsOf(recipe, profile);
  const all = [
    ...RECIPE_RULES.flatMap((rule) => rule(recipe)),
    ...(facts === null ? [] : DATA_RULES.flatMap((rule) => rule(facts))),
  ];
  const ignored = ignoredCodes(text);
  return all
    .filter(({ code }) => !ignored.has(code))
    .map((problem) => {
      const range = locate(problem.path);
      return range === null ? problem : { ...problem, range };
    })
    .sort((a, b) => (a.range?.line ?? 0) - (b.range?.line ?? 0) || (a.range?.column ?? 0) - (b.range?.column ?? 0));
}

/** `# skillet: ignore small-test, id-column` switches rules off for the whole recipe; diagnoses of its runs too. */
export function ignoredCodes(text: string): ReadonlySet<string> {
  const comments = text.matchAll(/#\s*skillet:\s*ignore\s+([a-z-]+(?:[\s,]+[a-z-]+)*)/g);
  return new Set([...comments].flatMap(([, codes = '']) => codes.split(/[\s,]+/)));
}
