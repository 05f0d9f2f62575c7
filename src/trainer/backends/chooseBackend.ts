/** Decides which backend trains a recipe, by the recipe's word or by timing a few real steps of its model on each. */
import { SkilletError } from '../../common/errors.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { BackendChoice, BackendTrial } from '../../common/run/events.ts';
import type { Backend } from './backend.ts';

export interface ChoiceOptions {
  readonly recipe: Recipe;
  readonly backends: readonly Backend[];
  /** What a run that is resumed was trained on. */
  readonly before?: string | null;
  /** Times real steps of the model on the current backend, on weights of its own; gives steps per second. */
  readonly time: () => number;
  /** Multiplications of one step, roughly: weights × batch × time steps. */
  readonly stepCost: number;
}

/** A slow backend would need more than a second for one step of such a model. */
const TOO_LARGE_FOR_SLOW = 2e7;

/**
 * Afterwards the chosen backend is the current one.
 *
 * @throws {SkilletError} `backend-unavailable` or `backend-unsupported`; never falls back without a word.
 */
export async function chooseBackend(options: ChoiceOptions): Promise<BackendChoice> {
  const { device } = options.recipe.train;
  if (device !== 'auto') {
    return startNamed(options, device, `The recipe asks for ${device}.`);
  }
  const { before } = options;
  return before === undefined || before === null
    ? race(options)
    : startNamed(options, before, 'The run was begun on it.');
}

async function startNamed({ recipe, backends }: ChoiceOptions, wanted: string, reason: string): Promise<BackendChoice> {
  // `cpu` is both a kind of device and the name of a backend; the backend is meant.
  const candidates = backends.filter(({ name, kind }) => name === wanted || (wanted === 'gpu' && kind === 'gpu'));
  const backend = candidates[0];
  if (backend === undefined) {
    const names = backends.map(({ name }) => name).join(', ');
    throw new SkilletError('backend-unavailable', 'train.device', {
      message: wanted === 'gpu' ? 'No GPU backend is present.' : `"${wanted}" is no backend.`,
      remedy: `Present here: ${names}. Set device to one of them, or to auto to let the fastest be taken.`,
    });
  }
  const obstacle = untrainable(recipe, backend);
  if (obstacle !== null) {
    const able = backends.filter((other) => untrainable(recipe, other) === null).map(({ name }) => name);
    throw new SkilletError('backend-unsupported', obstacle.path, {
      message: `${backend.name} (${backend.label}) cannot train the ${obstacle.type} layer "${obstacle.name}": an operation of its gradient is missing there.`,
      remedy: `Set train.device to ${[...able, 'auto'].join(' or ')}.`,
    });
  }
  try {
    const device = await backend.start();
    return { name: backend.name, device, reason, trials: [] };
  } catch (error) {
    throw new SkilletError('backend-unavailable', 'train.device', {
      message: `${backend.name} did not start: ${toMessage(error)}.`,
      remedy: 'Set train.device to auto or to another backend.',
    });
  }
}

/** The first layer that the backend cannot train. */
function untrainable(recipe: Recipe, { unsupportedLayers }: Backend) {
  const index = recipe.model.findIndex(({ type }) => unsupportedLayers.includes(type));
  const layer = recipe.model[index];
  return layer === undefined ? null : { type: layer.type, name: layer.name, path: `model[${index}].${layer.type}` };
}

interface Candidate {
  readonly backend: Backend;
  readonly device: string;
  /** Zero where it was not timed. */
  readonly stepsPerSecond: number;
}

async function race(options: ChoiceOptions): Promise<BackendChoice> {
  const candidates: Candidate[] = [];
  const out: BackendTrial[] = [];
  for (const backend of options.backends) {
    const result = await tryBackend(backend, options, candidates.length > 0);
    if ('note' in result) {
      out.push({ name: backend.name, stepsPerSecond: null, note: result.note });
    } else {
      candidates.push(result);
    }
  }
  const best = candidates.toSorted((a, b) => b.stepsPerSecond - a.stepsPerSecond)[0];
  if (best === undefined) {
    throw new SkilletError('backend-unavailable', 'train.device', {
      message: `No backend can train this model: ${out.map(({ name, note }) => `${name}: ${note}`).join('; ')}.`,
      remedy: 'Change the layers that are named, or install another backend.',
    });
  }
  await best.backend.start();
  const timed = candidates.map(({ backend, stepsPerSecond }) => ({
    name: backend.name,
    stepsPerSecond: candidates.length > 1 ? stepsPerSecond : null,
    note: backend === best.backend ? '' : `slower than ${best.backend.name}`,
  }));
  const trials = options.backends.flatMap(({ name }) => [...timed, ...out].filter((trial) => trial.name === name));
  return { name: best.backend.name, device: best.device, reason: explain(best, candidates, out), trials };
}

async function tryBackend(
  backend: Backend,
  { recipe, time, stepCost }: ChoiceOptions,
  hasOther: boolean,
): Promise<Candidate | { note: string }> {
  const obstacle = untrainable(recipe, backend);
  if (obstacle !== null) {
    return { note: `cannot train ${obstacle.type}` };
  }
  if (backend.isSlow && hasOther && stepCost > TOO_LARGE_FOR_SLOW) {
    return { note: `not timed: the model is too large for ${backend.label}` };
  }
  try {
    const device = await backend.start();
    return { backend, device, stepsPerSecond: time() };
  } catch (error) {
    return { note: `did not start: ${toMessage(error)}` };
  }
}

function explain(best: Candidate, candidates: readonly Candidate[], out: readonly BackendTrial[]): string {
  const others = candidates.filter((candidate) => candidate !== best);
  if (others.length === 0) {
    const why = out.map(({ name, note }) => `${name}: ${note}`).join('; ');
    return `It is the only choice for this model here${why === '' ? '' : ` (${why})`}.`;
  }
  const speeds = others.map(({ backend, stepsPerSecond }) => `${backend.name} ${showRate(stepsPerSecond)}`).join(', ');
  return `It was the fastest for this model: ${showRate(best.stepsPerSecond)} steps a second (${speeds}).`;
}

function showRate(stepsPerSecond: number): string {
  return stepsPerSecond >= 10 ? Math.round(stepsPerSecond).toLocaleString('en') : stepsPerSecond.toPrecision(2);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
