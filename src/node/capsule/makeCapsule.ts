/** Makes a capsule of a run. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CAPSULE_VERSION, type Capsule, type CapsuleFile } from '../../common/capsule/capsule.ts';
import { isAbsolute } from '../../common/capsule/capsulePaths.ts';
import { SkilletError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import { MODEL_FILES } from '../../common/model/sidecar.ts';
import { dataFiles } from '../../common/recipe/dataFiles.ts';
import { parseRecipe } from '../../common/recipe/parse.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { FileFingerprint, RunStart } from '../../common/run/events.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { isInterrupted } from '../readRun.ts';
import { writeWhole } from '../writeWhole.ts';
import { hashFile } from './hashFile.ts';
import { packLosses } from './packLosses.ts';
import { type RunRecord, readRecord } from './runRecord.ts';

export interface MadeCapsule {
  readonly capsule: Capsule;
  /** The folder that holds the recipe and all its data: a capsule in it is verified without being told where they are. */
  readonly rootFolder: string;
  /** Sentences that a person should read. */
  readonly notes: readonly string[];
}

export interface CapsuleOptions {
  /** The data and the module go into the capsule, so that a stranger can verify it. */
  readonly withData?: boolean;
  readonly now: Date;
}

/** As much as a mail takes. */
const MOST_DATA_BYTES = 10_000_000;

/** @throws {SkilletError} `capsule-run`, `capsule-data`, `capsule-path`, `run-unreadable`, `recipe-unreadable`. */
export async function makeCapsule(runFolder: string, options: CapsuleOptions): Promise<MadeCapsule> {
  const record = await readRecord(runFolder);
  const start = await refuseUnfit(record, runFolder);
  const { run } = record;
  const recipeFile = run.recipeFile ?? '';
  const text = await readFile(path.join(runFolder, RUN_FILES.recipe), 'utf8').catch((error: Error) => {
    throw new SkilletError('recipe-unreadable', runFolder, {
      message: `its recipe cannot be read: ${error.message}.`,
      remedy: 'Check that the folder is a run and may be read.',
    });
  });
  const { recipe } = parseRecipe(text);
  if (recipe === null) {
    throw unfit(runFolder, 'its recipe is none that this Skillet trains', 'Train the recipe again.');
  }
  const recipeFolder = path.dirname(recipeFile);
  const rootFolder = findRoot(recipe, recipeFolder);
  const files = await takeFiles({ recipe, recipeFolder, start }, options);
  const { primary, ...evaluation } = run.evaluation ?? { primary: null };
  const capsule: Capsule = {
    format: 'skillet-capsule',
    version: CAPSULE_VERSION,
    name: start.name,
    madeAt: options.now.toISOString(),
    recipe: {
      text,
      folder: path.relative(rootFolder, recipeFolder).replaceAll(path.sep, '/'),
      params: { ...start.params },
      seed: start.seed,
    },
    ...files.part,
    backend: toBackend(run.backend ?? start.backend),
    versions: toVersions(record),
    run: {
      startedAt: run.startedAt,
      status: run.end?.status ?? 'interrupted',
      message: run.end?.message ?? '',
      epochs: start.epochs,
      stepsPerEpoch: start.stepsPerEpoch,
      batchSize: start.batchSize,
    },
    steps: packLosses(run.stepLoss),
    epochs: run.epochs.map(({ epoch, metrics }) => ({ epoch, metrics: { ...metrics } })),
    evaluation:
      primary === null || !('metrics' in evaluation)
        ? null
        : { rows: evaluation.rows, metrics: { ...evaluation.metrics }, primary: primary.metric },
    weights: run.end === null ? null : await hashFile(weightsFile(runFolder)).catch(() => null),
  };
  return { capsule, rootFolder, notes: files.notes };
}

export const weightsFile = (runFolder: string) => path.join(runFolder, RUN_FILES.model, MODEL_FILES.weights);

/** Appears whole or not at all. @throws {SkilletError} `model-output`. */
export async function writeCapsule(capsule: Capsule, file: string): Promise<void> {
  await writeWhole(file, `${JSON.stringify(capsule, null, 1)}\n`).catch((error: Error) => {
    throw new SkilletError('model-output', file, {
      message: `cannot be written: ${error.message}.`,
      remedy: 'Name another file.',
    });
  });
}

/** @throws {SkilletError} `capsule-run`. */
async function refuseUnfit({ run, files }: RunRecord, runFolder: string): Promise<RunStart> {
  const { start } = run;
  if (start === null || run.recipeFile === null || run.stepLoss.length === 0) {
    throw unfit(runFolder, 'it is no run, or has not done a step', 'Name a folder under .skillet/runs.');
  }
  if (run.end === null && !(await isInterrupted(run, runFolder))) {
    throw unfit(runFolder, 'it is still training', 'Wait for its end, or stop it.');
  }
  if (start.fork !== undefined) {
    const begun = `it goes on from epoch ${start.fork.epoch} of ${start.fork.run}, and not from its own beginning`;
    throw unfit(runFolder, begun, 'Train its recipe from the beginning.');
  }
  const hashes = new Set(files.map((each) => each.map(({ sha256 }) => sha256).join()));
  if (hashes.size > 1) {
    throw unfit(runFolder, 'its data was changed while it was interrupted', 'Train it again from the beginning.');
  }
  return start;
}

