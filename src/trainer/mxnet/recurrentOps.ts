/** MXNet's fused recurrent operation, unpacked into one layer each, with its state given and taken; and embeddings. */
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { MxArray } from '../../common/mxnet/params.ts';
import type { MxNode } from '../../common/mxnet/symbol.ts';
import { ResetAfterGruCell } from '../model/resetAfterGru.ts';
import { misfit, toBoolean, toNumber, unsupportedSetting } from './attributes.ts';
import { inputValue, type Site, type WeightedLayer, weightsOf } from './conversion.ts';
import type { Convert } from './plainOps.ts';

/** Gates of each kind, in MXNet's order, as places in Keras's. */
const MODES = {
  lstm: { gates: [0, 1, 2, 3], states: 2 }, // i, f, c, o in both.
  gru: { gates: [1, 0, 2], states: 1 }, // MXNet has reset, update, new; Keras update, reset, new.
  rnn_tanh: { gates: [0], states: 1 },
  rnn_relu: { gates: [0], states: 1 },
} as const;
type Mode = keyof typeof MODES;

/** Which kind a node is, how many units and layers it has. */
export function recurrentSizes(node: MxNode): { mode: Mode; units: number; count: number; gates: number } {
  const mode = node.attrs.mode ?? '';
  if (!Object.hasOwn(MODES, mode)) {
    throw unsupportedSetting(node, `mode is "${mode}"; there are ${Object.keys(MODES).join(', ')}.`);
  }
  const gates = MODES[mode as Mode].gates.length;
  return { mode: mode as Mode, units: toNumber(node, 'state_size', 1), count: toNumber(node, 'num_layers', 1), gates };
}

/**
 * Numbers of one time step, from the length of the packed vector: the first layer has gates · units · (width + units),
 * the others gates · units · 2 units, and each two biases of gates · units.
 */
export function recurrentWidth(node: MxNode, length: number): number {
  const { units, count, gates } = recurrentSizes(node);
  const width = length / (gates * units) - (count - 1) * 2 * units - units - 2 * count;
  if (!Number.isInteger(width) || width < 1) {
    throw misfit(node, `its ${length} packed weights fit no input with ${count} layers of ${units} units.`);
  }
  return width;
}

const recurrent: Convert = (site) => {
  const { node } = site;
  const value = inputValue(site);
  const { mode, units, count } = recurrentSizes(node);
  if (toBoolean(node.attrs.bidirectional, false) || node.attrs.projection_size !== undefined) {
    throw unsupportedSetting(node, 'it runs in both directions, or projects its state.');
  }
  if (value.layout !== 'timeFirst') {
    throw unsupportedSetting(node, 'it reads a sequence whose steps do not come first.');
  }
  const packed = weightsOf(site, 1, [-1]);
  const width = recurrentWidth(node, packed.values.length);
  if (width !== value.shape[1]) {
    throw misfit(node, `its weights are for ${width} numbers a step, but ${value.shape[1]} come.`);
  }
  const parts = unpack(packed.values, node, width);
  let { tensor } = value;
  for (let layer = 0; layer < count; layer += 1) {
    const part = parts[layer];
    if (part === undefined) {
      throw misfit(node, `its weights end before layer ${layer + 1}.`);
    }
    tensor = addLayer(site, { mode, units, layer, part, tensor });
  }
  return { ...value, tensor, shape: [value.shape[0] ?? null, units] };
};

/** The weights of one layer as they lie in the vector. */
interface Part {
  /** [gates · units, features] and [gates · units, units]. */
  readonly input: MxArray;
  readonly recurrent: MxArray;
  /** [gates · units] each. */
  readonly inputBias: Float32Array;
  readonly recurrentBias: Float32Array;
}

/** All weights layer by layer, then all biases. */
function unpack(packed: Float32Array, node: MxNode, width: number): Part[] {
  const { units, count, gates } = recurrentSizes(node);
  const rows = gates * units;
  let at = 0;
  const take = (length: number) => {
    at += length;
    return packed.subarray(at - length, at);
  };
  const weights = Array.from({ length: count }, (_, layer) => {
    const features = layer === 0 ? width : units;
    return {
      input: { shape: [rows, features], values: take(rows * features) },
      recurrent: { shape: [rows, units], values: take(rows * units) },
    };
  });
  return weights.map((part) => ({ ...part, inputBias: take(rows), recurrentBias: take(rows) }));
}

interface NewLayer {
  readonly mode: Mode;
  readonly units: number;
  /** From 0. */
  readonly layer: number;
  readonly part: Part;
  readonly tensor: SymbolicTensor;
}

