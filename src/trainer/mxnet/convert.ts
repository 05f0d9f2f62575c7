/** Turns a symbol and its parameters into a TensorFlow.js model, and draws it as MXNet would. */
import { dispose, tensor, tidy } from '@tensorflow/tfjs-core';
import { input, type LayersModel, model } from '@tensorflow/tfjs-layers';
import type { GraphEdge, GraphNode, NetworkGraph } from '../../common/graph.ts';
import type { MxParams } from '../../common/mxnet/params.ts';
import type { MxNode, MxSymbol } from '../../common/mxnet/symbol.ts';
import { vizOf } from '../../common/mxnet/viz.ts';
import { misfit } from './attributes.ts';
import type { Conversion } from './conversion.ts';
import { CONVERTERS } from './converters.ts';
import { type InferredInput, inferInput } from './inferInput.ts';
import { type Reached, reachNodes, valueInputs } from './reach.ts';
import type { Value } from './value.ts';

export interface Converted {
  /** The caller's to dispose. */
  readonly model: LayersModel;
  readonly graph: NetworkGraph;
  readonly input: InferredInput;
  /** Numbers that one row gives. */
  readonly outputs: number;
  /** Node whose output is the prediction. */
  readonly head: MxNode;
  readonly states: readonly { readonly name: string; readonly units: number }[];
  /** Arrays of the file that no operation reads. */
  readonly unused: readonly string[];
}

export interface MxCheckpoint {
  readonly symbol: MxSymbol;
  readonly params: MxParams;
  /** Of the symbol's file, for messages. */
  readonly name: string;
  /** Null: as the weights tell. */
  readonly inputShape: readonly number[] | null;
}

/** @throws {SkilletError} `import-unsupported`, `import-mismatch`. */
export function convertMxnet({ symbol, params, name, inputShape }: MxCheckpoint): Converted {
  const reached = reachNodes(symbol, params, name);
  const sample = inputShape === null ? inferInput(symbol, params, reached) : { shape: inputShape, codes: false };
  const conversion: Conversion = {
    symbol,
    params,
    values: new Map(),
    weighted: [],
    states: [],
    parameterCounts: new Map(),
  };
  const source = input({ shape: [...sample.shape], name: 'input' });
  conversion.values.set(reached.data, { tensor: source, layout: 'plain', shape: sample.shape });
  convertNodes(reached, conversion);
  const result = conversion.values.get(reached.head) as Value;
  const built = model({
    name: 'imported',
    inputs: [source, ...conversion.states.map((state) => state.input)],
    outputs: [result.tensor, ...conversion.states.map((state) => state.output)],
  });
  setWeights(conversion);
  return {
    model: built,
    graph: drawGraph(reached, conversion),
    input: sample,
    outputs: result.shape.at(-1) ?? 1,
    head: symbol.nodes[reached.head] as MxNode,
    states: conversion.states.map(({ name: of, units }) => ({ name: of, units })),
    unused: unusedArrays(conversion),
  };
}

function convertNodes({ nodes }: Reached, conversion: Conversion): void {
  // Initializers leave tensors behind; weights are variables and outlive the tidy.
  tidy(() => {
    for (const index of nodes) {
      const node = conversion.symbol.nodes[index] as MxNode;
      if (node.op !== 'null') {
        conversion.values.set(index, convertNode(node, index, conversion));
      }
    }
  });
}

function convertNode(node: MxNode, index: number, conversion: Conversion): Value {
  const convert = CONVERTERS[node.op];
  if (convert === undefined) {
    throw new Error(`No converter for ${node.op}`);
  }
  try {
    return convert({ node, index, conversion });
  } catch (error) {
    // TensorFlow.js says what does not fit, such as a window that is larger than its image.
    throw error instanceof Error && error.name === 'ValueError' ? misfit(node, error.message) : error;
  }
}

function setWeights({ weighted }: Conversion): void {
  for (const { layer, weights } of weighted) {
    const tensors = weights.map(({ values, shape }) => tensor(values, [...shape]));
    layer.setWeights(tensors);
    dispose(tensors);
  }
}

function drawGraph({ nodes }: Reached, { symbol, values, parameterCounts }: Conversion): NetworkGraph {
  const of = (index: number) => symbol.nodes[index] as MxNode;
  const shapeOf = (index: number) => values.get(index)?.shape ?? [];
  return {
    nodes: nodes.map((index): GraphNode => {
      const node = of(index);
      return {
        id: node.name,
        type: node.op === 'null' ? 'input' : node.op,
        outputShape: shapeOf(index),
        parameterCount: parameterCounts.get(index) ?? 0,
        viz: vizOf(node),
      };
    }),
    edges: nodes.flatMap((index): GraphEdge[] => {
      // One arrow from each node that is read, as graph.viz draws it.
      const read = [...new Set(valueInputs(of(index)).map(({ node }) => node))];
      return read.map((from) => ({ from: of(from).name, to: of(index).name, shape: shapeOf(from) }));
    }),
  };
}

function unusedArrays({ symbol, params }: Conversion): string[] {
  const variables = new Set(symbol.nodes.filter(({ op }) => op === 'null').map(({ name }) => name));
  return [...params.args.keys(), ...params.aux.keys()].filter((name) => !variables.has(name));
}
