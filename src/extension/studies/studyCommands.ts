/** The commands of studies, of the palette, the lenses and the tree. */

import * as vscode from 'vscode';
import type { StudyCommand } from '../../common/study/studyFolder.ts';
import { recipeOf } from '../commands.ts';
import { deleteFolder } from '../deleteFolder.ts';
import type { RecipeFiles } from '../recipes/recipeFiles.ts';
import { tellProblems } from '../tellProblems.ts';
import { applyToRecipe } from './applyParams.ts';
import { isAtWork, type ShownStudy, type StudyIndex } from './studyIndex.ts';
import type { StudyPanels } from './studyPanels.ts';
import { describeStudy } from './studyText.ts';
import type { Tuning } from './tuning.ts';

export interface StudyCommandParts {
  readonly recipes: RecipeFiles;
  readonly studies: StudyIndex;
  readonly studyPanels: StudyPanels;
  readonly tuning: Tuning;
}

type StudyTarget = Pick<ShownStudy, 'studyFolder' | 'recipeFile'>;

export function createStudyCommands(parts: StudyCommandParts): vscode.Disposable {
  const { studies, studyPanels } = parts;
  const commands: Record<string, (target?: unknown) => unknown> = {
    'skillet.tuneRecipe': (target) => tuneRecipe(parts, target),
    'skillet.openStudy': async (target) => {
      const study = await studyOf(studies, target);
      return study && studyPanels.open(study);
    },
    'skillet.stopStudy': (target) => control(studies, target, 'stop'),
    'skillet.pauseStudy': (target) => control(studies, target, 'pause'),
    'skillet.continueStudy': (target) => control(studies, target, 'resume'),
    'skillet.resumeStudy': (target) => resumeStudy(parts, target),
    'skillet.applyBest': (target) => applyBest(studies, target),
    'skillet.revealStudyFolder': async (target) => {
      const study = await studyOf(studies, target);
      return study && vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(study.studyFolder));
    },
    'skillet.deleteStudy': (target) => deleteStudy(studies, target),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

async function tuneRecipe(parts: StudyCommandParts, target: unknown): Promise<string | null> {
  const recipe = await recipeOf(parts.recipes, target);
  if (recipe === null || (await lacksTune(recipe))) {
    return null;
  }
  const result = await parts.tuning.tune(recipe);
  if ('problems' in result) {
    tellProblems(result.problems);
    return null;
  }
  parts.studyPanels.open({ studyFolder: result.studyFolder, recipeFile: recipe.fsPath });
  return result.studyFolder;
}

/** A recipe without `tune:` is offered one, which a person looks at before it is used. */
async function lacksTune(recipe: vscode.Uri): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(recipe);
  const [{ parseRecipe }, { tuneDraft }] = await Promise.all([
    import('../../common/recipe/parse.ts'),
    import('../../common/recipe/tuneDraft.ts'),
  ]);
  const parsed = parseRecipe(document.getText());
  if (parsed.recipe === null || parsed.recipe.tune !== undefined) {
    return false;
  }
  const draft = tuneDraft(document.getText());
  if (draft === null) {
    void vscode.window.showInformationMessage(
      'The recipe has no parameter that a study could change: name numbers under params and use them as $name.',
    );
    return true;
  }
  const insert = 'Insert One';
  // Not awaited: the message stays until somebody answers it.
  void vscode.window
    .showInformationMessage('The recipe does not say what to tune: it has no tune section yet.', insert)
    .then((answer) => (answer === insert ? insertTune(document, draft) : undefined));
  return true;
}

export async function insertTune(document: vscode.TextDocument, draft: string): Promise<void> {
  const end = document.positionAt(document.getText().length);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, end, draft);
  await vscode.workspace.applyEdit(edit);
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  editor.revealRange(new vscode.Range(end, document.positionAt(document.getText().length)));
  void vscode.window.setStatusBarMessage('Look at the ranges, then run Tune Recipe again.', 10_000);
}

async function resumeStudy({ studies, studyPanels, tuning }: StudyCommandParts, target: unknown): Promise<void> {
  const study = await studyOf(studies, target);
  if (study === null) {
    return;
  }
  const result = await tuning.resume({ studyFolder: study.studyFolder, recipeFile: study.recipeFile ?? '' });
  if ('problems' in result) {
    tellProblems(result.problems);
    return;
  }
  const panel = studyPanels.open(study);
  if (panel.isReady()) {
    panel.restart();
  }
}

async function control(studies: StudyIndex, target: unknown, command: StudyCommand['type']): Promise<void> {
  const study = isStudyTarget(target) ? target.study : studies.live()[0];
  if (study === undefined) {
    void vscode.window.showInformationMessage('No study is at work.');
    return;
  }
  await studies.control(study.studyFolder, command);
}

async function applyBest(studies: StudyIndex, target: unknown): Promise<void> {
  const wanted = await studyOf(studies, target);
  const study = (await studies.list()).find(({ studyFolder }) => studyFolder === wanted?.studyFolder);
  if (study === undefined) {
    return;
  }
  if (study.best === null || study.recipeFile === null) {
    void vscode.window.showInformationMessage('No trial of this study has a value yet.');
    return;
  }
  const problems = await applyToRecipe(vscode.Uri.file(study.recipeFile), study.best.params);
  if (problems.length > 0) {
    tellProblems(problems);
  }
}

async function deleteStudy(studies: StudyIndex, target: unknown): Promise<void> {
  const study = await studyOf(studies, target);
  if (study === null) {
    return;
  }
  const shown = (await studies.list()).find(({ studyFolder }) => studyFolder === study.studyFolder);
  if (shown !== undefined && isAtWork(shown)) {
    void vscode.window.showWarningMessage('This study is still at work. Stop it first.');
    return;
  }
  if (await deleteFolder(study.studyFolder, `Delete the study ${study.studyFolder} with the runs of all its trials?`)) {
    studies.refresh();
  }
}

async function studyOf(studies: StudyIndex, target: unknown): Promise<StudyTarget | null> {
  if (isStudyTarget(target)) {
    return target.study;
  }
  const all = await studies.list();
  if (all.length === 0) {
    void vscode.window.showInformationMessage('There is no study here yet: run Tune Recipe.');
    return null;
  }
  const items = all.map((study) => ({
    label: study.name,
    description: describeStudy(study, Date.now()),
    detail: study.studyFolder,
    study,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Which study?', matchOnDetail: true });
  return picked?.study ?? null;
}

function isStudyTarget(target: unknown): target is { readonly study: StudyTarget } {
  return typeof target === 'object' && target !== null && 'study' in target;
}
