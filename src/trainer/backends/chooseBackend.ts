/** Decides which backend trains a recipe, by the recipe's word or by timing a few real steps of its model on each. */
import { SkilletError } from '../../common/errors.ts';
import { MODULE_FIELD } from '../../common/recipe/modelSchema.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { BackendChoice, BackendTrial } from '../../common/run/events.ts';
import { describeCpu } from './activate.ts';
import { type Backend, CannotStart, type Started, type Workload } from './backend.ts';
import { isOutOfMemory } from './isOutOfMemory.ts';
import { adviseOnMemory } from './memoryAdvice.ts';
import { NOT_INSTALLED } from './tensorflow.ts';
import type { Verdict, Verdicts } from './verdicts.ts';

export interface ChoiceOptions {
  readonly recipe: Recipe;
  readonly backends: readonly Backend[];
  /** What a run that is resumed was trained on. */
  readonly before?: string | null;
  /** Times real steps of the model on the backend that was just started, on weights of its own; gives steps per second. */
  readonly time: (started: Started) => Promise<number>;
  readonly work: Workload;
  readonly verdicts: Verdicts;
  /** All that the speed of a step depends on besides the backends, as plain data. */
  readonly question: unknown;
  readonly now: () => Date;
}

export interface ChosenBackend {
  readonly choice: BackendChoice;
  readonly started: Started;
}

/** A slow backend would need more than a second for one step of such a model. */
const TOO_LARGE_FOR_SLOW = 2e7;

/** Begins the note of a backend that ought to have run: unlike an absent card, its loss is told. */
const FAULT = 'failed';

/** What plain JavaScript was called in runs of version 0.1. */
const OLD_NAMES: Readonly<Record<string, string>> = { cpu: 'js' };

const BEGUN_ON_IT = 'The run was begun on it.';

/** Another device would not help: the run goes on where it was. */
const BRING_BACK =
  'The run was begun on it: bring it back (Skillet: Set Up This Machine, Skillet: Check This Machine), or start a new run.';

/** Words for several backends, the fastest of which is taken. */
const KINDS: Readonly<Record<string, { readonly has: (backend: Backend) => boolean; readonly words: string }>> = {
  auto: { has: () => true, words: 'No backend can train this model' },
  cpu: { has: ({ kind }) => kind === 'cpu', words: 'No backend on the processor can train this model' },
  gpu: { has: ({ kind }) => kind === 'gpu', words: 'No backend can use a GPU here' },
  tensorflow: { has: ({ name }) => name.startsWith('tensorflow-'), words: 'TensorFlow cannot be used here' },
};

/**
 * Afterwards the chosen backend is the current one.
 *
 * @throws {SkilletError} `backend-unavailable` or `backend-unsupported`; never falls back without a word.
 */
export async function chooseBackend(options: ChoiceOptions): Promise<ChosenBackend> {
  const { device } = options.recipe.train;
  const kind = Object.hasOwn(KINDS, device) ? KINDS[device] : undefined;
  if (kind === undefined) {
    return startNamed(options, device, `The recipe asks for ${device}.`);
  }
  const { before } = options;
  if (before !== undefined && before !== null) {
    return startNamed(options, OLD_NAMES[before] ?? before, BEGUN_ON_IT);
  }
  const backends = options.backends.filter(kind.has);
  return (await recall({ ...options, backends })) ?? race({ ...options, backends }, kind.words);
}

async function startNamed(options: ChoiceOptions, wanted: string, reason: string): Promise<ChosenBackend> {
  const { backends, work } = options;
  const backend = backends.find(({ name }) => name === wanted);
  if (backend === undefined) {
    const names = [...Object.keys(KINDS), ...backends.map(({ name }) => name)].join(', ');
    throw new SkilletError('backend-unavailable', 'train.device', {
      message: `"${wanted}" is no backend.`,
      remedy: `Set device to one of ${names}; auto lets the fastest be taken.`,
    });
  }
  const obstacle = findObstacle(options, backend);
  if (obstacle !== null) {
    const able = backends.filter((other) => findObstacle(options, other) === null).map(({ name }) => name);
    throw new SkilletError('backend-unsupported', obstacle.path, {
      message: `${backend.name} (${backend.label}) ${obstacle.message}.`,
      remedy: `Set train.device to ${[...able, 'auto'].join(' or ')}.`,
    });
  }
  try {
    const started = await backend.start(work);
    return { choice: { name: backend.name, device: started.device, reason, trials: [] }, started };
  } catch (error) {
    const remedy = error instanceof CannotStart ? error.remedy : 'Set train.device to auto or to another backend.';
    throw new SkilletError('backend-unavailable', 'train.device', {
      message: `${backend.name} did not start: ${toMessage(error)}.`,
      remedy: reason === BEGUN_ON_IT ? BRING_BACK : remedy,
    });
  }
}

