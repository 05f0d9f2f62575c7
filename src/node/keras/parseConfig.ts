/** Reads a network's description, as Keras 2, Keras 3 or TensorFlow.js writes it. */
import { SkilletError } from '../../common/errors.ts';
import { LAYER_CLASSES, ONLY_VALUES } from './layerClasses.ts';
import type { LayerSpec, ModelSpec } from './modelSpec.ts';
import { fromOwnLayer } from './resetAfterLayers.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws {SkilletError} `model-unsupported` names the layer and the setting; `model-unreadable` where it is no model at all. */
export function parseConfig(value: unknown): ModelSpec {
  if (!isObject(value) || !isObject(value.config) || !Array.isArray(value.config.layers)) {
    throw unreadable('has no list of layers');
  }
  const { config } = value;
  const name = typeof config.name === 'string' ? config.name : 'model';
  const layers = (config.layers as unknown[]).map(readLayer);
  const isSequential = value.class_name === 'Sequential';
  const linked = isSequential ? chain(layers) : layers.map(linkLayer);
  const output = isSequential ? (linked.at(-1)?.name ?? '') : onlyLayer(config.output_layers, 'output');
  if (!isSequential) {
    onlyLayer(config.input_layers, 'input');
  }
  const inputs = linked.filter(({ className }) => className === 'InputLayer');
  if (inputs.length !== 1) {
    throw unsupported('model', `has ${inputs.length} inputs`, 'Skillet takes models with one input and one output.');
  }
  return { name, layers: inOrder(linked), output };
}

interface RawLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Json;
  readonly nodes: readonly unknown[];
}

function readLayer(value: unknown): RawLayer {
  if (!isObject(value) || typeof value.class_name !== 'string' || !isObject(value.config)) {
    throw unreadable('has an entry that is no layer');
  }
  const own = fromOwnLayer(value.class_name, value.config);
  const config = own === null ? value.config : { ...value.config, ...own };
  const className = own === null ? value.class_name : 'GRU';
  const name = String(value.name ?? config.name ?? '');
  const known = LAYER_CLASSES[className];
  if (known === undefined || !Object.hasOwn(LAYER_CLASSES, className)) {
    throw unsupported(
      name,
      `is of the class ${className}, which is not known`,
      `Known: ${Object.keys(LAYER_CLASSES).join(', ')}.`,
    );
  }
  refuseOtherValues(name, config);
  const settings = Object.fromEntries(
    known.settings.flatMap((key) => (config[key] === undefined ? [] : [[key, toPlain(name, key, config[key])]])),
  );
  const shape = config.batch_shape ?? config.batch_input_shape;
  const nodes = Array.isArray(value.inbound_nodes) ? value.inbound_nodes : [];
  const withShape = shape === undefined ? settings : { ...settings, batch_input_shape: shape };
  return { className, name, config: withShape, nodes };
}

function refuseOtherValues(name: string, config: Json): void {
  for (const [key, allowed] of Object.entries(ONLY_VALUES)) {
    const value = config[key];
    if (value !== undefined && !allowed.includes(value)) {
      throw unsupported(name, `has ${key} = ${JSON.stringify(value)}`, `Only ${key} = ${allowed[0]} carries over.`);
    }
  }
  const { dtype } = config;
  const type = isObject(dtype) && isObject(dtype.config) ? dtype.config.name : dtype;
  if (type !== undefined && type !== 'float32' && type !== null && type !== 'int32') {
    throw unsupported(name, `computes in ${JSON.stringify(type)}`, 'Save the model in float32.');
  }
}

/** Initialisers and the like without what only Keras 3 writes; activations by name. */
function toPlain(layer: string, key: string, value: unknown): unknown {
  if (key === 'activation' || key === 'recurrent_activation') {
    return toActivation(layer, value);
  }
  if (!isObject(value) || value.class_name === undefined) {
    return value;
  }
  const config = isObject(value.config) ? value.config : {};
  if (value.class_name === 'L1' || value.class_name === 'L2') {
    return { class_name: 'L1L2', config: { l1: config.l1 ?? 0, l2: config.l2 ?? 0 } };
  }
  const { input_axes, output_axes, ...others } = config;
  return { class_name: value.class_name, config: others };
}

