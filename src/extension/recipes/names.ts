/** Definition, references, rename and outline of a recipe's parameters and layers. */
import * as vscode from 'vscode';
import type { OutlineItem } from '../../common/recipe/language/outline.ts';
import { type RecipeDocuments, spanRange } from './recipeDocuments.ts';
import { RECIPES } from './recipeFiles.ts';

const KINDS = {
  group: vscode.SymbolKind.Namespace,
  parameter: vscode.SymbolKind.Variable,
  layer: vscode.SymbolKind.Class,
  setting: vscode.SymbolKind.Property,
} as const;

export function createNames(documents: RecipeDocuments): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerDefinitionProvider(RECIPES, definitions(documents)),
    languages.registerReferenceProvider(RECIPES, references(documents)),
    languages.registerDocumentHighlightProvider(RECIPES, highlights(documents)),
    languages.registerRenameProvider(RECIPES, renames(documents)),
    languages.registerDocumentSymbolProvider(RECIPES, symbols(documents), { label: 'Skillet' }),
  );
}

function definitions(documents: RecipeDocuments): vscode.DefinitionProvider {
  return {
    async provideDefinition(document, position) {
      const { definitionAt } = await import('../../common/recipe/language/navigate.ts');
      const span = definitionAt(await documents.read(document), document.offsetAt(position));
      return span === null ? null : new vscode.Location(document.uri, spanRange(document, span));
    },
  };
}

async function placesAt(documents: RecipeDocuments, document: vscode.TextDocument, position: vscode.Position) {
  const { nameAt, placesOf } = await import('../../common/recipe/language/navigate.ts');
  const recipe = await documents.read(document);
  const name = nameAt(recipe, document.offsetAt(position));
  return name === null ? [] : placesOf(recipe, name).map((span) => spanRange(document, span));
}

function references(documents: RecipeDocuments): vscode.ReferenceProvider {
  return {
    async provideReferences(document, position, { includeDeclaration }) {
      const places = await placesAt(documents, document, position);
      return places.slice(includeDeclaration ? 0 : 1).map((range) => new vscode.Location(document.uri, range));
    },
  };
}

function highlights(documents: RecipeDocuments): vscode.DocumentHighlightProvider {
  return {
    async provideDocumentHighlights(document, position) {
      return (await placesAt(documents, document, position)).map((range) => new vscode.DocumentHighlight(range));
    },
  };
}

function renames(documents: RecipeDocuments): vscode.RenameProvider {
  return {
    async prepareRename(document, position) {
      const { renamableAt } = await import('../../common/recipe/language/rename.ts');
      const found = renamableAt(await documents.read(document), document.offsetAt(position));
      if ('refusal' in found) {
        throw new Error(found.refusal);
      }
      return { range: spanRange(document, found.span), placeholder: found.name };
    },
    async provideRenameEdits(document, position, name) {
      const { rename } = await import('../../common/recipe/language/rename.ts');
      const result = rename(await documents.read(document), document.offsetAt(position), name);
      if ('refusal' in result) {
        throw new Error(result.refusal);
      }
      const edit = new vscode.WorkspaceEdit();
      for (const change of result.edits) {
        edit.replace(document.uri, spanRange(document, change), change.text);
      }
      return edit;
    },
  };
}

function symbols(documents: RecipeDocuments): vscode.DocumentSymbolProvider {
  return {
    async provideDocumentSymbols(document) {
      const { outlineOf } = await import('../../common/recipe/language/outline.ts');
      return outlineOf(await documents.read(document)).map((item) => toSymbol(document, item));
    },
  };
}

function toSymbol(document: vscode.TextDocument, item: OutlineItem): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(
    item.name || '…',
    item.detail,
    KINDS[item.kind],
    spanRange(document, item.span),
    spanRange(document, item.nameSpan),
  );
  symbol.children = item.children.map((child) => toSymbol(document, child));
  return symbol;
}
