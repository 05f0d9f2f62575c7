/** The recipe language in the editor, from our own grammar of it: no other extension is needed. */
import * as vscode from 'vscode';
import { createCompletion } from './completion.ts';
import { createFormatting } from './formatting.ts';
import { createHovers } from './hovers.ts';
import { createNames } from './names.ts';
import { createQuickFixes } from './quickFixes.ts';
import type { RecipeDocuments } from './recipeDocuments.ts';

export function createLanguage(documents: RecipeDocuments, extensionUri: vscode.Uri): vscode.Disposable {
  return vscode.Disposable.from(
    createCompletion(documents),
    createHovers(documents, extensionUri),
    createNames(documents),
    createQuickFixes(documents),
    createFormatting(),
  );
}
