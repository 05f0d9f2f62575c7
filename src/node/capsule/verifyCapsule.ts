/** Does a capsule's run again and says whether it comes out the same. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Capsule,
  type CapsuleFile,
  isCutOff,
  parseCapsule,
  stoppedAfter,
  unreadable,
} from '../../common/capsule/capsule.ts';
import { pathInside } from '../../common/capsule/capsulePaths.ts';
import type { Changed, Tolerance, Verification } from '../../common/capsule/verification.ts';
import { type Problem, SkilletError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import { dataFiles } from '../../common/recipe/dataFiles.ts';
import { parseRecipe } from '../../common/recipe/parse.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { BackendChoice, Launch, RunEvent, RunStart } from '../../common/run/events.ts';
import { RefusedRecipe } from '../createRun.ts';
import { type Comparison, createComparison, type Found } from './compareRun.ts';
import { hashFile } from './hashFile.ts';
import { weightsFile } from './makeCapsule.ts';
import { rerun, type TrainerHere } from './rerun.ts';

export interface VerifyOptions extends TrainerHere {
  /** For messages. */
  readonly capsuleFile: string;
  /** Holds the data, in folders as they lay around the recipe; that of the capsule's file as a rule. */
  readonly rootFolder: string;
  /** Somebody trusts the capsule enough to run its module. */
  readonly isModuleAllowed: boolean;
  /** Another backend than the capsule's. */
  readonly device?: string;
  /** Largest relative difference that passes, in place of what is chosen. */
  readonly tolerance?: number;
  /** Goes on to the end of a run that differs. */
  readonly goesOn?: boolean;
  readonly now: Date;
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
  onProgress?(progress: { readonly steps: number; readonly of: number }): void;
}

/** A capsule is read whole. */
const MOST_BYTES = 200_000_000;

/** @throws {SkilletError} `capsule-unreadable`. */
export async function readCapsule(file: string): Promise<Capsule> {
  const name = path.basename(file);
  const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error.code === 'ENOENT' ? 'is not there.' : `cannot be read: ${error.message}.`);
  });
  if (size > MOST_BYTES) {
    throw unreadable(name, `has ${formatBytes(size)}; no capsule has more than ${formatBytes(MOST_BYTES)}.`);
  }
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw unreadable(file, `cannot be read: ${error.message}.`);
  });
  return parseCapsule(text, name);
}

/**
 * @throws {RefusedRecipe} Its recipe cannot be trained here.
 * @throws {SkilletError} `capsule-data`, `capsule-path`, `capsule-module`, `capsule-unreadable`, `backend-unavailable`…,
 * `trainer-died`; or the signal's reason.
 */