const ACTIVATIONS: readonly string[] =
  'linear relu relu6 elu selu sigmoid tanh softmax softplus softsign swish gelu'.split(' ');

function toActivation(layer: string, value: unknown): string {
  const name = value === null || value === undefined ? 'linear' : value === 'silu' ? 'swish' : value;
  if (typeof name !== 'string' || !ACTIVATIONS.includes(name)) {
    throw unsupported(layer, `has the activation ${JSON.stringify(value)}`, `Known: ${ACTIVATIONS.join(', ')}.`);
  }
  return name;
}

function chain(layers: readonly RawLayer[]): LayerSpec[] {
  const [first] = layers;
  const shape = first?.config.batch_input_shape;
  if (first !== undefined && first.className !== 'InputLayer' && shape === undefined) {
    throw unsupported(first.name, 'does not say what it reads', 'Begin the Sequential model with keras.Input.');
  }
  const input: RawLayer = { className: 'InputLayer', name: 'input', config: { batch_input_shape: shape }, nodes: [] };
  const all = first?.className === 'InputLayer' ? layers : [input, ...layers];
  return all.map(({ className, name, config }, i) => {
    const { batch_input_shape, ...settings } = config;
    const before = all[i - 1];
    return { className, name, config: i === 0 ? config : settings, inputs: before === undefined ? [] : [before.name] };
  });
}

function linkLayer({ className, name, config, nodes }: RawLayer): LayerSpec {
  if (className === 'InputLayer') {
    return { className, name, config, inputs: [] };
  }
  if (nodes.length !== 1) {
    throw unsupported(name, `is used ${nodes.length} times`, 'Layers that share weights do not carry over.');
  }
  const { batch_input_shape, ...settings } = config;
  return { className, name, config: settings, inputs: inputsOf(nodes[0]) };
}

/** Keras 2 and TensorFlow.js: `[[name, node, tensor, kwargs], …]`. Keras 3: tensors with a history, anywhere in `args`. */
function inputsOf(node: unknown): string[] {
  if (Array.isArray(node)) {
    return node.map((input) => String((input as unknown[])[0]));
  }
  const found: string[] = [];
  const walk = (value: unknown) => {
    if (Array.isArray(value)) {
      value.forEach(walk);
    } else if (isObject(value) && value.class_name === '__keras_tensor__' && isObject(value.config)) {
      found.push(String((value.config.keras_history as unknown[])[0]));
    }
  };
  walk(isObject(node) ? node.args : null);
  return found;
}

/** `[[name, 0, 0]]` or, in Keras 3 for a single one, `[name, 0, 0]`. */
function onlyLayer(value: unknown, what: string): string {
  const list = Array.isArray(value) ? value : [];
  const entries = typeof list[0] === 'string' ? [list] : list;
  const [only] = entries as unknown[][];
  if (entries.length !== 1 || only === undefined) {
    throw unsupported('model', `has ${entries.length} ${what}s`, 'Skillet takes models with one input and one output.');
  }
  return String(only[0]);
}

/** Files may list layers in any order; one that is in order already is kept, as Keras counts its weight groups by it. */
function inOrder(layers: readonly LayerSpec[]): LayerSpec[] {
  const sorted: LayerSpec[] = [];
  const done = new Set<string>();
  const left = [...layers];
  while (left.length > 0) {
    const next = left.findIndex(({ inputs }) => inputs.every((name) => done.has(name)));
    const [layer] = next === -1 ? [] : left.splice(next, 1);
    if (layer === undefined) {
      throw unreadable(`has a layer "${left[0]?.name}" that reads what is not there`);
    }
    sorted.push(layer);
    done.add(layer.name);
  }
  return sorted;
}

function unsupported(layer: string, message: string, remedy: string): SkilletError {
  return new SkilletError('model-unsupported', layer, { message: `${message}.`, remedy });
}

function unreadable(message: string): SkilletError {
  return new SkilletError('model-unreadable', 'model', {
    message: `${message}.`,
    remedy: 'Give a whole model as Keras saves it (model.save), not weights alone.',
  });
}
