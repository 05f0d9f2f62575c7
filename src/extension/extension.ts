/** The extension's entry: builds the parts and wires them together. */
import * as vscode from 'vscode';
import { takeAttachments } from './attach.ts';
import { createCapsuleCommands } from './capsules/capsuleCommands.ts';
import { type Cloud, createCloud } from './cloud/cloud.ts';
import { createCommands, runOf } from './commands.ts';
import { createCompareCommands } from './compare/compareCommands.ts';
import { type ComparePanels, createComparePanels } from './compare/comparePanels.ts';
import { createContextKeys } from './contextKeys.ts';
import { createDataPages, type DataPages } from './data/dataPage.ts';
import { createRunDiagnoses } from './diagnoses/runDiagnoses.ts';
import { createRunMarks } from './diagnoses/runMarks.ts';
import { createExportCommands } from './exportCommands.ts';
import { createInlineCharts, type InlineCharts } from './inline/inlineCharts.ts';
import { createLayerSelection } from './layerSelection.ts';
import { createMachinePage, type MachinePage } from './machine/machinePage.ts';
import { createSetUpCommands } from './machine/setUpCommands.ts';
import { createModelCommands } from './models/modelCommands.ts';
import { createModelPages, type ModelPages } from './models/modelPages.ts';
import { createPanels, type Panels } from './panel/panels.ts';
import { createCodeLens } from './recipes/codeLens.ts';
import { createRecipeDiagnostics } from './recipes/diagnostics.ts';
import { createLanguage } from './recipes/language.ts';
import { createProfileCache } from './recipes/profileCache.ts';
import { createRecipeDocuments } from './recipes/recipeDocuments.ts';
import { createRecipeFiles } from './recipes/recipeFiles.ts';
import { createRecipesTree, type RecipeItem } from './recipes/recipesTree.ts';
import { createHistoryPage, type HistoryPage } from './runs/historyPage.ts';
import { createRunActions, type RunActions, removeOldDeletions } from './runs/runActions.ts';
import { createRunCommands } from './runs/runCommands.ts';
import { createRunIndex, type RunIndex, type StartedRun } from './runs/runIndex.ts';
import { createRunsTree, type RunNode, type RunsTree } from './runs/runsTree.ts';
import { createStatusBar, type StatusBar } from './statusBar.ts';
import { createStudiesTree, type StudyItem } from './studies/studiesTree.ts';
import { createStudyCommands } from './studies/studyCommands.ts';
import { createStudyIndex, type StudyIndex } from './studies/studyIndex.ts';
import { createStudyPanels, type StudyPanels } from './studies/studyPanels.ts';
import { createTuning } from './studies/tuning.ts';
import { createTraining } from './training.ts';

/** What the tests see of the running extension. */
export interface SkilletApi {
  readonly index: RunIndex;
  readonly panels: Panels;
  readonly machinePage: MachinePage;
  readonly modelPages: ModelPages;
  readonly dataPages: DataPages;
  readonly statusBar: StatusBar;
  readonly inlineCharts: InlineCharts;
  readonly runsTree: vscode.TreeDataProvider<RunNode>;
  readonly runsView: RunsTree;
  readonly runActions: RunActions;
  readonly historyPage: HistoryPage;
  readonly recipesTree: vscode.TreeDataProvider<RecipeItem>;
  readonly studies: StudyIndex;
  readonly studyPanels: StudyPanels;
  readonly studiesTree: vscode.TreeDataProvider<StudyItem>;
  readonly comparePanels: ComparePanels;
  readonly cloud: Cloud;
}

