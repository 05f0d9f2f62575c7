/** The network with the width of its input, once the columns of the data are known. */
import type { NetworkGraph } from '../../graph.ts';
import { inferGraph, inputShapeOf } from '../inferGraph.ts';
import { inputColumns } from '../inputColumns.ts';
import type { ParsedRecipe } from '../parse.ts';
import type { Recipe } from '../schema.ts';

/** Falls back to the open width where words are turned into one-hot inputs, whose number the header does not tell. */
export function dataGraph({ recipe, graph }: ParsedRecipe, columns: readonly string[] | null): NetworkGraph | null {
  const shape = recipe === null ? [] : inputShapeOf(recipe);
  const width = recipe === null || columns === null ? null : widthOf(recipe, columns);
  return recipe === null || width === null || shape.at(-1) !== null
    ? graph
    : inferGraph(recipe, [...shape.slice(0, -1), width]).graph;
}

function widthOf({ data }: Recipe, columns: readonly string[]): number | null {
  const inputs = inputColumns(data, columns);
  const isPlain = inputs.length > 0 && inputs.every((name) => !data.categorical.includes(name));
  return isPlain ? inputs.length : null;
}
