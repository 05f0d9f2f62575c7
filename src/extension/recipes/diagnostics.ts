/** Problems of recipes: what the parser says while typing, and what the last run said about a field. */
import * as vscode from 'vscode';
import type { Problem, SourceRange } from '../../common/errors.ts';
import { isRecipe } from './recipeFiles.ts';

export interface RecipeDiagnostics extends vscode.Disposable {
  /** Shows a run's problems on the lines of their fields, until the recipe changes or trains again; none clears them. */
  showRunProblems(recipe: vscode.Uri, problems: readonly Problem[]): Promise<void>;
}

const TYPING_MS = 200;
/** Other paths are folders, files, backends: they have no line in the recipe. */
const FIELD = /^(name|params|data|model|train|tune)\b/;

export function createRecipeDiagnostics(): RecipeDiagnostics {
  const ofText = vscode.languages.createDiagnosticCollection('skillet');
  const ofRun = vscode.languages.createDiagnosticCollection('skillet run');
  const timers = new Map<string, NodeJS.Timeout>();
  const check = async (document: vscode.TextDocument) => {
    const { parseRecipe } = await import('../../common/recipe/parse.ts');
    if (isRecipe(document) && !document.isClosed) {
      ofText.set(document.uri, parseRecipe(document.getText()).problems.map(toDiagnostic));
    }
  };
  const checkSoon = ({ document }: vscode.TextDocumentChangeEvent) => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void check(document), TYPING_MS),
    );
    ofRun.delete(document.uri);
  };
  const subscriptions = [
    ofText,
    ofRun,
    vscode.workspace.onDidOpenTextDocument((document) => void check(document)),
    vscode.workspace.onDidChangeTextDocument(checkSoon),
    vscode.workspace.onDidCloseTextDocument((document) => ofText.delete(document.uri)),
  ];
  for (const document of vscode.workspace.textDocuments) {
    void check(document);
  }
  return {
    async showRunProblems(recipe, problems) {
      const ofFields = problems.filter(({ path }) => FIELD.test(path));
      if (ofFields.length === 0) {
        ofRun.delete(recipe);
        return;
      }
      const { parseRecipe } = await import('../../common/recipe/parse.ts');
      const document = await vscode.workspace.openTextDocument(recipe);
      const { locate } = parseRecipe(document.getText());
      const placed = ofFields.flatMap((problem) => {
        const range = locate(problem.path);
        return range === null ? [] : [toDiagnostic({ ...problem, range })];
      });
      ofRun.set(recipe, placed);
    },
    dispose() {
      for (const timer of timers.values()) {
        clearTimeout(timer);
      }
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

/** Our lines and columns count from 1, the editor's from 0. */
export function toRange(range: SourceRange): vscode.Range {
  return new vscode.Range(range.line - 1, range.column - 1, range.endLine - 1, range.endColumn - 1);
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const range = problem.range === undefined ? new vscode.Range(0, 0, 0, 1) : toRange(problem.range);
  const diagnostic = new vscode.Diagnostic(
    range,
    `${problem.path}: ${problem.message} ${problem.remedy}`,
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = 'skillet';
  diagnostic.code = problem.code;
  return diagnostic;
}
