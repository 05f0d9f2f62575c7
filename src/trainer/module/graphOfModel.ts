/** The graph of a model that a module built: a node for each time that a layer is applied. */
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { GraphEdge, GraphNode, NetworkGraph, Shape } from '../../common/graph.ts';
import { MODULE_FIELD } from '../../common/recipe/modelSchema.ts';
import { INPUT } from '../../common/recipe/nameLayers.ts';
import { activationOf, layersWithin, layerType, type TfLayer } from './layerWords.ts';

/** TensorFlow.js's record of one application of a layer. */
interface Application {
  readonly outboundLayer: TfLayer;
  readonly inboundLayers: readonly TfLayer[];
  readonly nodeIndices: readonly number[];
  readonly outputShapes: readonly Shape[];
}

/** @param labels Layer name → name in the graph. */
export function graphOfModel(model: LayersModel, labels: ReadonlyMap<string, string>): NetworkGraph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const ids = new Map<Application, string>();
  const times = new Map<TfLayer, number>();
  const visit = (application: Application): string => {
    const known = ids.get(application);
    if (known !== undefined) {
      return known;
    }
    const sources = sourcesOf(application);
    const from = sources.map(visit);
    const layer = application.outboundLayer;
    const time = (times.get(layer) ?? 0) + 1;
    times.set(layer, time);
    const label = labels.get(layer.name) ?? layer.name;
    const id = sources.length === 0 ? INPUT : time === 1 ? label : `${label} (${time})`;
    ids.set(application, id);
    nodes.push(toNode(application, id, time));
    from.forEach((source, index) => {
      edges.push({ from: source, to: id, shape: shapeOf(sources[index]) });
    });
    return id;
  };
  visit(applicationOf(model.outputs[0] as SymbolicTensor));
  return { nodes, edges };
}

/** The application that gives this tensor. */
export function applicationOf({ sourceLayer, nodeIndex }: SymbolicTensor): Application {
  return (sourceLayer as unknown as { inboundNodes: Application[] }).inboundNodes[nodeIndex] as Application;
}

function sourcesOf({ inboundLayers, nodeIndices }: Application): Application[] {
  return inboundLayers.map(
    (layer, index) =>
      (layer as unknown as { inboundNodes: Application[] }).inboundNodes[nodeIndices[index] ?? 0] as Application,
  );
}

/** Without the batch dimension. */
function shapeOf(application: Application | undefined): Shape {
  return (application?.outputShapes[0] ?? []).slice(1);
}

function toNode(application: Application, id: string, time: number): GraphNode {
  const layer = application.outboundLayer;
  const outputShape = shapeOf(application);
  if (id === INPUT) {
    return { id, type: INPUT, outputShape, parameterCount: 0 };
  }
  const activation = activationOf(layer);
  const within = layersWithin(layer).length - 1;
  const detail = time > 1 ? 'the same weights' : within > 0 ? `${within} layers within` : null;
  return {
    id,
    type: layerType(layer),
    outputShape,
    parameterCount: time > 1 ? 0 : layer.countParams(),
    ...(activation === undefined ? {} : { activation }),
    ...(detail === null ? {} : { detail }),
    recipePath: MODULE_FIELD,
  };
}
