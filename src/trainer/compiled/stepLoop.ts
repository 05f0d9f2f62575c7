/** The graph that takes as many steps as it is asked for at one call: it picks the rows of each batch itself. */

import type { AttributeValue } from '../tensorflow/protobuf.ts';
import { DTYPE } from '../tensorflow/tensorBytes.ts';
import { BOOL, createGraphBuilder, FLOAT, type GraphBuilder, INT32 } from './graphBuilder.ts';
import type { GraphFunction } from './graphFunction.ts';

/** The step that goes round; see `stepGraph`. */
export interface LoopStep {
  readonly name: string;
  readonly stateShapes: readonly (readonly number[])[];
  readonly scalarCount: number;
  /** Without the batch dimension. */
  readonly masks: readonly { readonly shape: readonly number[] }[];
}

export interface LoopShape {
  readonly batchSize: number;
  /** [features], [lookback, features] or [height, width, channels]. */
  readonly inputShape: readonly number[];
  /** Numbers in a row of the inputs' table. */
  readonly matrixWidth: number;
  /** Values per row of the targets; ignored over classes. */
  readonly targetWidth: number;
  /** In what shape the step takes them, without the batch dimension. */
  readonly targetShape: readonly number[];
  /** Outputs of a network over classes: targets are then class numbers. Null for values. */
  readonly classCount: number | null;
  readonly metricCount: number;
}

/**
 * Functions in the order in which they must be added, after those of the step.
 *
 * The last one takes: how many steps; an empty table of metrics [steps, metrics]; the inputs [rows, features]; the targets [samples,
 * width] or class numbers [samples]; for each place in the batches the first row of its sample [steps · batch] and the sample's number;
 * the optimizer's scalars [steps, scalars]; each mask [steps, …]; the state. It gives the metrics, whether all of the state is finite,
 * and the new state. It ends early after a step whose loss is not finite; the state is then spoilt.
 */
export function stepLoop(name: string, step: LoopStep, shape: LoopShape): GraphFunction[] {
  const names = { more: `${name}_while`, body: `${name}_body` };
  return [
    { name: names.more, ...hasMore(step, shape) },
    { name: names.body, ...oneStep(step, shape) },
    { name, ...whole(names, step, shape) },
  ];
}

interface Variable {
  readonly dtype: number;
  readonly shape: readonly number[] | null;
}

/** What goes round in the loop: place, whether all is well, then all inputs. */
function variables(step: LoopStep, shape: LoopShape): Variable[] {
  const isClass = shape.classCount !== null;
  return [
    { dtype: DTYPE.int32, shape: [] },
    { dtype: DTYPE.bool, shape: [] },
    { dtype: DTYPE.int32, shape: [] },
    { dtype: DTYPE.float, shape: [-1, shape.metricCount] },
    { dtype: DTYPE.float, shape: [-1, shape.matrixWidth] },
    isClass ? { dtype: DTYPE.int32, shape: [-1] } : { dtype: DTYPE.float, shape: [-1, shape.targetWidth] },
    { dtype: DTYPE.int32, shape: [-1] },
    { dtype: DTYPE.int32, shape: [-1] },
    { dtype: DTYPE.float, shape: [-1, step.scalarCount] },
    ...step.masks.map((mask) => ({ dtype: DTYPE.float, shape: [-1, shape.batchSize, ...mask.shape] })),
    ...step.stateShapes.map((of) => ({ dtype: DTYPE.float, shape: of })),
  ];
}

type Part = Omit<GraphFunction, 'name'>;

function finish(graph: GraphBuilder, inputs: readonly string[], outputs: readonly [string, AttributeValue][]): Part {
  const ends = outputs.map(([from, T]) => graph.add('Identity', [from], { T }));
  return { nodes: graph.nodes, inputs, outputs: ends.map((end) => `${end}:0`) };
}

