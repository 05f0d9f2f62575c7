/** Advice on layers that do nothing, or harm, where they stand. */
import type { Problem } from '../../errors.ts';
import type { NamedLayer } from '../nameLayers.ts';
import type { Recipe } from '../schema.ts';
import { warning } from './warning.ts';

export function adviseLayers(recipe: Recipe): Problem[] {
  return [...deadDropout(recipe), ...linearStacks(recipe)];
}

const WITHOUT_WEIGHTS: readonly string[] = ['dropout', 'activation', 'flatten', 'reshape'];

function deadDropout({ model }: Recipe): Problem[] {
  const lastWeights = model.findLastIndex(({ type }) => !WITHOUT_WEIGHTS.includes(type));
  return model.flatMap((layer, index) =>
    layer.type === 'dropout' && lastWeights >= 0 && index > lastWeights
      ? [
          warning('dead-dropout', `model[${index}].dropout`, {
            message: `sets ${Math.round(layer.rate * 100)} % of the predictions themselves to 0 in training: no layer with weights follows.`,
            remedy: 'Put it before the last dense layer, or take it out.',
          }),
        ]
      : [],
  );
}

function linearStacks({ model }: Recipe): Problem[] {
  return model.flatMap((layer, index) => {
    const reader = layer.type === 'dense' && layer.activation === 'linear' ? onlyReader(model, layer.name) : null;
    return reader?.type === 'dense'
      ? [
          warning('linear-stack', `model[${index}].dense`, {
            message: `has no activation, and ${reader.name} follows: two such layers can do no more than one.`,
            remedy: 'Add activation: relu, or take the layer out.',
          }),
        ]
      : [];
  });
}

/** The one layer that a layer's output ends in, dropout looked through; null where there are several or none. */
function onlyReader(model: readonly NamedLayer[], name: string): NamedLayer | null {
  const readers = model.filter(({ inputs }) => inputs.includes(name));
  const [reader] = readers;
  if (reader === undefined || readers.length > 1) {
    return null;
  }
  return reader.type === 'dropout' ? onlyReader(model, reader.name) : reader;
}