interface Obstacle {
  /** The field of the recipe that is in the way. */
  readonly path: string;
  readonly message: string;
  /** The same in few words. */
  readonly note: string;
}

/** What of the recipe the backend cannot do. */
function findObstacle({ recipe, work }: ChoiceOptions, backend: Backend): Obstacle | null {
  const { unsupportedLayers, unsupportedInModules = [], hasReplicas } = backend;
  const index = recipe.model.findIndex(({ type }) => unsupportedLayers.includes(type));
  const layer = recipe.model[index];
  if (layer !== undefined) {
    return {
      path: `model[${index}].${layer.type}`,
      message: `cannot train the ${layer.type} layer "${layer.name}": an operation of its gradient is missing there`,
      note: `cannot train ${layer.type}`,
    };
  }
  const type = work.moduleLayers?.find((each) => [...unsupportedLayers, ...unsupportedInModules].includes(each));
  if (type !== undefined) {
    return {
      path: MODULE_FIELD,
      message: `cannot train a ${type} layer: an operation of its gradient is missing or wrong there`,
      note: `cannot train ${type}`,
    };
  }
  return (work.replicas ?? 1) > 1 && !hasReplicas
    ? {
        path: 'train.replicas',
        message: `cannot share a batch among ${work.replicas} replicas`,
        note: 'cannot share a batch among replicas',
      }
    : null;
}

/** What an earlier race on this machine found; null when there was none, or its winner no longer starts. */
async function recall(options: ChoiceOptions): Promise<ChosenBackend | null> {
  const verdict = options.verdicts.find(toQuestion(options));
  const backend = options.backends.find(({ name }) => name === verdict?.name);
  if (verdict === null || backend === undefined) {
    return null;
  }
  try {
    const started = await backend.start(options.work);
    const { device } = started;
    return { choice: { name: backend.name, device, reason: explain(verdict), trials: verdict.trials }, started };
  } catch {
    return null; // The race tells what is wrong with it now.
  }
}

function toQuestion({ question, work, backends }: ChoiceOptions): unknown {
  const installed = backends.map(({ name, installation }) => [name, installation]);
  return { question, rows: work.batchSize, machine: describeCpu(), backends: installed };
}

interface Candidate {
  readonly backend: Backend;
  readonly stepsPerSecond: number;
}

interface Loser {
  readonly note: string;
  /** What a person can do about it. */
  readonly remedy?: string;
  /** Whether it would train the model, had it more memory. */
  readonly isFull?: boolean;
}

async function race(options: ChoiceOptions, failure: string): Promise<ChosenBackend> {
  const results = new Map<Backend, Candidate | Loser>();
  for (const backend of options.backends) {
    const hasOther = [...results.values()].some((result) => 'backend' in result);
    results.set(backend, await tryBackend(backend, options, hasOther));
  }
  const candidates = [...results.values()].filter((result): result is Candidate => 'backend' in result);
  const best = candidates.toSorted((a, b) => b.stepsPerSecond - a.stepsPerSecond)[0];
  if (best === undefined) {
    throw noBackend(options, failure, results);
  }
  const started = await best.backend.start(options.work);
  const trials = [...results].map(([{ name }, result]): BackendTrial => toTrial(name, result, best));
  const verdict = { at: options.now().toISOString(), name: best.backend.name, trials };
  // What failed may work the next time, and would then never be tried.
  if (!trials.some(isFault)) {
    options.verdicts.keep(toQuestion(options), verdict);
  }
  const reason = explain({ ...verdict, at: null });
  return { choice: { name: best.backend.name, device: started.device, reason, trials }, started };
}