function addLayer(site: Site, { mode, units, layer, part, tensor }: NewLayer): SymbolicTensor {
  const { node, conversion } = site;
  const states = Array.from({ length: MODES[mode].states }, (_, i) => {
    const name = `${stateName(site, 2 + i)}_${layer + 1}`;
    return { name, units, input: input({ shape: [units], name }) };
  });
  const name = `${node.name}_${layer + 1}`;
  const common = { name, returnSequences: true, returnState: true };
  const built = buildLayer(mode, units, common);
  const options: { initialState?: unknown } = {};
  const made = built.apply([tensor, ...states.map((state) => state.input)], options) as SymbolicTensor[];
  // The layer leaves the states there too, which cannot be saved and are inputs anyway.
  delete options.initialState;
  conversion.weighted.push({ layer: built, weights: layerWeights(mode, part) });
  states.forEach((state, i) => {
    conversion.states.push({ ...state, output: made[1 + i] as SymbolicTensor });
  });
  return made[0] as SymbolicTensor;
}

/** The weights come from the file. */
const ZEROS = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros' } as const;

function buildLayer(
  mode: Mode,
  units: number,
  common: { name: string; returnSequences: boolean; returnState: boolean },
) {
  if (mode === 'gru') {
    // The type wants a cell of TensorFlow.js's own; what it uses of it, ours has.
    const cell = new ResetAfterGruCell({ units, name: `${common.name}_cell` }) as unknown as ReturnType<
      typeof layers.gruCell
    >;
    return layers.rnn({ ...common, cell });
  }
  return mode === 'lstm'
    ? layers.lstm({
        ...common,
        ...ZEROS,
        units,
        activation: 'tanh',
        recurrentActivation: 'sigmoid',
        unitForgetBias: false,
      })
    : layers.simpleRNN({ ...common, ...ZEROS, units, activation: mode === 'rnn_tanh' ? 'tanh' : 'relu' });
}

/** In Keras's order: kernel [features, gates · units], recurrent kernel, bias; the GRU keeps its two biases apart. */
function layerWeights(
  mode: Mode,
  { input: byInput, recurrent: byState, inputBias, recurrentBias }: Part,
): WeightedLayer['weights'] {
  const { gates } = MODES[mode];
  const biases = [inputBias, recurrentBias].map(
    (bias) => reorder({ shape: [bias.length, 1], values: bias }, gates).values,
  );
  const [first = new Float32Array(), second = new Float32Array()] = biases;
  const bias =
    mode === 'gru'
      ? { shape: [2, first.length], values: Float32Array.of(...first, ...second) }
      : { shape: [first.length], values: first.map((value, i) => value + (second[i] ?? 0)) };
  return [reorder(byInput, gates), reorder(byState, gates), bias];
}

/** [gates · units, columns] with MXNet's gates → [columns, gates · units] with Keras's. */
function reorder({ shape, values }: MxArray, gates: readonly number[]): MxArray {
  const [rows = 0, columns = 0] = shape;
  const units = rows / gates.length;
  const turned = new Float32Array(values.length);
  gates.forEach((place, gate) => {
    for (let unit = 0; unit < units; unit += 1) {
      for (let column = 0; column < columns; column += 1) {
        turned[column * rows + place * units + unit] = values[(gate * units + unit) * columns + column] ?? 0;
      }
    }
  });
  return { shape: [columns, rows], values: turned };
}

/** TensorFlow.js takes a name for an address, where a stroke would divide it. */
function stateName({ node, conversion }: Site, place: number): string {
  const at = node.inputs[place];
  const name = at === undefined ? undefined : conversion.symbol.nodes[at.node]?.name;
  if (name === undefined) {
    throw unsupportedSetting(node, 'it has no state.');
  }
  return name.replaceAll('/', '_');
}

const embedding: Convert = (site) => {
  const { node } = site;
  const value = inputValue(site);
  const [inputDim, outputDim] = [toNumber(node, 'input_dim', 0), toNumber(node, 'output_dim', 0)];
  const layer = layers.embedding({ name: node.name, inputDim, outputDim, embeddingsInitializer: 'zeros' });
  const tensor = layer.apply(value.tensor) as SymbolicTensor;
  site.conversion.weighted.push({ layer, weights: [weightsOf(site, 1, [inputDim, outputDim])] });
  return { ...value, tensor, shape: [...value.shape, outputDim] };
};

export const RECURRENT_OPS: Readonly<Record<string, Convert>> = { RNN: recurrent, Embedding: embedding };