function unfit(runFolder: string, why: string, remedy: string): SkilletError {
  return new SkilletError('capsule-run', runFolder, { message: `No capsule can be made of this run: ${why}.`, remedy });
}

function toBackend({ name, device, execution, version }: RunStart['backend']): Capsule['backend'] {
  return { name, device, execution: execution ?? null, version: version ?? null };
}

function toVersions({ launches }: RunRecord): Record<string, string> {
  const last = launches.at(-1);
  return { skillet: last?.skillet ?? 'unknown', ...last?.versions };
}

/** The lowest folder that holds the recipe, its data and its module. @throws {SkilletError} `capsule-path`. */
function findRoot(recipe: Recipe, recipeFolder: string): string {
  let root = recipeFolder;
  for (const file of namedFiles(recipe)) {
    if (isAbsolute(file)) {
      throw new SkilletError('capsule-path', file, {
        message: 'is an absolute path, which another machine does not have.',
        remedy: 'Name the file relative to the recipe, and train again.',
      });
    }
    while (path.relative(root, path.resolve(recipeFolder, file)).startsWith('..')) {
      root = path.dirname(root);
    }
  }
  return root;
}

function namedFiles(recipe: Recipe): string[] {
  return [...dataFiles(recipe).map(({ file }) => file), ...(recipe.module === null ? [] : [recipe.module])];
}

interface Taken {
  readonly part: Pick<Capsule, 'data' | 'module'>;
  readonly notes: readonly string[];
}

/** The hashes that the run has taken; a run of an older version has none, so they are taken now. */
async function takeFiles(
  of: { readonly recipe: Recipe; readonly recipeFolder: string; readonly start: RunStart },
  options: CapsuleOptions,
): Promise<Taken> {
  const { recipe, recipeFolder, start } = of;
  const isRecorded = start.data.files !== undefined;
  const dataset = recipe.data.dataset ?? null;
  const notes = isRecorded
    ? []
    : ['This run was trained before hashes were recorded: those of its data were taken now.'];
  const recorded = start.data.files ?? (await hashNow(recipe, recipeFolder));
  const module = start.module ?? (recipe.module === null ? null : await hashOne(recipe.module, recipeFolder));
  const mine = dataset === null ? recorded : [];
  const all = [...mine, ...(module === null ? [] : [module])];
  if (options.withData === true) {
    refuseLarge(all, dataset);
  }
  const take = async (one: FileFingerprint): Promise<CapsuleFile> => {
    const present = path.resolve(recipeFolder, one.file);
    const found = await hashFile(present).catch(() => null);
    const isSame = found?.sha256 === one.sha256;
    if (options.withData !== true) {
      notes.push(
        ...(isSame
          ? []
          : [
              `${one.file} is ${found === null ? 'gone since the run has read it' : 'another file now than the run has read'}.`,
            ]),
      );
      return { ...one };
    }
    if (!isSame) {
      throw new SkilletError('capsule-data', one.file, {
        message: `${found === null ? 'is gone' : 'was changed'} since the run has read it, so it cannot be put into the capsule.`,
        remedy: 'Put it back as it was, or make the capsule without the data.',
      });
    }
    return { ...one, content: (await readFile(present)).toString('base64') };
  };
  const files = dataset === null ? await Promise.all(mine.map(take)) : recorded.map((one) => ({ ...one }));
  return {
    part: {
      data: { dataset, files, hashedAt: isRecorded ? 'run' : 'capsule' },
      module: module === null ? null : await take(module),
    },
    notes,
  };
}

function refuseLarge(files: readonly FileFingerprint[], dataset: string | null): void {
  if (dataset !== null) {
    throw new SkilletError('capsule-data', dataset, {
      message: 'is a named data set, which anybody can fetch: it is not put into a capsule.',
      remedy: 'Make the capsule without the data.',
    });
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MOST_DATA_BYTES) {
    throw new SkilletError('capsule-data', files[0]?.file ?? 'data', {
      message: `The data has ${formatBytes(bytes)}; a capsule takes ${formatBytes(MOST_DATA_BYTES)} at most.`,
      remedy: 'Make the capsule without the data, and pass the files on beside it.',
    });
  }
}

function hashNow(recipe: Recipe, recipeFolder: string): Promise<FileFingerprint[]> {
  return Promise.all(dataFiles(recipe).map(({ file }) => hashOne(file, recipeFolder)));
}

async function hashOne(file: string, recipeFolder: string): Promise<FileFingerprint> {
  const found = await hashFile(path.resolve(recipeFolder, file)).catch((error: Error) => {
    throw new SkilletError('capsule-data', file, {
      message: `cannot be read, and the run has not recorded its hash: ${error.message}.`,
      remedy: 'Put the file back, or train again.',
    });
  });
  return { file, ...found };
}
