/** Recipes as the editor shows them, each read and checked once for each of its versions. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { RecipeText } from '../../common/recipe/language/recipeText.ts';
import type { ParsedRecipe } from '../../common/recipe/parse.ts';
import { readColumns } from '../../node/readColumns.ts';

export interface RecipeDocuments {
  read(document: vscode.TextDocument): Promise<RecipeText>;
  parse(document: vscode.TextDocument): Promise<ParsedRecipe>;
  /** Columns of the CSV that the recipe names; null where it is not below the opened folders or cannot be read. */
  columns(document: vscode.TextDocument): Promise<readonly string[] | null>;
}

interface Version {
  readonly version: number;
  readonly text: RecipeText;
  parsed: ParsedRecipe | null;
}

/** The modules are loaded with the first recipe: a window without one should not wait for them. */
export function createRecipeDocuments(): RecipeDocuments {
  const versions = new WeakMap<vscode.TextDocument, Version>();
  const current = async (document: vscode.TextDocument): Promise<Version> => {
    const { readRecipeText } = await import('../../common/recipe/language/recipeText.ts');
    const known = versions.get(document);
    if (known?.version === document.version) {
      return known;
    }
    const fresh = { version: document.version, text: readRecipeText(document.getText()), parsed: null };
    versions.set(document, fresh);
    return fresh;
  };
  const read = async (document: vscode.TextDocument) => (await current(document)).text;
  return {
    read,
    async parse(document) {
      const { parseSource } = await import('../../common/recipe/parse.ts');
      const version = await current(document);
      version.parsed ??= parseSource(version.text.source);
      return version.parsed;
    },
    async columns(document) {
      const csv = (await read(document)).at('data.csv')?.node?.toJSON() as unknown;
      const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
      return typeof csv === 'string' && document.uri.scheme === 'file'
        ? readColumns(path.resolve(path.dirname(document.uri.fsPath), csv), folders)
        : null;
    },
  };
}

/** Offsets in a recipe as a range of its document. */
export function spanRange(document: vscode.TextDocument, span: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}
