/** A graph under a name, by which other graphs and TensorFlow's runtime call it. */
import type { GraphNode } from '../tensorflow/protobuf.ts';

export interface GraphFunction {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  /** Names of placeholders. */
  readonly inputs: readonly string[];
  /** `node:output`. */
  readonly outputs: readonly string[];
}
