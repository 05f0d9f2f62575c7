/** The shape of one sample, from the weights that first meet it: a symbol itself does not say. */
import { SkilletError } from '../../common/errors.ts';
import type { Shape } from '../../common/graph.ts';
import type { MxParams } from '../../common/mxnet/params.ts';
import type { MxNode, MxSymbol } from '../../common/mxnet/symbol.ts';
import { type Reached, valueInputs } from './reach.ts';
import { recurrentWidth } from './recurrentOps.ts';

export interface InferredInput {
  /** In MXNet's order, without the batch; a null is any number of time steps. */
  readonly shape: Shape;
  /** Whether the data are codes of an embedding. */
  readonly codes: boolean;
}

/** These hand on what they read, as far as its size is concerned. */
const PASSING = [
  'Activation',
  'LeakyReLU',
  'Dropout',
  '_copy',
  'identity',
  'BlockGrad',
  'SwapAxis',
  'Flatten',
  'Concat',
  'elemwise_add',
  '_plus',
  '_Plus',
];

/** @throws {SkilletError} `import-unsupported`: only `--input-shape` can tell. */
export function inferInput(symbol: MxSymbol, params: MxParams, { nodes, data }: Reached): InferredInput {
  const lengthOf = (node: MxNode, place: number): readonly number[] => {
    const variable = symbol.nodes[node.inputs[place]?.node ?? -1];
    return params.args.get(variable?.name ?? '')?.shape ?? [];
  };
  const ask = (index: number): InferredInput | null => {
    const readers = nodes.filter((reader) => {
      const node = symbol.nodes[reader];
      return node !== undefined && valueInputs(node).some((input) => input.node === index);
    });
    for (const reader of readers) {
      const node = symbol.nodes[reader] as MxNode;
      const [, width] = lengthOf(node, 1);
      const [length] = lengthOf(node, 1);
      if (node.op === 'FullyConnected' && width !== undefined) {
        return { shape: [width], codes: false };
      }
      if (node.op === 'RNN' && length !== undefined) {
        return { shape: [null, recurrentWidth(node, length)], codes: false };
      }
      if (node.op === 'BatchNorm' && length !== undefined) {
        return ask(reader) ?? { shape: [length], codes: false };
      }
      if (node.op === 'Embedding') {
        return { shape: [null], codes: true };
      }
      const found = PASSING.includes(node.op) ? ask(reader) : null;
      if (found !== null) {
        return found;
      }
    }
    return null;
  };
  const found = ask(data);
  if (found === null) {
    throw new SkilletError('import-unsupported', '--input-shape', {
      message: 'The weights do not tell how large the input is.',
      remedy: 'Say it without the batch, as MXNet has it: --input-shape 3,32,32, for example.',
    });
  }
  return found;
}