function toTrial(name: string, result: Candidate | Loser, best: Candidate): BackendTrial {
  return 'note' in result
    ? { name, stepsPerSecond: null, note: result.note }
    : {
        name,
        stepsPerSecond: result.stepsPerSecond,
        note: result === best ? '' : `slower than ${best.backend.name}`,
      };
}

function noBackend(
  { recipe }: ChoiceOptions,
  failure: string,
  results: ReadonlyMap<Backend, Candidate | Loser>,
): SkilletError {
  const losers = [...results].map(([{ name }, result]) => ({ name, ...(result as Loser) }));
  const full = losers.find(({ isFull }) => isFull);
  const isShared = (recipe.train.replicas ?? 1) > 1 && losers.some(({ note }) => note.endsWith(NOT_INSTALLED));
  const remedy = isShared
    ? 'Run "Skillet: Set Up This Machine" (skillet setup), or take train.replicas out.'
    : (full ?? losers.find((loser) => loser.remedy !== undefined))?.remedy;
  const [code, field] =
    full === undefined
      ? (['backend-unavailable', 'train.device'] as const)
      : (['run-out-of-memory', 'train.batchSize'] as const);
  return new SkilletError(code, field, {
    message: `${failure}: ${losers.map(({ name, note }) => `${name}: ${note}`).join('; ')}.`,
    remedy: remedy ?? 'Change the layers that are named, or set train.device to auto.',
  });
}

async function tryBackend(backend: Backend, options: ChoiceOptions, hasOther: boolean): Promise<Candidate | Loser> {
  const { time, work } = options;
  const obstacle = findObstacle(options, backend);
  if (obstacle !== null) {
    return { note: obstacle.note };
  }
  if (backend.isSlow && hasOther && work.stepCost > TOO_LARGE_FOR_SLOW) {
    return { note: `not timed: the model is too large for ${backend.label}` };
  }
  const hasProcessor = options.backends.some(({ kind }) => kind === 'cpu');
  if (hasProcessor && work.stepCost < (backend.leastStepCost ?? 0)) {
    return { note: `not timed: the model is too small to gain from ${backend.label}` };
  }
  try {
    const started = await backend.start(work);
    return { backend, stepsPerSecond: await time(started) };
  } catch (error) {
    if (isOutOfMemory(error)) {
      const remedy = adviseOnMemory(backend, { wanted: options.recipe.train.batchSize, rows: work.batchSize });
      return { note: `ran out of memory: ${toMessage(error)}`, remedy, isFull: true };
    }
    return error instanceof CannotStart
      ? { note: `did not start: ${toMessage(error)}`, remedy: error.remedy }
      : { note: `${FAULT}: ${toMessage(error)}` };
  }
}

/** @param verdict Its `at` is null where it was found just now. */
function explain({ at, name, trials }: Omit<Verdict, 'at'> & { readonly at: string | null }): string {
  const timed = trials.filter(({ stepsPerSecond }) => stepsPerSecond !== null);
  const others = timed.filter((trial) => trial.name !== name);
  if (others.length === 0) {
    const why = trials.filter((trial) => trial.name !== name).map((trial) => `${trial.name}: ${trial.note}`);
    return `It is the only choice for this model here${why.length === 0 ? '' : ` (${why.join('; ')})`}.`;
  }
  const best = timed.find((trial) => trial.name === name);
  const speeds = others.map((trial) => `${trial.name} ${showRate(trial.stepsPerSecond)}`).join(', ');
  const when = at === null ? '' : ` when it was timed on ${at.slice(0, 10)}`;
  const rate = showRate(best?.stepsPerSecond ?? 0);
  const hint = trials.some(({ note }) => note.endsWith(NOT_INSTALLED))
    ? ' TensorFlow, often several times as fast, is not set up here ("Skillet: Set Up This Machine", or skillet setup).'
    : '';
  const faults = trials.filter(isFault).map((trial) => ` ${trial.name} ${trial.note}.`);
  return `It was the fastest for this model${when}: ${rate} steps a second (${speeds}).${hint}${faults.join('')}`;
}

function isFault({ note }: BackendTrial): boolean {
  return note.startsWith(FAULT);
}

function showRate(stepsPerSecond: number | null): string {
  const rate = stepsPerSecond ?? 0;
  return rate >= 10 ? Math.round(rate).toLocaleString('en') : rate.toPrecision(2);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
