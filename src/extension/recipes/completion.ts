/** Completion in recipes: keys, words, parameters, columns, layers and files. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Completion } from '../../common/recipe/language/completion.ts';
import { isJsonRecipe } from '../../common/recipe/recipeFile.ts';
import { type RecipeDocuments, spanRange } from './recipeDocuments.ts';
import { RECIPES } from './recipeFiles.ts';

const KINDS = {
  key: vscode.CompletionItemKind.Property,
  layer: vscode.CompletionItemKind.Class,
  word: vscode.CompletionItemKind.EnumMember,
  parameter: vscode.CompletionItemKind.Variable,
  column: vscode.CompletionItemKind.Field,
  name: vscode.CompletionItemKind.Reference,
  file: vscode.CompletionItemKind.File,
  recipe: vscode.CompletionItemKind.Snippet,
} as const;

const FILES = 200;

export function createCompletion(documents: RecipeDocuments): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position, token) {
      const { complete } = await import('../../common/recipe/language/completion.ts');
      const [recipe, columns] = await Promise.all([documents.read(document), documents.columns(document)]);
      const isCsv = /csv["']?\s*:[^,}]*$/.test(document.lineAt(position).text.slice(0, position.character));
      const found = complete(document.getText(), document.offsetAt(position), {
        recipe,
        columns: columns ?? [],
        files: isCsv ? await csvFiles(document, token) : [],
        isJson: isJsonRecipe(document.uri.path),
      });
      return found.map((one) => toItem(document, one));
    },
  };
  return vscode.languages.registerCompletionItemProvider(RECIPES, provider, ' ', '$', '"', "'", '{', '[', ',', '-');
}

/** CSV files of the workspace by their way from the recipe. */
async function csvFiles(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<string[]> {
  const files = await vscode.workspace.findFiles('**/*.csv', '{**/node_modules/**,**/.skillet/**}', FILES, token);
  const folder = path.dirname(document.uri.fsPath);
  return files.map(({ fsPath }) => path.relative(folder, fsPath).replaceAll(path.sep, '/')).sort();
}

function toItem(document: vscode.TextDocument, one: Completion): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label: one.label, description: shortOf(one.detail) }, KINDS[one.kind]);
  item.insertText = new vscode.SnippetString(one.snippet);
  item.range = spanRange(document, one);
  item.filterText = one.filter;
  item.sortText = String(one.rank).padStart(4, '0');
  item.detail = one.detail;
  item.documentation = new vscode.MarkdownString(one.markdown);
  item.additionalTextEdits = one.before.map((edit) => new vscode.TextEdit(spanRange(document, edit), edit.text));
  if (one.goesOn === true) {
    item.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
  }
  return item;
}

/** Beside the label there is room for a few words. */
function shortOf(detail: string): string {
  return detail.length > 40 ? `${detail.slice(0, 39)}…` : detail;
}
