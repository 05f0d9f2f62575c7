/** What a run saves beside its network, so that new rows can be fed to it. */
import type { NetworkGraph } from '../../common/graph.ts';
import { SCALE_RULE, SIDECAR_VERSION, type Sidecar } from '../../common/model/sidecar.ts';
import { dataTitle } from '../../common/recipe/dataFiles.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { PreparedData } from '../data/prepareData.ts';
import type { Scaler } from '../data/scaler.ts';

export function describeModel(recipe: Recipe, data: PreparedData, graph: NetworkGraph): Sidecar {
  const { inputs, targets } = data;
  const { lookback, horizon, unit } = recipe.data;
  const window = lookback === undefined ? null : { lookback, horizon };
  return {
    version: SIDECAR_VERSION,
    name: recipe.name,
    source: { kind: 'run', files: [dataTitle(recipe.data)] },
    inputs: {
      encoding: 'columns',
      names: [...inputs.names],
      categories: Object.fromEntries(Object.entries(inputs.categories).map(([name, words]) => [name, [...words]])),
      ...toLists(inputs.scaler),
      columns: [...inputs.columns],
      window,
      // Rows that are samples by themselves may come in any order.
      time: window === null ? null : data.timeColumn,
    },
    targets: {
      names: [...targets.names],
      classes: targets.classes === null ? null : [...targets.classes],
      ...toLists(targets.scaler),
      ...(unit === undefined ? {} : { unit }),
    },
    states: [],
    graph: toPlainGraph(graph),
    rule: SCALE_RULE,
  };
}

const toLists = ({ kind, offset, factor }: Scaler) => ({ kind, offset: [...offset], factor: [...factor] });

/** Without the places in the recipe, which does not lie in the model folder. */
function toPlainGraph({ nodes, edges }: NetworkGraph): NonNullable<Sidecar['graph']> {
  return {
    nodes: nodes.map(({ recipePath: _, outputShape, ...node }) => ({ ...node, outputShape: [...outputShape] })),
    edges: edges.map((edge) => ({ ...edge, shape: [...edge.shape] })),
  };
}
