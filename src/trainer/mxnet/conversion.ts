/** What the converters of single operations are given, and what they leave behind. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { MxArray, MxParams } from '../../common/mxnet/params.ts';
import type { MxInput, MxNode, MxSymbol } from '../../common/mxnet/symbol.ts';
import { misfit, unsupportedSetting } from './attributes.ts';
import type { Value } from './value.ts';

/** A layer of TensorFlow.js with the weights that it is to have, in the order of its own. */
export interface WeightedLayer {
  readonly layer: { setWeights(weights: import('@tensorflow/tfjs-core').Tensor[]): void };
  readonly weights: readonly MxArray[];
}

export interface StatePort {
  readonly name: string;
  readonly units: number;
  readonly input: SymbolicTensor;
  readonly output: SymbolicTensor;
}

export interface Conversion {
  readonly symbol: MxSymbol;
  readonly params: MxParams;
  /** By node. */
  readonly values: Map<number, Value>;
  readonly weighted: WeightedLayer[];
  readonly states: StatePort[];
  /** Numbers that each node takes from the file, by node. */
  readonly parameterCounts: Map<number, number>;
}

/** One node under conversion. */
export interface Site {
  readonly node: MxNode;
  readonly index: number;
  readonly conversion: Conversion;
}

/** The value of the node's input number `place`. */
export function inputValue({ node, conversion }: Site, place = 0): Value {
  const input = node.inputs[place];
  const value = input === undefined ? undefined : conversion.values.get(input.node);
  if (input === undefined || value === undefined) {
    throw unsupportedSetting(node, `its input ${place + 1} is no value that can be computed.`);
  }
  if (input.output > 0) {
    throw unsupportedSetting(node, 'it reads a state of a recurrent layer, which is not supported.');
  }
  return value;
}

/**
 * The array of the weights that are the node's input number `place`, counted for it.
 *
 * @param shape That it must have; −1 is any length.
 * @throws {SkilletError} `import-mismatch`.
 */
export function weightsOf(site: Site, place: number, shape: readonly number[]): MxArray {
  const { node, index, conversion } = site;
  const name = variableName(site, node.inputs[place]);
  const array = conversion.params.args.get(name) ?? conversion.params.aux.get(name);
  if (array === undefined) {
    throw misfit(node, `its weights "${name}" are not in the .params file.`);
  }
  const fits = array.shape.length === shape.length && shape.every((size, i) => size === -1 || size === array.shape[i]);
  if (!fits) {
    const wanted = shape.map((size) => (size === -1 ? 'any' : size)).join(', ');
    throw misfit(node, `its weights "${name}" have the shape [${array.shape.join(', ')}]; [${wanted}] is needed.`);
  }
  const counted = conversion.parameterCounts.get(index) ?? 0;
  conversion.parameterCounts.set(index, counted + array.values.length);
  return array;
}

function variableName({ node, conversion }: Site, input: MxInput | undefined): string {
  const variable = input === undefined ? undefined : conversion.symbol.nodes[input.node];
  if (variable === undefined || variable.op !== 'null') {
    throw unsupportedSetting(node, 'its weights are computed, which is not supported.');
  }
  return variable.name;
}

/** Turns MXNet's [out, in] into TensorFlow.js's [in, out]. */
export function transposed({ shape, values }: MxArray): MxArray {
  const [rows = 0, columns = 0] = shape;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      turned[column * rows + row] = values[row * columns + column] ?? 0;
    }
  }
  return { shape: [columns, rows], values: turned };
}