function hasMore(step: LoopStep, shape: LoopShape): Part {
  const graph = createGraphBuilder();
  const inputs = variables(step, shape).map((of) => graph.input(of.dtype, of.shape));
  const [place = '', isWell = '', steps = ''] = inputs;
  const isLeft = graph.add('Less', [place, steps], { T: INT32 });
  return finish(graph, inputs, [[graph.add('LogicalAnd', [isLeft, isWell], {}), BOOL]]);
}

function oneStep(step: LoopStep, shape: LoopShape): Part {
  const graph = createGraphBuilder();
  const all = variables(step, shape);
  const inputs = all.map((of) => graph.input(of.dtype, of.shape));
  const [place = '', , steps = '', metrics = '', matrix = '', targets = '', rows = '', samples = '', scalars = ''] =
    inputs;
  const masks = inputs.slice(9, 9 + step.masks.length);
  const state = inputs.slice(9 + step.masks.length);
  const batch = pickBatch(graph, shape, { place, matrix, targets, rows, samples });
  const call = graph.add(
    'PartitionedCall',
    [
      ...state,
      batch.inputs,
      batch.targets,
      ...pickScalars(graph, step, { scalars, place }),
      ...masks.map((mask) => pickRow(graph, mask, place)),
    ],
    {
      Tin: { types: new Array<number>(state.length + 2 + step.scalarCount + masks.length).fill(DTYPE.float) },
      Tout: { types: new Array<number>(state.length + 1).fill(DTYPE.float) },
      f: { func: step.name },
    },
  );
  const made = `${call}:${state.length}`;
  const table = graph.add(
    'TensorScatterUpdate',
    [metrics, reshape(graph, place, [1, 1], INT32), reshape(graph, made, [1, shape.metricCount], FLOAT)],
    { T: FLOAT, Tindices: INT32 },
  );
  const loss = graph.add('Slice', [made, graph.ints([1], [0]), graph.ints([1], [1])], { T: FLOAT, Index: INT32 });
  const isWell = graph.add('IsFinite', [reshape(graph, loss, [], FLOAT)], { T: FLOAT });
  const next = graph.add('AddV2', [place, graph.ints([], [1])], { T: INT32 });
  const unchanged = [steps, matrix, targets, rows, samples, scalars, ...masks];
  const [first = '', ...others] = unchanged;
  const after = [next, isWell, first, table, ...others, ...state.map((_, i) => (i === 0 ? call : `${call}:${i}`))];
  return finish(
    graph,
    inputs,
    after.map((from, i): [string, AttributeValue] => [from, { type: all[i]?.dtype ?? DTYPE.float }]),
  );
}

function whole(names: { more: string; body: string }, step: LoopStep, shape: LoopShape): Part {
  const graph = createGraphBuilder();
  const all = variables(step, shape);
  const inputs = all.slice(2).map((of) => graph.input(of.dtype, of.shape));
  const yes = graph.add('LogicalNot', [graph.add('Less', [inputs[0] ?? '', graph.ints([], [0])], { T: INT32 })], {});
  const loop = graph.add('While', [graph.ints([], [0]), yes, ...inputs], {
    T: { types: all.map(({ dtype }) => dtype) },
    cond: { func: names.more },
    body: { func: names.body },
    parallel_iterations: { int: 10 },
    // Into the executor's own control flow, which is faster than a call for each step.
    _lower_using_switch_merge: { bool: true },
  });
  const state = step.stateShapes.map((_, i) => `${loop}:${9 + step.masks.length + i}`);
  const finite = state.map((from, i) => allFinite(graph, from, step.stateShapes[i]?.length ?? 0));
  const isWhole = graph.add(
    'All',
    [graph.add('Pack', finite, { T: BOOL, N: { int: finite.length } }), graph.ints([1], [0])],
    {
      Tidx: INT32,
    },
  );
  return finish(graph, inputs, [
    [`${loop}:3`, FLOAT],
    [isWhole, BOOL],
    ...state.map((from): [string, AttributeValue] => [from, FLOAT]),
  ]);
}

