/** Puts one of the shipped recipes, with its data and its module, into the opened folder, for a first run. */
import { constants, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatBytes } from '../../common/format.ts';
import { dataFiles } from '../../common/recipe/dataFiles.ts';
import { DATASETS, datasetBytes } from '../../common/recipe/datasets.ts';
import type { Recipe } from '../../common/recipe/schema.ts';

interface Sample extends vscode.QuickPickItem {
  /** Name of the recipe's file. */
  readonly file: string;
  readonly recipe: Recipe;
}

/** The simplest first, each before what goes further; a recipe that is not named here comes after them. */
const ORDER = [
  'boston-housing',
  'iris',
  'digits',
  'digits-cnn',
  'mnist',
  'shampoo',
  'shampoo-book',
  'air-passengers',
  'languages',
];

/**
 * Files that are there already are kept.
 *
 * @param wanted A shipped recipe's file; a person is asked when it is absent.
 * @returns The recipe, or null where no folder is open or nothing was picked.
 */
export async function createSample(extensionUri: vscode.Uri, wanted?: string): Promise<vscode.Uri | null> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    await vscode.window.showInformationMessage('Open a folder first: the recipe and its data are put into it.');
    return null;
  }
  const shipped = vscode.Uri.joinPath(extensionUri, 'recipes').fsPath;
  const samples = await listSamples(shipped);
  const sample =
    wanted === undefined
      ? await vscode.window.showQuickPick(samples, {
          title: 'Create a Recipe from a Sample',
          placeHolder: 'Which one? It is put into the opened folder with its data.',
          matchOnDetail: true,
        })
      : samples.find(({ file }) => file === wanted);
  if (sample === undefined) {
    return null;
  }
  const { module } = sample.recipe;
  const modules = module === null ? [] : [module];
  for (const file of [sample.file, ...modules, ...dataFiles(sample.recipe).map(({ file: data }) => data)]) {
    await copyUnlessThere(path.join(shipped, file), path.join(folder.uri.fsPath, file));
  }
  return vscode.Uri.joinPath(folder.uri, sample.file);
}

/** Every recipe that ships, whatever they are. */
async function listSamples(folder: string): Promise<Sample[]> {
  const { parseRecipe } = await import('../../common/recipe/parse.ts');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.recipe.yaml')).sort();
  const samples = await Promise.all(
    files.map(async (file) => {
      const { recipe } = parseRecipe(await readFile(path.join(folder, file), 'utf8'));
      return recipe === null ? [] : [toSample(file, recipe)];
    }),
  );
  return samples.flat().sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ file }: Sample): number {
  const place = ORDER.indexOf(file.replace('.recipe.yaml', ''));
  return place < 0 ? ORDER.length : place;
}

function toSample(file: string, recipe: Recipe): Sample {
  const { dataset } = recipe.data;
  const fetched = dataset === undefined ? '' : `fetches ${formatBytes(datasetBytes(DATASETS[dataset]))} once`;
  return { label: recipe.name, description: fetched, detail: recipe.description ?? '', file, recipe };
}

async function copyUnlessThere(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  });
}