/** Called by VS Code on the first command, view or recipe. Nothing that trains is touched: runs outlive windows. */
export function activate(context: vscode.ExtensionContext): SkilletApi {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const output = own(vscode.window.createOutputChannel('Skillet', { log: true }));
  const recipes = own(createRecipeFiles());
  const index = own(createRunIndex(recipes, output));
  const documents = createRecipeDocuments();
  const diagnostics = own(createRecipeDiagnostics(documents, createProfileCache(output)));
  const trainerFile = vscode.Uri.joinPath(context.extensionUri, 'dist/trainer.mjs').fsPath;
  const diagnoses = own(createRunDiagnoses(index, output));
  const marks = own(createRunMarks({ documents, index, diagnoses, extensionUri: context.extensionUri, output }));
  const onStart = (started: StartedRun) => {
    marks.noteRun(started);
    void diagnostics.showRunProblems(vscode.Uri.file(started.recipeFile), []);
    index.noteRun(started);
  };
  const training = createTraining({ trainerFile, output, onStart });
  own(
    index.onDidEnd(
      ({ recipeFile, problems }) => void diagnostics.showRunProblems(vscode.Uri.file(recipeFile), problems),
    ),
  );
  const predictFile = vscode.Uri.joinPath(context.extensionUri, 'dist/predict.mjs').fsPath;
  const panels = own(createPanels(context.extensionUri, { index, training, diagnoses, output, predictFile }));
  const studies = own(createStudyIndex(recipes, output));
  const studyFile = vscode.Uri.joinPath(context.extensionUri, 'dist/study.mjs').fsPath;
  const tuning = createTuning({ studyFile, trainerFile, studies, output });
  const studyPanels = own(createStudyPanels(context.extensionUri, { studies, tuning, training, panels, output }));
  const studiesTree = own(createStudiesTree(studies));
  own(createStudyCommands({ recipes, studies, studyPanels, tuning }));
  own(createContextKeys({ recipes, index, studies, output }));
  const statusBar = own(createStatusBar(index, studies));
  const runsView = own(createRunsTree(index));
  const runActions = createRunActions(index, output);
  own(createRunCommands({ index, tree: runsView, actions: runActions, askRun: () => runOf(index, undefined) }));
  const historyParts = { index, actions: runActions, memento: context.workspaceState, output };
  const historyPage = own(createHistoryPage(context.extensionUri, historyParts));
  void removeOldDeletions(index, output).catch((error) => output.error(String(error)));
  const recipesTree = own(createRecipesTree(recipes, index));
  own(createCodeLens(index, studies));
  own(createLanguage(documents, context.extensionUri));
  const inlineCharts = own(createInlineCharts({ index, recipes, documents, output }));
  own(createLayerSelection(panels));
  own(createCommands({ extensionUri: context.extensionUri, recipes, index, panels, training, diagnostics, output }));
  const kerasFile = vscode.Uri.joinPath(context.extensionUri, 'dist/keras.mjs').fsPath;
  own(createExportCommands({ kerasFile, recipes, index, output }));
  own(createCapsuleCommands({ index, trainerFile, output }));
  const version = String(context.extension.packageJSON.version);
  const comparePanels = own(createComparePanels(context.extensionUri, { index, output }));
  own(createCompareCommands({ index, panels: comparePanels, output, version }));
  const machinePage = own(createMachinePage(context.extensionUri, { version, output }));
  const dataPages = own(createDataPages(context.extensionUri, output));
  const probeFile = vscode.Uri.joinPath(context.extensionUri, 'dist/probe.mjs').fsPath;
  own(createSetUpCommands({ probeFile, output, onChange: machinePage.refresh }));
  const modelPages = own(createModelPages({ extensionUri: context.extensionUri, output }));
  own(createModelCommands({ extensionUri: context.extensionUri, pages: modelPages, output }));
  const cloud = own(createCloud({ context, output, version }));
  void attachRuns(panels, index, output);
  void studies.list().catch((error) => output.error(String(error)));
  return {
    index,
    panels,
    machinePage,
    modelPages,
    dataPages,
    statusBar,
    inlineCharts,
    runsTree: runsView.provider,
    runsView,
    runActions,
    historyPage,
    recipesTree: recipesTree.provider,
    studies,
    studyPanels,
    studiesTree: studiesTree.provider,
    comparePanels,
    cloud,
  };
}

/** Opens the recipe and the panel of a run that was started outside, if there is one, and learns which runs are live. */
async function attachRuns(panels: Panels, index: RunIndex, output: vscode.LogOutputChannel): Promise<void> {
  try {
    for (const { run, recipe } of await takeAttachments()) {
      await vscode.window.showTextDocument(vscode.Uri.file(recipe), { preview: false });
      await panels.open(vscode.Uri.file(recipe), run);
    }
    await index.list();
  } catch (error) {
    output.error(String(error));
  }
}