/** Inputs [batch, …inputShape] and targets [batch, outputs] of the batch at a place. */
function pickBatch(
  graph: GraphBuilder,
  { batchSize, inputShape, matrixWidth, targetShape, classCount }: LoopShape,
  from: { place: string; matrix: string; targets: string; rows: string; samples: string },
): { inputs: string; targets: string } {
  const begin = reshape(graph, graph.add('Mul', [from.place, graph.ints([], [batchSize])], { T: INT32 }), [1], INT32);
  const cut = (all: string) =>
    graph.add('Slice', [all, begin, graph.ints([1], [batchSize])], { T: INT32, Index: INT32 });
  const row = cut(from.rows);
  const sample = cut(from.samples);
  const gather = (table: string, at: string, Tparams: AttributeValue) =>
    graph.add('GatherV2', [table, at, graph.ints([], [0])], { Tparams, Tindices: INT32, Taxis: INT32 });
  const picked = gather(from.targets, sample, classCount === null ? FLOAT : INT32);
  return {
    inputs: pickInputs(graph, { batchSize, inputShape, matrixWidth }, (at) => gather(from.matrix, at, FLOAT), row),
    targets:
      classCount === null
        ? shapeTargets(graph, picked, [batchSize, ...targetShape])
        : oneHot(graph, picked, classCount),
  };
}

function shapeTargets(graph: GraphBuilder, picked: string, shape: readonly number[]): string {
  return shape.length === 2 ? picked : reshape(graph, picked, shape, FLOAT);
}

/** A sample is one row (an image is), or as many as its shape has room for, from its first on. */
function pickInputs(
  graph: GraphBuilder,
  { batchSize, inputShape, matrixWidth }: Pick<LoopShape, 'batchSize' | 'inputShape' | 'matrixWidth'>,
  gather: (at: string) => string,
  firstRow: string,
): string {
  if (inputShape.length === 1) {
    return gather(firstRow);
  }
  const length = inputShape.reduce((product, size) => product * size, 1) / matrixWidth;
  if (length === 1) {
    return reshape(graph, gather(firstRow), [batchSize, ...inputShape], FLOAT);
  }
  const offsets = graph.ints(
    [1, length],
    Array.from({ length }, (_, i) => i),
  );
  const at = graph.add('AddV2', [reshape(graph, firstRow, [batchSize, 1], INT32), offsets], { T: INT32 });
  return reshape(graph, gather(at), [batchSize, ...inputShape], FLOAT);
}

function oneHot(graph: GraphBuilder, codes: string, depth: number): string {
  const one = graph.add('Cast', [graph.ints([], [1])], { SrcT: INT32, DstT: FLOAT });
  const zero = graph.add('Cast', [graph.ints([], [0])], { SrcT: INT32, DstT: FLOAT });
  return graph.add('OneHot', [codes, graph.ints([], [depth]), one, zero], { T: FLOAT, TI: INT32 });
}

function pickRow(graph: GraphBuilder, table: string, place: string): string {
  return graph.add('GatherV2', [table, place, graph.ints([], [0])], { Tparams: FLOAT, Tindices: INT32, Taxis: INT32 });
}

/** The scalars of a place, each for itself. */
function pickScalars(
  graph: GraphBuilder,
  { scalarCount }: LoopStep,
  { scalars, place }: { scalars: string; place: string },
): string[] {
  if (scalarCount === 0) {
    return [];
  }
  const row = pickRow(graph, scalars, place);
  const parts = graph.add('Unpack', [row], { T: FLOAT, num: { int: scalarCount }, axis: { int: 0 } });
  return Array.from({ length: scalarCount }, (_, i) => (i === 0 ? parts : `${parts}:${i}`));
}

function reshape(graph: GraphBuilder, x: string, shape: readonly number[], T: AttributeValue): string {
  return graph.add('Reshape', [x, graph.ints([shape.length], shape)], { T, Tshape: INT32 });
}

function allFinite(graph: GraphBuilder, x: string, rank: number): string {
  const axes = graph.ints(
    [rank],
    Array.from({ length: rank }, (_, i) => i),
  );
  return graph.add('All', [graph.add('IsFinite', [x], { T: FLOAT }), axes], { Tidx: INT32 });
}
