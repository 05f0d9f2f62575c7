/** What a run saves beside its network, so that new rows can be fed to it. */
import type { NetworkGraph } from '../../common/graph.ts';
import {
  type InputColumn,
  type ModuleSource,
  type Sample,
  SCALE_RULE,
  SIDECAR_VERSION,
  type Sidecar,
  type SidecarInputs,
} from '../../common/model/sidecar.ts';
import { dataTitle } from '../../common/recipe/dataFiles.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import { groupedOf } from '../../common/recipe/sequences.ts';
import type { PreparedData } from '../data/prepareData.ts';
import type { Scaler } from '../data/scaler.ts';

/** @param module Null where the recipe lists its layers. */
export function describeModel(
  recipe: Recipe,
  data: PreparedData,
  { graph, module }: { readonly graph: NetworkGraph; readonly module: ModuleSource | null },
): Sidecar {
  const { targets } = data;
  const { unit, difference } = recipe.data;
  return {
    version: SIDECAR_VERSION,
    name: recipe.name,
    source: { kind: 'run', files: [dataTitle(recipe.data)] },
    inputs: describeInputs(recipe, data),
    targets: {
      names: [...targets.names],
      classes: targets.classes === null ? null : [...targets.classes],
      ...toLists(targets.scaler),
      ...(difference === undefined ? {} : { difference }),
      ...(unit === undefined ? {} : { unit }),
    },
    states: [],
    ...(module === null ? {} : { module }),
    graph: toPlainGraph(graph),
    rule: SCALE_RULE,
  };
}

function describeInputs(recipe: Recipe, data: PreparedData): SidecarInputs {
  const { inputs, timeColumn } = data;
  if (inputs.text !== undefined) {
    const { rule, vocabulary, example } = inputs.text;
    const { column, by, standardize, length } = rule;
    return { encoding: 'texts', column, by, standardize, length, tokens: [...vocabulary.tokens], example };
  }
  const sample = sampleOf(recipe, data);
  return {
    encoding: 'columns',
    names: [...inputs.names],
    categories: Object.fromEntries(Object.entries(inputs.categories).map(([name, words]) => [name, [...words]])),
    ...toLists(inputs.scaler),
    columns: inputs.columns.map((column) => withDifference(column, recipe)),
    sample,
    // Rows that are samples by themselves may come in any order.
    time: sample.kind === 'row' ? null : (timeColumn ?? recipe.data.time?.column ?? null),
  };
}

function sampleOf({ data: settings }: Recipe, { train }: PreparedData): Sample {
  const { lookback, horizon, sequences } = settings;
  const grouped = groupedOf(settings);
  if (grouped !== null) {
    return { kind: 'sequence', by: grouped.by, output: grouped.output };
  }
  if (sequences !== undefined) {
    return { kind: 'series' };
  }
  return lookback === undefined ? { kind: 'row', shape: [...train.inputShape] } : { kind: 'window', lookback, horizon };
}

/** Where the recipe takes differences, the targets among the inputs are their changes. */
function withDifference(column: InputColumn, { data: { difference, target } }: Recipe): InputColumn {
  return column.kind === 'number' && difference !== undefined && target.includes(column.name)
    ? { ...column, difference }
    : column;
}

const toLists = ({ kind, offset, factor }: Scaler) => ({ kind, offset: [...offset], factor: [...factor] });

/** Without the places in the recipe, which does not lie in the model folder. */
export function toPlainGraph({ nodes, edges }: NetworkGraph): NonNullable<Sidecar['graph']> {
  return {
    nodes: nodes.map(({ recipePath: _, outputShape, ...node }) => ({ ...node, outputShape: [...outputShape] })),
    edges: edges.map((edge) => ({ ...edge, shape: [...edge.shape] })),
  };
}
