/** The layers of a recipe as calls of Keras's. */
import type { Initializer } from '../recipe/layers.ts';
import type { NamedLayer } from '../recipe/nameLayers.ts';
import { type Call, call, type Expression, text, toExpression, truth } from './expression.ts';

/** What stands in the call by itself, or is none of Keras's settings. */
const OWN = new Set(['type', 'inputs', 'name', 'biases']);
/** How the programs call the number of codes that the texts of the data need. */
export const CODE_COUNT = 'code_count';
/** Recipe words that Keras spells another way. */
const ACTIVATIONS: Readonly<Record<string, string>> = { hardSigmoid: 'hard_sigmoid', swish: 'silu' };

/** The layer's own settings; what is Keras's default too is left out. */
export function kerasLayer(layer: NamedLayer): Call {
  const given: Record<string, Expression> = {};
  for (const [name, value] of Object.entries(layer)) {
    if (!OWN.has(name) && value !== undefined && !isDefault(name, value, layer)) {
      given[name] = setting(name, value);
    }
  }
  if (layer.type === 'gru') {
    given.resetAfter = truth(false);
  }
  if (layer.type === 'embedding' && layer.inputDim === undefined) {
    given.inputDim = { kind: 'name', name: CODE_COUNT };
  }
  given.name = text(layer.name);
  return call('layer', layer.type, given);
}

function isDefault(name: string, value: unknown, layer: NamedLayer): boolean {
  const isRecurrent = layer.type === 'lstm' || layer.type === 'gru' || layer.type === 'simpleRNN';
  const word = typeof value === 'object' && value !== null && 'type' in value ? value.type : value;
  switch (name) {
    case 'activation':
      return layer.type !== 'activation' && word === (isRecurrent ? 'tanh' : 'linear');
    case 'recurrentActivation':
      return word === 'sigmoid';
    case 'kernelInitializer':
      return word === 'glorotUniform';
    case 'biasInitializer':
      return word === 'zeros';
    case 'recurrentInitializer':
      return word === 'orthogonal' && (value as { gain?: number }).gain === 1;
    case 'useBias':
    case 'unitForgetBias':
    case 'center':
    case 'scale':
      return value === true;
    case 'returnSequences':
      return value === false;
    case 'padding':
      return value === 'valid';
    default:
      return false;
  }
}

function setting(name: string, value: unknown): Expression {
  if (name.endsWith('Initializer')) {
    return initializerOf(value as Initializer);
  }
  if (name.endsWith('Regularizer')) {
    return call('regularizer', 'l1l2', toSettings(value as object));
  }
  if (name === 'activation' || name === 'recurrentActivation') {
    return text(ACTIVATIONS[String(value)] ?? String(value));
  }
  return toExpression(name, value);
}

function initializerOf({ type, ...settings }: Initializer): Expression {
  return call('initializer', type, toSettings(settings));
}

export function toSettings(settings: object): Record<string, Expression> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toExpression(name, value)]),
  );
}
