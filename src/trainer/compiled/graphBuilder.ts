/** Writes a graph node by node, with names that nobody needs to think of. */

import type { AttributeValue, GraphNode } from '../tensorflow/protobuf.ts';
import { constant, placeholder } from '../tensorflow/recorder.ts';
import { DTYPE } from '../tensorflow/tensorBytes.ts';

export interface GraphBuilder {
  readonly nodes: GraphNode[];
  /** @returns The name, for `inputs` of later nodes; further outputs are `name:1` and so on. */
  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>>): string;
  /** @param shape Null where it differs from call to call. */
  input(dtype: number, shape: readonly number[] | null): string;
  ints(shape: readonly number[], values: readonly number[]): string;
  float(value: number): string;
  bools(values: readonly boolean[]): string;
}

export const FLOAT: AttributeValue = { type: DTYPE.float };
export const INT32: AttributeValue = { type: DTYPE.int32 };
export const BOOL: AttributeValue = { type: DTYPE.bool };

export function createGraphBuilder(): GraphBuilder {
  const nodes: GraphNode[] = [];
  const put = (node: GraphNode): string => {
    nodes.push(node);
    return node.name;
  };
  const fresh = (kind: string) => `${kind}${nodes.length}`;
  const fixed = (dtype: number, shape: readonly number[], { buffer }: { buffer: ArrayBuffer }) =>
    put(constant(fresh('c'), { dtype, shape, bytes: new Uint8Array(buffer) }));
  return {
    nodes,
    add: (op, inputs, attributes) => put({ name: fresh('n'), op, inputs, attributes }),
    input: (dtype, shape) => put(placeholder(fresh('in'), dtype, shape)),
    ints: (shape, values) => fixed(DTYPE.int32, shape, Int32Array.from(values)),
    float: (value) => fixed(DTYPE.float, [], Float32Array.of(value)),
    bools: (values) => fixed(DTYPE.bool, [values.length], Uint8Array.from(values, Number)),
  };
}
