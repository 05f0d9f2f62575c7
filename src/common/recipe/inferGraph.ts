/** Follows shapes through a recipe's layers without TensorFlow: the network graph, and the layers that cannot take what reaches them. */
import type { Problem } from '../errors.ts';
import { formatShape } from '../format.ts';
import type { GraphEdge, GraphNode, NetworkGraph, Shape } from '../graph.ts';
import { imageShapeOf } from './dataFiles.ts';
import { layerShape } from './layerShape.ts';
import { INPUT, type NamedLayer } from './nameLayers.ts';
import type { Recipe } from './schema.ts';
import { cutOf } from './sequences.ts';

/** The input shape as far as the recipe tells it: one-hot columns and absent `features` leave the width open. */
export function inputShapeOf(recipe: Recipe): Shape {
  const { features, categorical, lookback, text, sequences } = recipe.data;
  const image = imageShapeOf(recipe.data);
  if (image !== null) {
    return image;
  }
  if (text !== undefined) {
    return [text.length];
  }
  const width = features?.some((name) => categorical.includes(name)) ? null : (features?.length ?? null);
  if (sequences !== undefined) {
    return [cutOf(recipe.data)?.length ?? null, width];
  }
  return lookback === undefined ? [width] : [lookback, width];
}

/**
 * @param inputShape Shape of one row of inputs, `[features]`, `[lookback, features]` or an image's; null dimensions are not known yet.
 * @returns The graph in recipe order, the input first. After the first misfit of a branch, shapes behind it are left open.
 */
export function inferGraph(recipe: Recipe, inputShape: Shape): { graph: NetworkGraph; problems: Problem[] } {
  const shapes = new Map<string, Shape>([[INPUT, inputShape]]);
  const nodes: GraphNode[] = [{ id: INPUT, type: 'input', outputShape: inputShape, parameterCount: 0 }];
  const edges: GraphEdge[] = [];
  const problems: Problem[] = [];
  recipe.model.forEach((layer, index) => {
    const path = `model[${index}].${layer.type}`;
    const inputs = layer.inputs.map((name) => shapes.get(name));
    const known = inputs.filter((shape) => shape !== undefined);
    // A layer behind a misfit is not judged: one mistake, one problem.
    const result = known.length === inputs.length ? layerShape(layer, known) : null;
    if (result !== null && 'misfit' in result) {
      problems.push({ code: 'recipe-shape', path, message: result.misfit, remedy: result.remedy });
    }
    const fits = result !== null && 'shape' in result ? result : null;
    if (fits !== null) {
      shapes.set(layer.name, fits.shape);
    }
    nodes.push(toNode(layer, path, fits));
    edges.push(...layer.inputs.map((from) => ({ from, to: layer.name, shape: shapes.get(from) ?? [null] })));
  });
  problems.push(...unusedLayers(recipe), ...checkOutput(recipe, shapes));
  return { graph: { nodes, edges }, problems };
}

function toNode(
  layer: NamedLayer,
  recipePath: string,
  fits: { shape: Shape; parameters: number | null; detail?: string } | null,
): GraphNode {
  return {
    id: layer.name,
    type: layer.type,
    outputShape: fits?.shape ?? [null],
    parameterCount: fits?.parameters ?? null,
    ...('activation' in layer && layer.activation !== 'linear' ? { activation: layer.activation } : {}),
    ...(fits?.detail === undefined ? {} : { detail: fits.detail }),
    recipePath,
  };
}

function unusedLayers(recipe: Recipe): Problem[] {
  const used = new Set(recipe.model.flatMap((layer) => layer.inputs));
  return recipe.model.slice(0, -1).flatMap((layer, index) =>
    used.has(layer.name)
      ? []
      : [
          {
            code: 'recipe-layer-name' as const,
            path: `model[${index}].${layer.type}`,
            message: `Nothing reads the layer "${layer.name}".`,
            remedy: 'Name it under `inputs` of a later layer, or take it out.',
          },
        ],
  );
}

/** The last layer's output must be one value per target, or one probability per class; over sequences, at every step. */
function checkOutput(recipe: Recipe, shapes: ReadonlyMap<string, Shape>): Problem[] {
  const last = recipe.model.at(-1);
  const shape = last === undefined ? undefined : shapes.get(last.name);
  if (last === undefined || shape === undefined) {
    return [];
  }
  const path = `model[${recipe.model.length - 1}].${last.type}`;
  const { loss } = recipe.train;
  const { target } = recipe.data;
  const problem = (message: string, remedy: string, set?: Problem['set']): Problem[] => [
    { code: 'recipe-shape', path, message, remedy, ...(set === undefined ? {} : { set }) },
  ];
  const units = (value: number) => ('units' in last ? { path: `${path}.units`, value } : undefined);
  const rank = recipe.data.sequences === undefined ? 1 : 2;
  if (rank === 2 && shape.length !== 2) {
    return problem(
      `gives the shape ${formatShape(shape)}, but outputs of every step are needed: [steps, outputs].`,
      'Set returnSequences: true in every recurrent layer, and end with a dense layer.',
      'returnSequences' in last ? { path: `${path}.returnSequences`, value: true } : undefined,
    );
  }
  if (shape.length !== rank) {
    const remedy =
      shape.length === 2
        ? 'Set returnSequences: false in the last recurrent layer, or add flatten.'
        : 'Add flatten and a dense layer.';
    const isSeries = shape.length === 2 && 'returnSequences' in last;
    return problem(
      `gives the shape ${formatShape(shape)}, but one row of outputs is needed.`,
      remedy,
      isSeries ? { path: `${path}.returnSequences`, value: false } : undefined,
    );
  }
  const width = shape.at(-1) ?? null;
  if (loss === 'binaryCrossentropy' && width !== null && width !== 1) {
    return problem(`gives ${width} outputs, but binaryCrossentropy needs 1.`, 'Set units: 1.', units(1));
  }
  if (loss.endsWith('ategoricalCrossentropy') && width !== null && width < 2) {
    return problem(`gives ${width} output, but ${loss} needs one per class.`, 'Set units to the number of classes.');
  }
  if (!loss.endsWith('rossentropy') && width !== null && width !== target.length) {
    return problem(
      `gives ${width} outputs, but there ${target.length === 1 ? 'is 1 target' : `are ${target.length} targets`} (${target.join(', ')}).`,
      `Set units: ${target.length}.`,
      units(target.length),
    );
  }
  return [];
}
