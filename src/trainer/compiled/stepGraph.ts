/** One whole training step as a graph, its batch shared among as many replicas as there are to work side by side. */

import type { GraphNode } from '../tensorflow/protobuf.ts';
import { DTYPE } from '../tensorflow/tensorBytes.ts';
import { createGraphBuilder, FLOAT, type GraphBuilder, INT32 } from './graphBuilder.ts';
import type { GraphFunction } from './graphFunction.ts';
import type { RecordedGradient, RecordedPart } from './recordParts.ts';

/** One replica's share of each batch. */
export interface Share {
  readonly rows: number;
  /** Where it is computed; TensorFlow's choice when null. */
  readonly device: string | null;
}

export interface StepParts {
  /** For batches of as many rows as a share has. */
  readonly gradients: ReadonlyMap<number, RecordedGradient>;
  readonly update: RecordedPart;
  readonly shares: readonly Share[];
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  /** Of the weights that gradients train, then of those that training moves along, then of the optimizer's slots. */
  readonly shapes: {
    readonly trained: readonly (readonly number[])[];
    readonly moved: readonly (readonly number[])[];
    readonly slots: readonly (readonly number[])[];
  };
  readonly scalarCount: number;
  readonly metricNames: readonly string[];
}

/**
 * Functions in the order in which they must be added; the last one is the step: state, inputs, targets, scalars, masks →
 * state, metrics. The masks are those of the whole batch.
 */
export function stepGraph(name: string, parts: StepParts): GraphFunction[] {
  const { gradients, update, shares } = parts;
  const kinds = new Map<string, GraphFunction>();
  const calls = shares.map(({ rows, device }) => {
    const recorded = gradients.get(rows) as RecordedGradient;
    const call = `${name}_gradient_${rows}${device === null ? '' : `_${device.replace(/\W/g, '_')}`}`;
    const nodes = device === null ? recorded.nodes : recorded.nodes.map((node): GraphNode => ({ ...node, device }));
    kinds.set(call, { name: call, nodes, inputs: recorded.inputs, outputs: recorded.outputs });
    return call;
  });
  const updateName = `${name}_update`;
  return [...kinds.values(), { name: updateName, ...update }, { name, ...compose(parts, calls, updateName) }];
}

function compose(parts: StepParts, gradientCalls: readonly string[], updateName: string): Omit<GraphFunction, 'name'> {
  const { shapes, shares, inputShape, targetShape, scalarCount, metricNames } = parts;
  const rows = shares.reduce((sum, share) => sum + share.rows, 0);
  const graph = createGraphBuilder();
  const take = (all: readonly (readonly number[])[]) => all.map((shape) => graph.input(DTYPE.float, shape));
  const [trained, moved, slots] = [take(shapes.trained), take(shapes.moved), take(shapes.slots)];
  const inputs = graph.input(DTYPE.float, [rows, ...inputShape]);
  const targets = graph.input(DTYPE.float, [rows, ...targetShape]);
  const scalars = take(new Array<number[]>(scalarCount).fill([]));
  const masks =
    parts.gradients
      .get(shares[0]?.rows ?? 0)
      ?.masks.map(({ shape }) => ({ shape, name: graph.input(DTYPE.float, [rows, ...shape]) })) ?? [];
  let from = 0;
  const found = shares.map((share, k) => {
    const cut = (x: string, shape: readonly number[]) =>
      shares.length === 1 ? x : cutRows(graph, x, { from, rows: share.rows, shape });
    const outputs = call(graph, gradientCalls[k] ?? '', shapes.trained.length + shapes.moved.length + 1, [
      ...trained,
      ...moved,
      cut(inputs, inputShape),
      cut(targets, targetShape),
      ...masks.map((mask) => cut(mask.name, mask.shape)),
    ]);
    from += share.rows;
    return { outputs, weight: share.rows / rows };
  });
  const joined = joinShares(graph, found, metricNames);
  const gradients = joined.slice(0, shapes.trained.length);
  const updated = call(graph, updateName, shapes.trained.length + shapes.slots.length, [
    ...trained,
    ...slots,
    ...gradients,
    ...scalars,
  ]);
  const ends = [
    ...updated.slice(0, shapes.trained.length),
    ...joined.slice(shapes.trained.length, -1),
    ...updated.slice(shapes.trained.length),
    ...joined.slice(-1),
  ].map((end) => `${graph.add('Identity', [end], { T: FLOAT })}:0`);
  return {
    nodes: graph.nodes,
    inputs: [...trained, ...moved, ...slots, inputs, targets, ...scalars, ...masks.map((mask) => mask.name)],
    outputs: ends,
  };
}

/** @returns Names of the outputs. */
function call(graph: GraphBuilder, name: string, outputCount: number, inputs: readonly string[]): string[] {
  const node = graph.add('PartitionedCall', inputs, {
    Tin: { types: new Array<number>(inputs.length).fill(DTYPE.float) },
    Tout: { types: new Array<number>(outputCount).fill(DTYPE.float) },
    f: { func: name },
  });
  return Array.from({ length: outputCount }, (_, i) => (i === 0 ? node : `${node}:${i}`));
}

function cutRows(
  graph: GraphBuilder,
  x: string,
  { from, rows, shape }: { readonly from: number; readonly rows: number; readonly shape: readonly number[] },
): string {
  const rank = shape.length + 1;
  const begin = graph.ints([rank], [from, ...shape.map(() => 0)]);
  const size = graph.ints([rank], [rows, ...shape]);
  return graph.add('Slice', [x, begin, size], { T: FLOAT, Index: INT32 });
}

interface Found {
  readonly outputs: readonly string[];
  /** Its part of the rows. */
  readonly weight: number;
}

/** Means over the whole batch from the means over the shares; a root is taken after the mean, as over the whole batch. */
function joinShares(graph: GraphBuilder, found: readonly Found[], metricNames: readonly string[]): readonly string[] {
  const [only] = found;
  if (only === undefined || found.length === 1) {
    return only?.outputs ?? [];
  }
  const weights = found.map(({ weight }) => graph.float(weight));
  const mean = (parts: readonly string[]) => {
    const weighted = parts.map((part, k) => graph.add('Mul', [part, weights[k] ?? ''], { T: FLOAT }));
    return graph.add('AddN', weighted, { T: FLOAT, N: { int: weighted.length } });
  };
  const isRoot = graph.bools(metricNames.map((name) => name === 'rmse'));
  const square = (x: string) =>
    graph.add('SelectV2', [isRoot, graph.add('Square', [x], { T: FLOAT }), x], { T: FLOAT });
  const root = (x: string) => graph.add('SelectV2', [isRoot, graph.add('Sqrt', [x], { T: FLOAT }), x], { T: FLOAT });
  const last = only.outputs.length - 1;
  return only.outputs.map((_, i) => {
    const parts = found.map(({ outputs }) => outputs[i] ?? '');
    return i === last ? root(mean(parts.map(square))) : mean(parts);
  });
}
