/** Reads a recipe's text: all that is wrong with it, each with its line, or the recipe ready to train. */
import type { Problem, SourceRange } from '../errors.ts';
import type { NetworkGraph } from '../graph.ts';
import { checkData } from './checkData.ts';
import { checkTraining } from './checkTraining.ts';
import { checkTune } from './checkTune.ts';
import { inferGraph, inputShapeOf } from './inferGraph.ts';
import { issueProblems } from './issueProblems.ts';
import { LANGUAGE } from './jsonSchema.ts';
import { fixesFor } from './language/fixes.ts';
import { fromSource } from './language/recipeText.ts';
import { nameLayers } from './nameLayers.ts';
import { fillParams } from './params.ts';
import { type Recipe, recipeSchema } from './schema.ts';
import { type RecipeSource, readSource } from './source.ts';

export interface ParsedRecipe {
  /** Null when there are problems. */
  readonly recipe: Recipe | null;
  readonly problems: Problem[];
  /** The network as far as it can be told, also of a recipe whose parts do not fit; null where its words are wrong. */
  readonly graph: NetworkGraph | null;
  /** Place of a field in the text, or of the nearest field around it. */
  locate(path: string): SourceRange | null;
  /** The deepest field on a line (from 1), or null. */
  pathAt(line: number): string | null;
}

/** Never throws for bad input: whatever is wrong is in `problems`, several at once. */
export function parseRecipe(text: string): ParsedRecipe {
  return parseSource(readSource(text));
}

/** The same of a source that is read already. */
export function parseSource(source: RecipeSource): ParsedRecipe {
  const { recipe, problems, graph } =
    source.problems.length > 0 ? { recipe: null, problems: source.problems, graph: null } : check(source.value);
  return {
    graph,
    recipe: problems.length === 0 ? recipe : null,
    problems: placeAll(problems, source),
    locate: source.locate,
    pathAt: source.pathAt,
  };
}

interface Checked {
  readonly recipe: Recipe | null;
  readonly problems: Problem[];
  readonly graph: NetworkGraph | null;
}

function check(value: unknown): Checked {
  const filled = fillParams(value);
  const parsed = recipeSchema.safeParse(filled.value);
  if (!parsed.success) {
    const unknown = new Set(filled.problems.map((problem) => problem.path));
    const issues = issueProblems(parsed.error.issues, filled.value, LANGUAGE);
    // A `$name` without a value also has the wrong type; once is enough.
    const problems = [...filled.problems, ...issues.filter((problem) => !unknown.has(problem.path))];
    return { recipe: null, graph: null, problems };
  }
  const { model, ...others } = parsed.data;
  const isList = Array.isArray(model);
  const named = nameLayers(isList ? model : []);
  const recipe = { ...others, model: named.layers, module: isList ? null : model.module };
  const inferred = isList && named.problems.length === 0 ? inferGraph(recipe, inputShapeOf(recipe)) : null;
  const graph = inferred?.graph ?? null;
  const problems = [
    ...filled.problems,
    ...named.problems,
    ...checkData(recipe),
    ...(inferred?.problems ?? []),
    ...checkTraining(recipe),
  ];
  const { tune } = recipe;
  // Whether a value can be taken is only told apart from the recipe's own faults where it has none.
  return problems.length > 0 || tune === undefined
    ? { recipe, graph, problems }
    : { recipe, graph, problems: checkTune({ recipe, tune, raw: value as Record<string, unknown>, check: faultsOf }) };
}

/** With their places in the text and, where there is one, what would mend them. */
function placeAll(problems: readonly Problem[], source: RecipeSource): Problem[] {
  const text = problems.length === 0 ? null : fromSource(source);
  const placed = problems.map((problem) => place(problem, source)).sort(byPlace);
  return placed.map((problem) => {
    const [fix] = text === null ? [] : fixesFor(text, problem);
    return fix === undefined ? problem : { ...problem, fix };
  });
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
