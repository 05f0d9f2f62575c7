/** What is said of a recipe's last run, in Problems on the lines that cause it, with quick fixes. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Diagnosis } from '../../common/run/diagnosis/diagnosis.ts';
import { toRange } from '../recipes/diagnostics.ts';
import { type RecipeDocuments, spanRange } from '../recipes/recipeDocuments.ts';
import { isRecipe, RECIPES } from '../recipes/recipeFiles.ts';
import type { RunIndex, StartedRun } from '../runs/runIndex.ts';
import type { JudgedRun, RunDiagnoses } from './runDiagnoses.ts';

export interface RunMarks extends vscode.Disposable {
  /** A new run of the recipe begins: what was said of the one before goes. */
  noteRun(started: StartedRun): void;
}

export interface RunMarksParts {
  readonly documents: RecipeDocuments;
  readonly index: RunIndex;
  readonly diagnoses: RunDiagnoses;
  readonly extensionUri: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
}

interface Mark {
  readonly diagnosis: Diagnosis;
  readonly shown: vscode.Diagnostic;
}

const TYPING_MS = 200;

export function createRunMarks({ documents, index, diagnoses, extensionUri, output }: RunMarksParts): RunMarks {
  const collection = vscode.languages.createDiagnosticCollection('skillet training');
  const page = vscode.Uri.joinPath(extensionUri, 'docs/diagnoses.md');
  /** By recipe: its last run, judged as far as it went. */
  const last = new Map<string, JudgedRun>();
  const marks = new Map<string, readonly Mark[]>();
  const timers = new Map<string, NodeJS.Timeout>();
  const onError = (error: unknown) => output.error(`Diagnosis: ${String(error)}`);
  const show = async (key: string) => {
    const run = last.get(key);
    const uri = vscode.Uri.parse(key);
    const document =
      run === undefined || run.diagnoses.length === 0 ? null : await vscode.workspace.openTextDocument(uri);
    const found = run === undefined || document === null ? [] : await place(document, run, { documents, page });
    // Judged anew meanwhile: that one shows itself.
    if (last.get(key) === run) {
      marks.set(key, found);
      collection.set(
        uri,
        found.map(({ shown }) => shown),
      );
    }
  };
  const take = (run: JudgedRun) => {
    const key = vscode.Uri.file(run.recipeFile).toString();
    const before = last.get(key);
    // Folder names begin with the time: only the last run of a recipe speaks of it.
    if (before === undefined || path.basename(run.runFolder) >= path.basename(before.runFolder)) {
      last.set(key, run);
      show(key).catch(onError);
    }
  };
  const showSoon = ({ document }: vscode.TextDocumentChangeEvent) => {
    const key = document.uri.toString();
    if (last.has(key)) {
      clearTimeout(timers.get(key));
      timers.set(
        key,
        setTimeout(() => show(key).catch(onError), TYPING_MS),
      );
    }
  };
  // After a reload, or for a run that a terminal has trained meanwhile.
  const lookBack = async (document: vscode.TextDocument) => {
    if (!isRecipe(document) || last.has(document.uri.toString())) {
      return;
    }
    const summary = (await index.list()).find(({ recipeFile }) => recipeFile === document.uri.fsPath);
    const run = summary === undefined ? null : await diagnoses.of(summary.runFolder);
    if (run !== null && !document.isClosed) {
      take({ ...run, recipeFile: document.uri.fsPath });
    }
  };
  const lookSoon = (document: vscode.TextDocument) => void lookBack(document).catch(onError);
  vscode.workspace.textDocuments.forEach(lookSoon);
  const subscriptions = [
    collection,
    diagnoses.onDidJudge(take),
    vscode.workspace.onDidChangeTextDocument(showSoon),
    vscode.workspace.onDidOpenTextDocument(lookSoon),
    vscode.languages.registerCodeActionsProvider(
      RECIPES,
      {
        provideCodeActions: (document, range) =>
          quickFixes(documents, document, { range, marks: marks.get(document.uri.toString()) ?? [] }),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  ];
  return {
    noteRun({ recipeFile, runFolder }) {
      take({ recipeFile, runFolder, recipeText: '', diagnoses: [] });
    },
    dispose() {
      for (const timer of timers.values()) {
        clearTimeout(timer);
      }
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

/** Leaves out what speaks of settings that the text no longer has: they were changed, or overridden for the run. */
async function place(
  document: vscode.TextDocument,
  run: JudgedRun,
  { documents, page }: { readonly documents: RecipeDocuments; readonly page: vscode.Uri },
): Promise<Mark[]> {
  const [{ sameSettings }, { restsOn }, { formatEvidence }] = await Promise.all([
    import('../../common/recipe/sameSettings.ts'),
    import('../../common/run/diagnosis/restsOn.ts'),
    import('../../common/run/diagnosis/formatDiagnosis.ts'),
  ]);
  const { locate } = await documents.parse(document);
  return run.diagnoses.flatMap((diagnosis) => {
    const range = locate(diagnosis.path);
    if (range === null || !sameSettings(document.getText(), run.recipeText, restsOn(diagnosis))) {
      return [];
    }
    const { code, path: field, message, remedy, severity, evidence } = diagnosis;
    const numbers = evidence.length === 0 ? '' : `\n${formatEvidence(evidence)}`;
    const shown = new vscode.Diagnostic(toRange(range), `${field}: ${message} ${remedy}${numbers}`, SEVERITY[severity]);
    shown.source = 'skillet';
    shown.code = { value: code, target: page.with({ fragment: code }) };
    return [{ diagnosis, shown }];
  });
}

const SEVERITY = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

async function quickFixes(
  documents: RecipeDocuments,
  document: vscode.TextDocument,
  { range, marks }: { readonly range: vscode.Range; readonly marks: readonly Mark[] },
): Promise<vscode.CodeAction[]> {
  const here = marks.filter(({ shown }) => shown.range.intersection(range) !== undefined);
  if (here.length === 0) {
    return [];
  }
  const { settingEdits } = await import('../../common/recipe/language/settingEdits.ts');
  const recipe = await documents.read(document);
  return here.flatMap(({ diagnosis, shown }) =>
    diagnosis.fixes.flatMap(({ title, changes }, index) => {
      const edits = settingEdits(recipe, changes);
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      for (const edit of edits) {
        action.edit.replace(document.uri, spanRange(document, edit), edit.text);
      }
      action.diagnostics = [shown];
      action.isPreferred = index === 0;
      return edits.length === 0 ? [] : [action];
    }),
  );
}