export async function verifyCapsule(capsule: Capsule, options: VerifyOptions): Promise<Verification> {
  const startedMs = options.monotonicMs();
  const recipe = readRecipeOf(capsule, options);
  refuseModule(capsule, recipe, options);
  const tempFolder = await mkdtemp(path.join(tmpdir(), 'skillet-verify-'));
  try {
    const dataRoot = await layOutData(capsule, recipe, { tempFolder, options });
    const done = await doAgain(capsule, options, {
      tempFolder,
      recipeFile: path.join(dataRoot, capsule.recipe.folder, 'capsule.recipe.yaml'),
    });
    return toVerification(capsule, done, options.monotonicMs() - startedMs);
  } finally {
    await rm(tempFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @throws {RefusedRecipe} */
function readRecipeOf(capsule: Capsule, { capsuleFile }: VerifyOptions): Recipe {
  const { recipe, problems } = parseRecipe(capsule.recipe.text);
  if (recipe === null) {
    throw new RefusedRecipe(capsuleFile, problems);
  }
  return recipe;
}

/** @throws {SkilletError} `capsule-module`. */
function refuseModule({ module }: Capsule, recipe: Recipe, { isModuleAllowed }: VerifyOptions): void {
  if (recipe.module !== null && module === null) {
    throw new SkilletError('capsule-unreadable', recipe.module, {
      message: 'is the module of the recipe, but the capsule has no hash of it.',
      remedy: 'Name a file that skillet capsule has written, whole.',
    });
  }
  if (recipe.module !== null && !isModuleAllowed) {
    throw new SkilletError('capsule-module', recipe.module, {
      message: 'is a program that the capsule would run on this machine.',
      remedy: 'Read it first; then allow it: skillet verify --allow-module, or trust the workspace.',
    });
  }
}

interface Places {
  readonly tempFolder: string;
  readonly options: VerifyOptions;
}

/** @returns The folder that holds the data: the temporary one where the capsule brings all of it. */
async function layOutData(capsule: Capsule, recipe: Recipe, { tempFolder, options }: Places): Promise<string> {
  const { folder } = capsule.recipe;
  if (folder !== '') {
    pathInside('', folder);
  }
  const module = capsule.module === null ? [] : [capsule.module];
  const known = capsule.data.dataset === null ? [...capsule.data.files, ...module] : module;
  const named = [...dataFiles(recipe).map(({ file }) => file), ...(recipe.module === null ? [] : [recipe.module])];
  const files = named.map((name) => {
    const inside = pathInside(folder, name);
    const file = known.find((one) => one.file === name);
    if (file === undefined) {
      throw unreadable(path.basename(options.capsuleFile), `has no hash of "${name}", which its recipe reads.`);
    }
    return { inside, file };
  });
  const isWhole = files.length > 0 && files.every(({ file }) => file.content !== undefined);
  const root = isWhole ? path.join(tempFolder, 'data') : path.resolve(options.rootFolder);
  await mkdir(path.join(tempFolder, 'data', folder), { recursive: true });
  for (const { inside, file } of files) {
    const place = path.join(root, inside);
    if (isWhole) {
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, Buffer.from(file.content ?? '', 'base64'));
    }
    await refuseOther(file, place, options.signal);
  }
  return root;
}

/** @throws {SkilletError} `capsule-data`. */
async function refuseOther(file: CapsuleFile, place: string, signal: AbortSignal): Promise<void> {
  const found = await hashFile(place, signal).catch((error: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    throw new SkilletError('capsule-data', file.file, {
      message: error.code === 'ENOENT' ? `is not there (looked for ${place}).` : `cannot be read: ${error.message}.`,
      remedy: 'Put the file there, or name the folder that holds the data: skillet verify --data folder.',
    });
  });
  if (found.sha256 !== file.sha256) {
    throw new SkilletError('capsule-data', file.file, {
      message: `is not the file that the run has read: its SHA-256 is ${found.sha256} (${found.bytes} bytes), and the capsule's is ${file.sha256} (${file.bytes} bytes).`,
      remedy: 'Put the file back as it was; with other data the run cannot come out the same.',
    });
  }
}

interface Done {
  readonly comparison: Comparison;
  readonly tolerance: Tolerance;
  readonly backend: BackendChoice;
  readonly reason: string | null;
  readonly changed: readonly Changed[];
  readonly isWhole: boolean;
}

interface Rerunning {
  readonly tempFolder: string;
  readonly recipeFile: string;
}

/** On the capsule's backend; where that is not here, on the fastest that is. */
async function doAgain(capsule: Capsule, options: VerifyOptions, places: Rerunning): Promise<Done> {
  const wanted = options.device ?? capsule.backend.name;
  const first = await attempt(capsule, options, { ...places, device: wanted });
  if (!('problem' in first)) {
    return { ...first, reason: options.device === undefined ? null : 'it was asked for' };
  }
  const { problem } = first;
  const isAbsent = problem.code === 'backend-unavailable' || problem.code === 'backend-unsupported';
  if (!isAbsent || options.device !== undefined) {
    throw toError(problem);
  }
  const second = await attempt(capsule, options, { ...places, device: 'auto' });
  if ('problem' in second) {
    throw toError(second.problem);
  }
  return { ...second, reason: problem.message.replace(/\.$/, '') };
}

const toError = (problem: Problem) => new SkilletError(problem.code, problem.path, problem);

/** Gives the problem of a run that did not begin. */
async function attempt(
  capsule: Capsule,
  options: VerifyOptions,
  { tempFolder, recipeFile, device }: Rerunning & { readonly device: string },
): Promise<Omit<Done, 'reason'> | { readonly problem: Problem }> {
  const runFolder = path.join(tempFolder, `${path.basename(tempFolder)}-${device}`);
  const untilEpoch = stoppedAfter(capsule);
  let launch: Launch | null = null;
  let begun: Omit<Done, 'reason' | 'isWhole'> | null = null;
  const onEvent = (event: RunEvent): boolean => {
    launch = event.type === 'launch' ? event : launch;
    if (event.type === 'runStart') {
      begun = begin(capsule, event, { launch, options });
    }
    begun?.comparison.add(event);
    const steps = begun?.comparison.steps() ?? 0;
    options.onProgress?.({ steps, of: capsule.steps.count });
    const isSettled = begun?.comparison.isDifferent() === true && options.goesOn !== true;
    return isSettled || steps > capsule.steps.count || (isCutOff(capsule) && steps === capsule.steps.count);
  };
  const end = await rerun(
    {
      runFolder,
      recipeFile,
      device,
      untilEpoch,
      onEvent,
      text: capsule.recipe.text,
      now: options.now,
      signal: options.signal,
    },
    options,
  );
  const started = begun as Omit<Done, 'reason' | 'isWhole'> | null;
  if (started === null) {
    const [problem] = end?.problems ?? [];
    return {
      problem: problem ?? { code: 'internal', path: 'trainer', message: end?.message ?? '', remedy: 'Try again.' },
    };
  }
  if (end !== null) {
    started.comparison.addWeights(
      await hashFile(weightsFile(runFolder)).then(
        ({ sha256 }) => sha256,
        () => null,
      ),
    );
  }
  return { ...started, isWhole: end !== null };
}

/** @throws {SkilletError} `capsule-data`: the data was changed since it was looked at. */
function begin(
  capsule: Capsule,
  start: RunStart,
  { launch, options }: { readonly launch: Launch | null; readonly options: VerifyOptions },
): Omit<Done, 'reason' | 'isWhole'> {
  for (const file of start.data.files ?? []) {
    const expected = capsule.data.files.find((one) => one.file === file.file);
    if (expected !== undefined && expected.sha256 !== file.sha256) {
      throw new SkilletError('capsule-data', file.file, {
        message: `is not the file that the run has read: its SHA-256 is ${file.sha256}, and the capsule's is ${expected.sha256}.`,
        remedy: 'Put the file back as it was; a named data set is fetched anew when it is deleted.',
      });
    }
  }
  const changed = findChanges(capsule, start.backend, launch);
  const tolerance = chooseTolerance(capsule, changed, options.tolerance);
  return { comparison: createComparison(capsule, tolerance), tolerance, changed, backend: start.backend };
}

function findChanges({ backend, versions }: Capsule, now: BackendChoice, launch: Launch | null): Changed[] {
  const found: Record<string, string> = {
    ...launch?.versions,
    ...(launch === null ? {} : { skillet: launch.skillet }),
  };
  const pairs: [string, string, string][] = [
    ['backend', backend.name, now.name],
    ['device', backend.device, now.device],
    ['steps', backend.execution ?? 'unknown', now.execution ?? 'unknown'],
    ...(backend.name === now.name && (backend.version ?? now.version) !== undefined
      ? [[`${now.name}'s library`, backend.version ?? 'none', now.version ?? 'none'] as [string, string, string]]
      : []),
    ...Object.keys({ ...versions, ...found }).map((name): [string, string, string] => [
      name,
      Object.hasOwn(versions, name) ? (versions[name] ?? '') : 'unknown',
      found[name] ?? 'unknown',
    ]),
  ];
  return pairs.flatMap(([what, expected, actual]) => (expected === actual ? [] : [{ what, expected, actual }]));
}

/** Where sums are always taken in one order. */
const REPEATABLE = ['js', 'wasm', 'tensorflow-cpu'];
/**
 * Rounding is some 1e-7 of a number; sums in another order, or another exponential function, differ by a few of those, and
 * training makes that grow with its steps.
 */
const USUAL_TOLERANCE = 1e-3;

function chooseTolerance({ backend }: Capsule, changed: readonly Changed[], given: number | undefined): Tolerance {
  if (given !== undefined) {
    return {
      relative: given,
      why: given === 0 ? 'none, as it was asked for.' : `${given} of each number, as it was asked for.`,
    };
  }
  if (changed.length === 0 && REPEATABLE.includes(backend.name)) {
    return {
      relative: 0,
      why: `none: ${backend.name} gives the same bits wherever device and versions are the same, as they are.`,
    };
  }
  const why =
    changed.length > 0
      ? `the ${changed[0]?.what} is another one, so that numbers are rounded otherwise`
      : `${backend.name} adds up in an order that changes from run to run`;
  return {
    relative: USUAL_TOLERANCE,
    why: `0.1 % of each number, because ${why}, and training makes such differences grow.`,
  };
}

function toVerification(capsule: Capsule, done: Done, durationMs: number): Verification {
  const found = done.comparison.found();
  const { firstInexact, firstBeyond } = found;
  return {
    name: capsule.name,
    verdict: firstBeyond !== null ? 'different' : firstInexact === null ? 'identical' : 'withinTolerance',
    backend: { expected: capsule.backend.name, actual: done.backend.name, reason: done.reason },
    changed: done.changed,
    tolerance: done.tolerance,
    ...found,
    notes: [...found.notes, ...notesOn(capsule, done, found)],
    isCutShort: firstBeyond !== null && !done.isWhole,
    durationMs,
  };
}

function notesOn(capsule: Capsule, { isWhole }: Done, { firstBeyond }: Found): string[] {
  const { run, data } = capsule;
  return [
    ...(data.hashedAt === 'capsule'
      ? ['The hashes of the data were taken when the capsule was made: the run itself may have read other data.']
      : []),
    ...(isWhole
      ? []
      : [
          firstBeyond === null
            ? `The run was ${run.status} within an epoch, so that its steps were compared, and no result.`
            : 'It was ended at the first difference: --all, or Go On in VS Code, trains it to its end.',
        ]),
  ];
}
