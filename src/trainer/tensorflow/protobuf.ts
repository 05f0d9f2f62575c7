/** TensorFlow's messages that are written here: graphs for its C library and the settings of a context. */
import { PbfWriter } from 'pbf';

/** A dense tensor inside a graph. */
export interface TensorValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

/** The value of an attribute, by its kind; a shape of null is unknown. */
export type AttributeValue =
  | { readonly type: number }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly shape: readonly number[] | null }
  | { readonly tensor: TensorValue }
  /** Name of a function of the same context. */
  | { readonly func: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly types: readonly number[] };

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node` or `node:output`. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Where TensorFlow likes, when absent. */
  readonly device?: string;
}

/** Version of the graph format: that of TensorFlow 2.15; a missing one would be read with the rules of 2015. */
const PRODUCER = 1645;

/** A `tensorflow.GraphDef`. */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array {
  const out = new PbfWriter();
  for (const node of nodes) {
    out.writeMessage(1, writeNode, node);
  }
  out.writeMessage(4, (version: number, versions) => versions.writeVarintField(1, version), PRODUCER);
  return out.finish();
}

function writeNode(node: GraphNode, out: PbfWriter): void {
  out.writeStringField(1, node.name);
  out.writeStringField(2, node.op);
  for (const input of node.inputs) {
    out.writeStringField(3, input);
  }
  if (node.device !== undefined) {
    out.writeStringField(4, node.device);
  }
  for (const [name, value] of Object.entries(node.attributes)) {
    out.writeMessage(5, writeEntry, { name, value });
  }
}

function writeEntry({ name, value }: { name: string; value: AttributeValue }, out: PbfWriter): void {
  out.writeStringField(1, name);
  out.writeMessage(2, writeValue, value);
}

function writeValue(value: AttributeValue, out: PbfWriter): void {
  if ('string' in value) {
    out.writeStringField(2, value.string);
  } else if ('int' in value) {
    out.writeVarintField(3, value.int);
  } else if ('float' in value) {
    out.writeFloatField(4, value.float);
  } else if ('bool' in value) {
    out.writeBooleanField(5, value.bool);
  } else if ('type' in value) {
    out.writeVarintField(6, value.type);
  } else if ('shape' in value) {
    out.writeMessage(7, writeShape, value.shape);
  } else if ('tensor' in value) {
    out.writeMessage(8, writeTensor, value.tensor);
  } else if ('func' in value) {
    out.writeMessage(10, (name: string, func) => func.writeStringField(1, name), value.func);
  } else {
    out.writeMessage(1, writeList, value);
  }
}

type ListValue = Extract<AttributeValue, { ints: unknown } | { floats: unknown } | { types: unknown }>;

function writeList(value: ListValue, out: PbfWriter): void {
  if ('ints' in value) {
    out.writePackedVarint(3, [...value.ints]);
  } else if ('floats' in value) {
    out.writePackedFloat(4, [...value.floats]);
  } else {
    out.writePackedVarint(6, [...value.types]);
  }
}

function writeShape(shape: readonly number[] | null, out: PbfWriter): void {
  if (shape === null) {
    out.writeBooleanField(3, true);
    return;
  }
  for (const size of shape) {
    out.writeMessage(2, (length: number, dim) => dim.writeVarintField(1, length), size);
  }
}

function writeTensor({ dtype, shape, bytes }: TensorValue, out: PbfWriter): void {
  out.writeVarintField(1, dtype);
  out.writeMessage(2, writeShape, shape);
  out.writeBytesField(4, bytes);
}

export interface ContextSettings {
  /** Threads for the inside of one operation, and for operations side by side; TensorFlow's own choice when absent. */
  readonly threads?: { readonly inside: number; readonly across: number };
  /** Takes the processor for so many devices. */
  readonly cpuDevices?: number;
}

/** A `tensorflow.ConfigProto`. */
export function encodeConfig({ threads, cpuDevices }: ContextSettings): Uint8Array {
  const out = new PbfWriter();
  if (cpuDevices !== undefined) {
    out.writeMessage(1, writeCount, cpuDevices);
  }
  if (threads !== undefined) {
    out.writeVarintField(2, threads.inside);
    out.writeVarintField(5, threads.across);
  }
  // Takes the card's memory as it is needed: a desktop shares it with the screen, and studies run several trainers.
  out.writeMessage(6, (allowGrowth: boolean, gpu) => gpu.writeBooleanField(4, allowGrowth), true);
  return out.finish();
}

function writeCount(count: number, out: PbfWriter): void {
  out.writeStringField(1, 'CPU');
  out.writeVarintField(2, count);
}
