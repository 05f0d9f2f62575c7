/** "Export Recipe as a Keras Program…" and "Export Model for Keras…". */
import path from 'node:path';
import * as vscode from 'vscode';
import { toProblem } from '../common/errors.ts';
import type { ExportLanguage } from '../common/export/exportRecipe.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { RefusedRecipe } from '../node/createRun.ts';
import { recipeOf, runOf } from './commands.ts';
import { recipeText } from './panel/recipeView.ts';
import type { RecipeFiles } from './recipes/recipeFiles.ts';
import type { RunIndex } from './runs/runIndex.ts';

export interface ExportParts {
  /** The converter's bundle. */
  readonly kerasFile: string;
  readonly recipes: RecipeFiles;
  readonly index: RunIndex;
  readonly output: vscode.LogOutputChannel;
}

export function createExportCommands(parts: ExportParts): vscode.Disposable {
  const commands: Record<string, (target: unknown, form?: unknown) => Promise<unknown>> = {
    'skillet.exportRecipe': (target, form) => exportRecipe(parts, target, form),
    'skillet.exportModel': (target, file) => exportModel(parts, target, file),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, (target: unknown, more: unknown) =>
        run(target, more).catch((error: unknown) => tell(error, parts.output)),
      ),
    ),
  );
}

const LANGUAGES: readonly { label: string; description: string; language: ExportLanguage }[] = [
  { label: 'Python', description: 'Keras 3, NumPy and pandas', language: 'python' },
  { label: 'R', description: 'the package keras3', language: 'r' },
];

/** Opens the program as a new text, so that nothing is written over; its data path counts from the recipe's folder. */
async function exportRecipe({ recipes }: ExportParts, target: unknown, form: unknown): Promise<unknown> {
  const recipe = await recipeOf(recipes, target);
  const picked =
    LANGUAGES.find(({ language }) => language === form) ??
    (recipe && (await vscode.window.showQuickPick(LANGUAGES, { placeHolder: 'In which language?' })));
  if (recipe === null || !picked) {
    return null;
  }
  const { exportProgram } = await import('../node/exportProgram.ts');
  const folder = path.dirname(recipe.fsPath);
  const content = exportProgram(await recipeText(recipe), picked.language, { recipeFile: recipe.fsPath, folder });
  const document = await vscode.workspace.openTextDocument({ language: picked.language, content });
  return vscode.window.showTextDocument(document, { preview: false });
}

async function exportModel({ index, kerasFile }: ExportParts, target: unknown, file: unknown): Promise<void> {
  const run = await runOf(index, target);
  if (run === null) {
    return;
  }
  const to = file instanceof vscode.Uri ? file : await askFile(run);
  if (to === undefined) {
    return;
  }
  const { exportKeras } = await import('../node/keras/convertKeras.ts');
  const modelFolder = path.join(run.runFolder, RUN_FILES.model);
  await exportKeras(modelFolder, to.fsPath, { kerasFile, execPath: process.execPath });
  const reveal = 'Reveal';
  // Not awaited: the message stays until somebody answers it.
  void vscode.window.showInformationMessage(`The model is in ${to.fsPath}.`, reveal).then((answer) => {
    if (answer === reveal) {
      void vscode.commands.executeCommand('revealFileInOS', to);
    }
  });
}

async function askFile({ runFolder, recipeFile }: { runFolder: string; recipeFile?: string | null }) {
  const { recipeStem } = await import('../node/exportProgram.ts');
  const folder = path.dirname(recipeFile ?? runFolder);
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, `${recipeStem(recipeFile ?? runFolder)}.keras`)),
    filters: { 'Keras 3': ['keras'], 'HDF5 (Keras 2 and 3)': ['h5', 'hdf5'] },
    saveLabel: 'Export',
  });
}

function tell(error: unknown, output: vscode.LogOutputChannel): void {
  const problems = error instanceof RefusedRecipe ? error.problems : [toProblem(error, 'export')];
  for (const { path: field, message, remedy, code } of problems) {
    output.error(`${field}: ${message} ${remedy} (${code})`);
  }
  const [first] = problems;
  void vscode.window.showErrorMessage(`${first?.path}: ${first?.message} ${first?.remedy}`);
}
