/** Puts together the folder that a job gets: a recipe with all that it needs to be trained, or a script with its files. */
import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { dataFiles } from '../../common/recipe/dataFiles.ts';
import type { DatasetName } from '../../common/recipe/datasets.ts';
import type { Overrides } from '../../common/recipe/override.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import { bringDataset, readRecipe } from '../createRun.ts';
import { datasetFolder } from '../datasets/fetchDataset.ts';
import { filesToBundle, looksSecret } from './bundleFiles.ts';
import { ENTRY_FILE, entryProgram, type ScriptEntry } from './entryProgram.ts';
import { localImports, trainerFiles } from './localImports.ts';

export interface RecipeBundle {
  /** Absolute path. */
  readonly recipeFile: string;
  readonly overrides?: Overrides;
  /** The trainer's bundle; what it loads lies beside it. */
  readonly trainerFile: string;
  /** Of Skillet. */
  readonly version: string;
  /** Where named data sets are. */
  readonly cacheFolder: string;
  /** Brings the data set that the recipe names onto this machine. */
  prepareDataset?(name: DatasetName): Promise<void>;
  /** An empty folder, which becomes the bundle. */
  readonly folder: string;
}

export interface ScriptBundle {
  /** Absolute path. */
  readonly scriptFile: string;
  readonly language: ScriptEntry['language'];
  readonly args: readonly string[];
  /** Relative to the script's folder: these alone go along, even where they look like secrets. Absent: all of its folder. */
  readonly files?: readonly string[];
  readonly folder: string;
}

export interface Bundle {
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
  readonly fileCount: number;
  /** Looked like secrets, and so were left out. */
  readonly leftOut: readonly string[];
  /** The same for the same contents, wherever and whenever it was made: 64 hexadecimal digits. */
  readonly digest: string;
}

/** A script's folder that is larger than this is hardly meant as a whole. */
const LARGE_BYTES = 2e9;

/** @throws {RefusedRecipe} @throws {SkilletError} `cloud-job`: a file that the recipe names cannot go along. */
export async function bundleRecipe(options: RecipeBundle): Promise<Bundle> {
  const { recipeFile, folder } = options;
  const read = await readRecipe(options);
  await bringDataset(read, options);
  const { recipe, text } = read;
  const own = path.dirname(recipeFile);
  const needed = [recipeFile, ...(await filesOf(recipe, own))];
  const root = commonFolder(needed);
  for (const file of needed) {
    await copyTo(file, path.join(folder, 'recipe', path.relative(root, file)));
  }
  const asked = toPosix(path.relative(root, recipeFile));
  await writeFile(path.join(folder, 'recipe', asked), text);
  await mkdir(path.join(folder, 'run'));
  await writeFile(path.join(folder, 'run/recipe.yaml'), text);
  await copyTrainer(options);
  if (recipe.data.dataset !== undefined) {
    const from = datasetFolder(options.cacheFolder, recipe.data.dataset);
    await cp(from, path.join(folder, 'cache/datasets', recipe.data.dataset), { recursive: true });
  }
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ version: options.version }));
  const entry = entryProgram({ type: 'recipe', file: asked, toldFile: recipeFile });
  await writeFile(path.join(folder, ENTRY_FILE), entry);
  return { ...(await measure(folder)), folder, name: recipe.name, leftOut: [] };
}

/** Data and module files of a recipe, and what the module imports by path; absolute paths. */
async function filesOf(recipe: Recipe, folder: string): Promise<string[]> {
  const named = dataFiles(recipe);
  const absolute = named.find(({ file }) => path.isAbsolute(file));
  if (absolute !== undefined || (recipe.module !== null && path.isAbsolute(recipe.module))) {
    throw new SkilletError('cloud-job', absolute?.field ?? 'model.module', {
      message: `"${absolute?.file ?? recipe.module}" is a place on this computer alone, so the job would not find it.`,
      remedy: 'Write the path relative to the recipe.',
    });
  }
  const data = named.map(({ file }) => path.resolve(folder, file));
  const modules = recipe.module === null ? [] : await localImports(path.resolve(folder, recipe.module));
  return [...new Set([...data, ...modules])];
}

