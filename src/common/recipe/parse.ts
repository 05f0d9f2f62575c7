/** Reads a recipe's text: all that is wrong with it, each with its line, or the recipe ready to train. */
import type { Problem, SourceRange } from '../errors.ts';
import { checkTraining } from './checkTraining.ts';
import { checkTune } from './checkTune.ts';
import { inferGraph, inputShapeOf } from './inferGraph.ts';
import { issueProblems } from './issueProblems.ts';
import { toJsonSchema } from './jsonSchema.ts';
import { nameLayers } from './nameLayers.ts';
import { fillParams } from './params.ts';
import { type Recipe, recipeSchema } from './schema.ts';
import { type RecipeSource, readSource } from './source.ts';

export interface ParsedRecipe {
  /** Null when there are problems. */
  readonly recipe: Recipe | null;
  readonly problems: Problem[];
  /** Place of a field in the text, or of the nearest field around it. */
  locate(path: string): SourceRange | null;
  /** The deepest field on a line (from 1), or null. */
  pathAt(line: number): string | null;
}

/** Never throws for bad input: whatever is wrong is in `problems`, several at once. */
export function parseRecipe(text: string): ParsedRecipe {
  const source = readSource(text);
  const { recipe, problems } =
    source.problems.length > 0 ? { recipe: null, problems: source.problems } : check(source.value);
  return {
    recipe: problems.length === 0 ? recipe : null,
    problems: problems.map((problem) => place(problem, source)).sort(byPlace),
    locate: source.locate,
    pathAt: source.pathAt,
  };
}

function check(value: unknown): { recipe: Recipe | null; problems: Problem[] } {
  const filled = fillParams(value);
  const parsed = recipeSchema.safeParse(filled.value);
  if (!parsed.success) {
    const unknown = new Set(filled.problems.map((problem) => problem.path));
    const issues = issueProblems(parsed.error.issues, filled.value, toJsonSchema());
    // A `$name` without a value also has the wrong type; once is enough.
    return { recipe: null, problems: [...filled.problems, ...issues.filter((problem) => !unknown.has(problem.path))] };
  }
  const named = nameLayers(parsed.data.model);
  const recipe = { ...parsed.data, model: named.layers };
  const graph = named.problems.length === 0 ? inferGraph(recipe, inputShapeOf(recipe)).problems : [];
  const problems = [...filled.problems, ...named.problems, ...graph, ...checkTraining(recipe)];
  const { tune } = recipe;
  // Whether a value can be taken is only told apart from the recipe's own faults where it has none.
  return problems.length > 0 || tune === undefined
    ? { recipe, problems }
    : {
        recipe,
        problems: checkTune({ recipe, tune, raw: value as object as Record<string, unknown>, check: faultsOf }),
      };
}

const faultsOf = (value: unknown): Problem[] => check(value).problems;

function place(problem: Problem, source: RecipeSource): Problem {
  const range =
    problem.range ??
    (problem.code === 'recipe-unknown-key' ? source.locateKey(problem.path) : source.locate(problem.path));
  return range === null ? problem : { ...problem, range };
}

function byPlace(a: Problem, b: Problem): number {
  return (a.range?.line ?? 0) - (b.range?.line ?? 0) || (a.range?.column ?? 0) - (b.range?.column ?? 0);
}
