/** Format Document for recipes in YAML; JSON has a formatter in every VS Code, and two would ask which to take. */
import * as vscode from 'vscode';
import { changeBetween } from './quickFixes.ts';

export function createFormatting(): vscode.Disposable {
  const selector: vscode.DocumentSelector = { pattern: '**/*.recipe.{yaml,yml}' };
  return vscode.languages.registerDocumentFormattingEditProvider(selector, {
    async provideDocumentFormattingEdits(document) {
      const { formatRecipe } = await import('../../common/recipe/language/format.ts');
      const text = document.getText();
      const formatted = formatRecipe(text);
      return formatted === text ? [] : [changeBetween(document, text, formatted)];
    },
  });
}
