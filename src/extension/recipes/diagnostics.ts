/** Problems of recipes: what the parser says while typing, and what the last run said about a field. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { DataProfile } from '../../common/data/profile.ts';
import type { Problem, SourceRange } from '../../common/errors.ts';
import type { ProfileCache } from './profileCache.ts';
import type { RecipeDocuments } from './recipeDocuments.ts';
import { isRecipe } from './recipeFiles.ts';

export interface RecipeDiagnostics extends vscode.Disposable {
  /** Shows a run's problems on the lines of their fields, until the recipe changes or trains again; none clears them. */
  showRunProblems(recipe: vscode.Uri, problems: readonly Problem[]): Promise<void>;
}

const TYPING_MS = 200;
/** A profile that takes longer is waited for behind the errors. */
const PROFILE_MS = 100;
/** The diagnosis of the run says it with the numbers before it and quick fixes. */
const DIAGNOSED = 'run-not-finite';
/** Other paths are folders, files, backends: they have no line in the recipe. */
const FIELD = /^(name|params|data|model|train|tune)\b/;

/** @param profiles What data files hold, for advice; read in the background. */
export function createRecipeDiagnostics(documents: RecipeDocuments, profiles: ProfileCache): RecipeDiagnostics {
  const ofText = vscode.languages.createDiagnosticCollection('skillet');
  const ofRun = vscode.languages.createDiagnosticCollection('skillet run');
  const timers = new Map<string, NodeJS.Timeout>();
  const check = async (document: vscode.TextDocument) => {
    if (!isRecipe(document) || document.isClosed) {
      return;
    }
    const { version } = document;
    const text = document.getText();
    const [problems, parsed, { advise }] = await Promise.all([
      problemsOf(documents, document),
      documents.parse(document),
      import('../../common/recipe/advice/advise.ts'),
    ]);
    // As on the command line, advice comes when there are no errors left: a column that is not there is told once.
    const show = (profile: DataProfile | null) => {
      const advice = problems.length > 0 ? [] : advise(text, parsed, profile);
      if (!document.isClosed && document.version === version) {
        ofText.set(document.uri, [...problems, ...advice].map(toDiagnostic));
      }
    };
    const csv = parsed.recipe?.data.csv;
    const pending =
      csv === undefined ? Promise.resolve(null) : profiles.of(path.resolve(path.dirname(document.uri.fsPath), csv));
    // What is known at once is shown at once, so that warnings do not come and go with each letter.
    const soon = await Promise.race([pending, delay(PROFILE_MS, undefined)]);
    show(soon ?? null);
    if (soon === undefined) {
      show(await pending);
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
  // A data file that was changed may mend what was said of it, or break it.
  const checkAgain = () => {
    for (const document of vscode.workspace.textDocuments) {
      void check(document);
    }
  };
  const subscriptions = [
    ofText,
    ofRun,
    vscode.workspace.onDidSaveTextDocument((document) => void (/\.csv$/i.test(document.uri.path) && checkAgain())),
    vscode.window.onDidChangeWindowState(({ focused }) => void (focused && checkAgain())),
    vscode.workspace.onDidOpenTextDocument((document) => void check(document)),
    vscode.workspace.onDidChangeTextDocument(checkSoon),
    vscode.workspace.onDidCloseTextDocument((document) => ofText.delete(document.uri)),
  ];
  checkAgain();
  return {
    async showRunProblems(recipe, problems) {
      const ofFields = problems.filter(({ code, path }) => code !== DIAGNOSED && FIELD.test(path));
      if (ofFields.length === 0) {
        ofRun.delete(recipe);
        return;
      }
      const document = await vscode.workspace.openTextDocument(recipe);
      const { locate } = await documents.parse(document);
      const told = new Set((ofText.get(recipe) ?? []).map(placeOf));
      const placed = ofFields.flatMap((problem) => {
        const range = locate(problem.path);
        const diagnostic = range === null ? null : toDiagnostic({ ...problem, range });
        // What is told while typing is not told again by the run.
        return diagnostic === null || told.has(placeOf(diagnostic)) ? [] : [diagnostic];
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

/** What the language says, and what the header of the CSV file says of the columns that are named. */
async function problemsOf(documents: RecipeDocuments, document: vscode.TextDocument): Promise<Problem[]> {
  const [recipe, { problems }, columns] = await Promise.all([
    documents.read(document),
    documents.parse(document),
    documents.columns(document),
  ]);
  if (columns === null || recipe.source.problems.length > 0) {
    return problems;
  }
  const { checkColumns } = await import('../../common/recipe/language/checkColumns.ts');
  return [...problems, ...checkColumns(recipe, columns)];
}

function placeOf({ code, range }: vscode.Diagnostic): string {
  return `${String(code)} ${range.start.line}`;
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
    problem.severity === 'warning' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = 'skillet';
  diagnostic.code = problem.code;
  return diagnostic;
}
