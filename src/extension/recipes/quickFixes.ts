/** Quick fixes for a recipe's problems, and one action that makes all that are beyond doubt. */
import * as vscode from 'vscode';
import type { Fix, Problem } from '../../common/errors.ts';
import { toRange } from './diagnostics.ts';
import type { RecipeDocuments } from './recipeDocuments.ts';
import { RECIPES } from './recipeFiles.ts';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('skillet');

export function createQuickFixes(documents: RecipeDocuments): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, { only, diagnostics }) {
      const wantsFixes = only === undefined || only.intersects(vscode.CodeActionKind.QuickFix);
      const wantsAll = only?.intersects(FIX_ALL) ?? false;
      return [
        ...(wantsFixes ? await quickFixes(documents, document, { range, diagnostics }) : []),
        ...(wantsAll ? await fixAllAction(documents, document) : []),
      ];
    },
  };
  return vscode.languages.registerCodeActionsProvider(RECIPES, provider, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
  });
}

interface Asked {
  readonly range: vscode.Range;
  readonly diagnostics: readonly vscode.Diagnostic[];
}

async function quickFixes(
  documents: RecipeDocuments,
  document: vscode.TextDocument,
  { range, diagnostics }: Asked,
): Promise<vscode.CodeAction[]> {
  const [{ fixesFor }, { checkColumns }] = await Promise.all([
    import('../../common/recipe/language/fixes.ts'),
    import('../../common/recipe/language/checkColumns.ts'),
  ]);
  const [recipe, { problems }, columns] = await Promise.all([
    documents.read(document),
    documents.parse(document),
    documents.columns(document),
  ]);
  const all = [...problems, ...(columns === null ? [] : checkColumns(recipe, columns))];
  const here = all.filter((problem) => problem.range !== undefined && toRange(problem.range).intersection(range));
  const actions = here.flatMap((problem) => {
    const shown = diagnostics.find((one) => one.source === 'skillet' && isOf(one, problem));
    return fixesFor(recipe, problem, columns ?? []).map((fix, index) =>
      toAction(document, fix, { shown, isBest: index === 0 }),
    );
  });
  // One misspelt key can be told twice, by the text and by a run.
  return [...new Map(actions.map((action) => [action.title, action])).values()];
}

function isOf(diagnostic: vscode.Diagnostic, problem: Problem): boolean {
  return diagnostic.code === problem.code && diagnostic.message.startsWith(`${problem.path}: `);
}

function toAction(
  document: vscode.TextDocument,
  fix: Fix,
  { shown, isBest }: { shown: vscode.Diagnostic | undefined; isBest: boolean },
): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { range, text } of fix.edits) {
    action.edit.replace(document.uri, toRange(range), text);
  }
  action.diagnostics = shown === undefined ? [] : [shown];
  action.isPreferred = isBest && fix.isSure;
  return action;
}

async function fixAllAction(documents: RecipeDocuments, document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
  const { fixAll } = await import('../../common/recipe/language/fixAll.ts');
  const text = document.getText();
  const mended = fixAll(text, await documents.columns(document));
  if (mended === text) {
    return [];
  }
  const action = new vscode.CodeAction('Fix all mistakes that are beyond doubt', FIX_ALL);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, [changeBetween(document, text, mended)]);
  return [action];
}

/** One edit from the first letter that differs to the last, so that the cursor and folds elsewhere stay. */
export function changeBetween(document: vscode.TextDocument, before: string, after: string): vscode.TextEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start += 1;
  }
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) {
    tail += 1;
  }
  const range = new vscode.Range(document.positionAt(start), document.positionAt(before.length - tail));
  return new vscode.TextEdit(range, after.slice(start, after.length - tail));
}
