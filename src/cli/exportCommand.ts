/** `skillet export`: a recipe as a program, or a trained model as a file, for Keras. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import { EXPORT_ENDINGS, type ExportLanguage } from '../common/export/exportRecipe.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { exportProgram, recipeStem } from '../node/exportProgram.ts';
import { exportKeras } from '../node/keras/convertKeras.ts';
import { readRunEpochs } from '../node/readRun.ts';
import { printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const FORMS = ['python', 'r', 'keras', 'h5'] as const;
type Form = (typeof FORMS)[number];

/** @param kerasFile The converter's bundle. */
export async function exportCommand(args: string[], kerasFile: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { to: { type: 'string' }, out: { type: 'string' } },
  });
  const source = path.resolve(only(positionals, 'recipe or run folder'));
  const isFolder = (await stat(source).catch(() => null))?.isDirectory() ?? false;
  const form = formOf(values.to, values.out, isFolder);
  if (form === 'python' || form === 'r') {
    return writeProgram(isFolder ? await recipeOfRun(source) : { text: source, file: source }, form, values.out);
  }
  if (!isFolder) {
    throw new SkilletError('cli-usage', source, {
      message: 'is no folder with a trained model.',
      remedy: 'Name a run folder (see skillet runs), or a model folder.',
    });
  }
  const file = path.resolve(values.out ?? `${path.basename(source)}.${form}`);
  await exportKeras(await modelFolderOf(source), file, { kerasFile, execPath: process.execPath });
  say(file);
  return EXIT.completed;
}

function formOf(to: string | undefined, out: string | undefined, isFolder: boolean): Form {
  const endings: Readonly<Record<string, Form>> = {
    '.py': 'python',
    '.R': 'r',
    '.r': 'r',
    '.keras': 'keras',
    '.h5': 'h5',
  };
  const form = to ?? endings[path.extname(out ?? '')] ?? (isFolder ? 'keras' : 'python');
  const known = FORMS.find((name) => name === form);
  if (known === undefined) {
    throw new SkilletError('cli-usage', '--to', {
      message: `"${form}" is no form.`,
      remedy: `Use ${FORMS.join(', ')}; curves and reports of runs come from skillet export-run.`,
    });
  }
  return known;
}

/** Where the recipe's text is, and the file that its data paths are relative to. */
interface RecipeText {
  readonly text: string;
  readonly file: string;
}

/** A run has its recipe with the parameters it was trained with. */
async function recipeOfRun(runFolder: string): Promise<RecipeText> {
  const { recipeFile } = await readRunEpochs(runFolder);
  const text = path.join(runFolder, RUN_FILES.recipe);
  return { text, file: recipeFile ?? text };
}

async function writeProgram({ text, file }: RecipeText, language: ExportLanguage, out?: string): Promise<number> {
  const source = await readFile(text, 'utf8').catch((error: Error) => {
    throw new SkilletError('recipe-unreadable', text, {
      message: `cannot be read: ${error.message}.`,
      remedy: 'Check the path.',
    });
  });
  const name = `${recipeStem(file)}${EXPORT_ENDINGS[language]}`;
  const target = path.resolve(out ?? path.join(path.dirname(file), name));
  const program = exportProgram(source, language, { recipeFile: file, folder: path.dirname(target) });
  await writeFile(target, program, { flag: out === undefined ? 'wx' : 'w' }).catch((error: NodeJS.ErrnoException) => {
    throw new SkilletError('cli-usage', target, {
      message: error.code === 'EEXIST' ? 'is there already.' : `cannot be written: ${error.message}.`,
      remedy: 'Name another file with --out.',
    });
  });
  say(target);
  return EXIT.completed;
}

async function modelFolderOf(folder: string): Promise<string> {
  const inner = path.join(folder, RUN_FILES.model);
  return (await stat(inner).catch(() => null))?.isDirectory() ? inner : folder;
}

function say(file: string): void {
  process.stdout.write(`${printable(`Wrote ${path.relative(process.cwd(), file)}`)}\n`);
}
