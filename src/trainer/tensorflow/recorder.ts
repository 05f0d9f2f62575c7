/** Writes down the operations of one training step as a graph that TensorFlow can run at one call. */
import { ATTRIBUTE, type Attribute, type Binding, type Observer } from './binding.ts';
import type { AttributeValue, GraphNode } from './protobuf.ts';
import { toBytes, type Values } from './tensorBytes.ts';

/** A step that cannot be written down, with the operation that is in the way. */
export class NotRecordable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotRecordable';
  }
}

export interface Recording {
  readonly nodes: readonly GraphNode[];
  /** Names of the placeholders, in the order in which they were declared. */
  readonly inputs: readonly string[];
  /** How often each operation was called. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface Recorder {
  /** What the tensor holds will be another value at each call. It must exist already, or have been made while recording. */
  declareInput(id: number, tensor: { readonly dtype: number; readonly shape: readonly number[] }): void;
  /** A tensor from before that never changes. */
  declareConstant(
    id: number,
    tensor: { readonly dtype: number; readonly shape: readonly number[]; readonly values: Values },
  ): void;
  /** Runs it for real, and writes down what it does. @throws {NotRecordable} */
  record(run: () => void): void;
  /** `node:output` of a tensor that was declared or made while recording. @throws {NotRecordable} */
  nameOf(id: number): string;
  finish(): Recording;
}

export function createRecorder(binding: Binding): Recorder {
  const nodes: GraphNode[] = [];
  const placeholders: GraphNode[] = [];
  const names = new Map<number, string>();
  const counts = new Map<string, number>();
  // Constants come as they are needed, so that an input that was made while recording leaves none behind.
  const constants = new Map<number, () => GraphNode>();
  const nameOf = (id: number, op = 'the end of the step'): string => {
    const constant = constants.get(id);
    if (constant !== undefined) {
      const node = constant();
      constants.delete(id);
      nodes.push(node);
      names.set(id, node.name);
    }
    const name = names.get(id);
    if (name === undefined) {
      throw new NotRecordable(`${op} reads a tensor from before the step that nobody declared`);
    }
    return name;
  };
  const declareConstant: Recorder['declareConstant'] = (id, { shape, dtype, values }) => {
    const bytes = toBytes(values, dtype).slice(); // The values may be overwritten by their owner later.
    constants.set(id, () => constant(`c${id}`, { dtype, shape, bytes }));
  };
  const observer: Observer = {
    onCreate: declareConstant,
    onExecute(op, attributes, inputs, outputs) {
      const name = `n${nodes.length}`;
      nodes.push({ name, op, inputs: inputs.map((id) => nameOf(id, op)), attributes: toValues(op, attributes) });
      outputs.forEach(({ id }, index) => {
        names.set(id, index === 0 ? name : `${name}:${index}`);
      });
      counts.set(op, (counts.get(op) ?? 0) + 1);
    },
    onRead() {
      const last = nodes.findLast(({ op }) => op !== 'Const')?.op;
      const where = last === undefined ? 'before its first operation' : `after ${last}`;
      throw new NotRecordable(`the step looks at a value while it runs, ${where}`);
    },
  };
  return {
    declareInput(id, { dtype, shape }) {
      const name = `in${placeholders.length}`;
      placeholders.push(placeholder(name, dtype, shape));
      constants.delete(id);
      names.set(id, name);
    },
    declareConstant,
    record(run) {
      binding.observe(observer);
      try {
        run();
      } finally {
        binding.observe(null);
      }
    },
    nameOf: (id) => nameOf(id),
    finish: () => ({ nodes: [...placeholders, ...nodes], inputs: placeholders.map(({ name }) => name), counts }),
  };
}

export function placeholder(name: string, dtype: number, shape: readonly number[] | null): GraphNode {
  return { name, op: 'Placeholder', inputs: [], attributes: { dtype: { type: dtype }, shape: { shape } } };
}

export function constant(
  name: string,
  tensor: { readonly dtype: number; readonly shape: readonly number[]; readonly bytes: Uint8Array },
): GraphNode {
  return { name, op: 'Const', inputs: [], attributes: { dtype: { type: tensor.dtype }, value: { tensor } } };
}

function toValues(op: string, attributes: readonly Attribute[]): Record<string, AttributeValue> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, toValue(op, attribute)]));
}

function toValue(op: string, { name, type, value }: Attribute): AttributeValue {
  if (Array.isArray(value)) {
    switch (type) {
      case ATTRIBUTE.int:
        return { ints: value };
      case ATTRIBUTE.float:
        return { floats: value };
      case ATTRIBUTE.type:
        return { types: value };
      case ATTRIBUTE.shape:
        return { shape: value };
    }
  } else if (type === ATTRIBUTE.type && typeof value === 'number') {
    return { type: value };
  } else if (type === ATTRIBUTE.int && typeof value === 'number') {
    return { int: value };
  } else if (type === ATTRIBUTE.float && typeof value === 'number') {
    return { float: value };
  } else if (type === ATTRIBUTE.bool) {
    return { bool: Boolean(value) };
  } else if (type === ATTRIBUTE.string && typeof value === 'string') {
    return { string: value };
  }
  throw new NotRecordable(`${op} has an attribute ${name} that cannot be written down`);
}
