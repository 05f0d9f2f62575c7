/** Gives every layer a name and its inputs, and refuses names that clash or point nowhere. */
import type { Problem } from '../errors.ts';
import { didYouMean } from './didYouMean.ts';
import type { Layer } from './layers.ts';

/** The name by which `inputs` means the data itself. */
export const INPUT = 'input';

/** A layer whose name and inputs are settled. */
export type NamedLayer = Layer & { name: string; inputs: string[] };

/** Unnamed layers are called by type and number (`dense1`, `dense2`); without `inputs` a layer reads the one before it. */
export function nameLayers(layers: readonly Layer[]): { layers: NamedLayer[]; problems: Problem[] } {
  const taken = new Set([INPUT, ...layers.flatMap((layer) => layer.name ?? [])]);
  const seen = new Set([INPUT]);
  const problems: Problem[] = [];
  let previous = INPUT;
  const named = layers.map((layer, index) => {
    const field = `model[${index}].${layer.type}`;
    const name = layer.name ?? freeName(layer.type, taken);
    const inputs = typeof layer.inputs === 'string' ? [layer.inputs] : (layer.inputs ?? [previous]);
    problems.push(...inputs.flatMap((input) => (seen.has(input) ? [] : unknownInput(input, field, [...seen]))));
    if (seen.has(name)) {
      problems.push({
        code: 'recipe-layer-name',
        path: `${field}.name`,
        message: `"${name}" is already the name of ${name === INPUT ? 'the data itself' : 'another layer'}.`,
        remedy: 'Give each layer a name of its own.',
      });
    }
    if (inputs.length > 1 && layer.type !== 'concatenate' && layer.type !== 'add') {
      problems.push({
        code: 'recipe-layer-name',
        path: `${field}.inputs`,
        message: `${layer.type} reads one layer, not ${inputs.length}.`,
        remedy: 'Join them first with concatenate or add.',
      });
    }
    seen.add(name);
    taken.add(name);
    previous = name;
    return { ...layer, name, inputs } as NamedLayer;
  });
  return { layers: named, problems };
}

function freeName(type: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    if (!taken.has(`${type}${number}`)) {
      return `${type}${number}`;
    }
  }
}

function unknownInput(input: string, field: string, before: readonly string[]): Problem {
  const guess = didYouMean(input, before);
  return {
    code: 'recipe-layer-name',
    path: `${field}.inputs`,
    message: `"${input}" is no layer above this one.`,
    remedy: `${guess === null ? '' : `Did you mean ${guess}? `}Layers above: ${before.join(', ')}.`,
  };
}