/** The deepest folder that holds them all. */
export function commonFolder(files: readonly string[]): string {
  const [first, ...others] = files.map((file) => path.dirname(path.resolve(file)).split(path.sep));
  const parts = first ?? [];
  const count = others.reduce((shared, other) => {
    const differs = parts.findIndex((part, at) => other[at] !== part);
    return Math.min(shared, differs < 0 ? parts.length : differs);
  }, parts.length);
  return parts.slice(0, count).join(path.sep) || path.sep;
}

async function copyTrainer({ trainerFile, folder }: RecipeBundle): Promise<void> {
  const from = path.dirname(trainerFile);
  const beside = (await readdir(from)).filter((name) => name.endsWith('.wasm'));
  for (const name of [...(await trainerFiles(trainerFile)), ...beside]) {
    await copyTo(path.join(from, name), path.join(folder, 'trainer', name));
  }
  for (const platform of ['linux-x64', 'linux-arm64']) {
    const koffi = path.join(from, 'koffi', platform, 'koffi.node');
    if ((await stat(koffi).catch(() => null)) !== null) {
      await copyTo(koffi, path.join(folder, 'trainer/koffi', platform, 'koffi.node'));
    }
  }
}

/** @throws {SkilletError} `cloud-job`. */
export async function bundleScript(options: ScriptBundle): Promise<Bundle> {
  const { scriptFile, folder } = options;
  const own = path.dirname(scriptFile);
  const script = path.basename(scriptFile);
  if (!(await isFile(scriptFile))) {
    throw new SkilletError('cloud-job', scriptFile, { message: 'is not there.', remedy: 'Check the path.' });
  }
  const found = options.files === undefined ? await filesToBundle(own) : null;
  if (found !== null && found.bytes > LARGE_BYTES) {
    throw new SkilletError('cloud-job', own, {
      message: `holds ${(found.bytes / 1e9).toFixed(1)} GB, all of which would be uploaded with the script.`,
      remedy: 'Name the files that the script needs, or move the script into a folder of its own.',
    });
  }
  const named = found?.files ?? options.files ?? [];
  for (const file of new Set([script, ...named.map(toPosix)])) {
    await copyTo(inside(own, file), path.join(folder, 'files', file));
  }
  await writeFile(path.join(folder, ENTRY_FILE), entryProgram({ type: 'script', file: script, ...options }));
  return {
    ...(await measure(folder)),
    folder,
    name: script.replace(/\.[^.]+$/, ''),
    leftOut: (found?.leftOut ?? []).filter((file) => file !== script && looksSecret(file)),
  };
}

function inside(folder: string, file: string): string {
  const full = path.resolve(folder, file);
  if (path.relative(folder, full).startsWith('..')) {
    throw new SkilletError('cloud-job', file, {
      message: "lies outside the script's folder.",
      remedy: 'Copy it into the folder of the script.',
    });
  }
  return full;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() === true;
}

async function copyTo(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await copyFile(from, to).catch((error: Error) => {
    throw new SkilletError('cloud-job', from, {
      message: `cannot be copied for the job: ${error.message}.`,
      remedy: 'Check that it is there and may be read, and that there is room in the folder for temporary files.',
    });
  });
}

const toPosix = (file: string) => file.replaceAll(path.sep, '/');

/** Every file of a bundle with its SHA-256, by name. */
async function measure(folder: string): Promise<Pick<Bundle, 'bytes' | 'fileCount' | 'digest'>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const digest = createHash('sha256');
  let bytes = 0;
  for (const file of files.sort()) {
    const content = createHash('sha256');
    const text = await readFile(file);
    bytes += text.length;
    digest.update(`${toPosix(path.relative(folder, file))}\n${content.update(text).digest('hex')}\n`);
  }
  return { bytes, fileCount: files.length, digest: digest.digest('hex') };
}

/**
 * The token of a submission: the same for the same contents on the same terms, so that submitting them twice is one job.
 *
 * @param terms All else that makes it another job: region, kind of machine, image, how long.
 */
export function submissionToken(bundle: Pick<Bundle, 'digest'>, terms: unknown): string {
  return createHash('sha256')
    .update(`${bundle.digest}\n${JSON.stringify(terms)}`)
    .digest('hex')
    .slice(0, 32);
}
