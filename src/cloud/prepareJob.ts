/** Makes a submission of a recipe or a script: its bundle in a folder of its own, its terms, its token. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import type { Overrides } from '../common/recipe/override.ts';
import { isRecipeFile } from '../common/recipe/recipeFile.ts';
import {
  type Bundle,
  bundleRecipe,
  bundleScript,
  type RecipeBundle,
  submissionToken,
} from '../node/jobs/makeBundle.ts';
import type { JobProgram, JobRequest } from './provider.ts';

export type ScriptLanguage = Extract<JobProgram, { type: 'script' }>['language'];

export interface JobTerms {
  readonly region: string;
  readonly instanceType: string;
  readonly count: number;
  readonly role: string;
  readonly isSpot: boolean;
  readonly maximumSeconds: number;
  readonly image?: string;
  readonly storage?: string;
  /** Set to make another job of what has been submitted before: anything that was not used yet. */
  readonly again?: string;
}

export interface JobSource {
  /** A recipe or a script; absolute path. */
  readonly file: string;
  readonly overrides?: Overrides;
  /** Of a script; told by its name where it is absent. */
  readonly language?: ScriptLanguage;
  readonly args?: readonly string[];
  /** Of a script: these files alone go along. */
  readonly files?: readonly string[];
}

export type BundleParts = Pick<RecipeBundle, 'trainerFile' | 'version' | 'cacheFolder' | 'prepareDataset'>;

export interface PreparedJob {
  readonly bundle: Bundle;
  readonly request: JobRequest;
  /** Takes the bundle away. */
  dispose(): Promise<void>;
}

/** Somebody may want a spot machine for long before one is free; waiting costs nothing. */
const SPOT_WAIT_SECONDS = 24 * 3600;

/** @throws {RefusedRecipe} @throws {SkilletError} `cloud-job`. */
export async function prepareJob(source: JobSource, terms: JobTerms, parts: BundleParts): Promise<PreparedJob> {
  const folder = await mkdtemp(path.join(tmpdir(), 'skillet-bundle-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const { bundle, program } = isRecipeFile(source.file)
      ? await ofRecipe(source, folder, parts)
      : await ofScript(source, folder);
    const { again, isSpot, ...rest } = terms;
    const request: JobRequest = {
      ...rest,
      token: submissionToken(bundle, { ...terms, program }),
      name: bundle.name,
      bundle: folder,
      program,
      spot: isSpot ? { maximumWaitSeconds: terms.maximumSeconds + SPOT_WAIT_SECONDS } : null,
      environment: {},
    };
    return { bundle, request, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Made {
  readonly bundle: Bundle;
  readonly program: JobProgram;
}

async function ofRecipe({ file, overrides }: JobSource, folder: string, parts: BundleParts): Promise<Made> {
  const asked = overrides === undefined ? {} : { overrides };
  const bundle = await bundleRecipe({ ...parts, ...asked, recipeFile: file, folder });
  return { bundle, program: { type: 'recipe', file: path.basename(file) } };
}

async function ofScript(
  { file, language = languageOf(file), args = [], files }: JobSource,
  folder: string,
): Promise<Made> {
  const named = files === undefined ? {} : { files };
  const bundle = await bundleScript({ scriptFile: file, language, args, ...named, folder });
  return { bundle, program: { type: 'script', file: path.basename(file), language, args } };
}

const LANGUAGES: Readonly<Record<string, ScriptLanguage>> = { '.py': 'python', '.r': 'r', '.sh': 'shell' };

/** By the end of a script's name. @throws {SkilletError} `cloud-job`. */
export function languageOf(file: string): ScriptLanguage {
  const language = LANGUAGES[path.extname(file).toLowerCase()];
  if (language === undefined) {
    throw new SkilletError('cloud-job', file, {
      message: 'is neither a recipe nor a script whose language its name tells.',
      remedy: 'Recipes end in .recipe.yaml, scripts in .py, .R or .sh; or name the language: python, r or shell.',
    });
  }
  return language;
}
