/** What of a recipe a fork may change: how it is trained, not what; the rest is refused by field. */
import type { Problem } from '../errors.ts';
import type { NamedLayer } from './nameLayers.ts';
import type { Recipe } from './schema.ts';

/** Settings of a layer that leave its weights as they are. */
const FREE_OF_LAYERS: readonly string[] = ['kernelRegularizer', 'rate'];

/** Settings of `train` that say what is learned. */
export const FIXED_OF_TRAINING = ['loss', 'validationSplit'] as const;

const REMEDY = 'Leave it as it was, or train a new run: a fork goes on with the weights and the rows of the other one.';

/**
 * @param parent The recipe that the state comes from. @param child What the fork asks for.
 * @param epoch The fork's first epoch is the one after this.
 */
export function forkProblems(parent: Recipe, child: Recipe, epoch: number): Problem[] {
  const problems = [
    ...differences('data', parent.data, child.data),
    ...modelProblems(parent, child),
    ...FIXED_OF_TRAINING.flatMap((key) => differences(`train.${key}`, parent.train[key], child.train[key])),
  ];
  return child.train.epochs > epoch
    ? problems
    : [
        ...problems,
        {
          code: 'run-not-forkable',
          path: 'train.epochs',
          message: `${child.train.epochs} epochs in all are done already at epoch ${epoch}.`,
          remedy: `Set epochs to more than ${epoch}: it counts from the very beginning.`,
        },
      ];
}

function modelProblems(parent: Recipe, child: Recipe): Problem[] {
  if (parent.module !== child.module) {
    return [changed('model.module', parent.module, child.module)];
  }
  if (parent.model.length !== child.model.length) {
    return [changed('model', `${parent.model.length} layers`, `${child.model.length} layers`)];
  }
  return parent.model.flatMap((layer, i) => layerProblems(layer, child.model[i] as NamedLayer, i));
}

function layerProblems(before: NamedLayer, after: NamedLayer, index: number): Problem[] {
  const field = `model[${index}].${after.type}`;
  if (before.type !== after.type) {
    return [changed(field, before.type, after.type)];
  }
  const [settings, asked] = [before, after] as unknown as Record<string, unknown>[];
  const keys = Object.keys({ ...settings, ...asked }).filter((key) => !FREE_OF_LAYERS.includes(key));
  return keys.flatMap((key) => differences(`${field}.${key}`, settings?.[key], asked?.[key]));
}

/** The deepest fields that differ. */
function differences(path: string, before: unknown, after: unknown): Problem[] {
  const isGroup = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isGroup(before) && isGroup(after)) {
    const keys = Object.keys({ ...before, ...after });
    return keys.flatMap((key) => differences(`${path}.${key}`, before[key], after[key]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [changed(path, before, after)];
}

function changed(path: string, before: unknown, after: unknown): Problem {
  const show = (value: unknown) => (value === undefined || value === null ? 'not set' : JSON.stringify(value));
  return {
    code: 'run-not-forkable',
    path,
    message: `cannot change in a fork: it was ${show(before)} and is to be ${show(after)}.`,
    remedy: REMEDY,
  };
}
