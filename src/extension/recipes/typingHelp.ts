/** Completion and hovers in recipes, from the recipe language itself: a bare VS Code knows no schema for YAML. */
import * as vscode from 'vscode';

const SELECTOR: vscode.DocumentSelector = { pattern: '**/*.recipe.{yaml,yml}' };

const KINDS = {
  key: vscode.CompletionItemKind.Property,
  word: vscode.CompletionItemKind.EnumMember,
  parameter: vscode.CompletionItemKind.Variable,
} as const;

export function createTypingHelp(): vscode.Disposable {
  const completion: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position) {
      const { suggest } = await import('../../common/recipe/suggest.ts');
      const range = document.getWordRangeAtPosition(position, /\$?\w+/);
      return suggest(document.getText(), document.offsetAt(range?.start ?? position)).map(
        ({ text, kind, description }) => {
          const item = new vscode.CompletionItem(text, KINDS[kind]);
          item.insertText = kind === 'key' ? `${text}: ` : text;
          item.detail = description;
          return range === undefined ? item : Object.assign(item, { range });
        },
      );
    },
  };
  const hover: vscode.HoverProvider = {
    async provideHover(document, position) {
      const word = document.getWordRangeAtPosition(position, /\w+(?=:)/);
      if (word === undefined) {
        return null;
      }
      const [{ cursorPlace }, { describeField }] = await Promise.all([
        import('../../common/recipe/cursor.ts'),
        import('../../common/recipe/suggest.ts'),
      ]);
      const place = cursorPlace(document.getText(new vscode.Range(new vscode.Position(0, 0), word.start)));
      const meaning = place === null ? null : describeField([...place.keys, document.getText(word)]);
      return meaning === null ? null : new vscode.Hover(meaning, word);
    },
  };
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(SELECTOR, completion, ' ', '$'),
    vscode.languages.registerHoverProvider(SELECTOR, hover),
  );
}
