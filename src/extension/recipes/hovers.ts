/** Hovers in recipes, with a link to the section of the reference page that ships with the extension. */
import * as vscode from 'vscode';
import { type RecipeDocuments, spanRange } from './recipeDocuments.ts';
import { RECIPES } from './recipeFiles.ts';

const OPEN_REFERENCE = 'skillet.openReference';

export function createHovers(documents: RecipeDocuments, extensionUri: vscode.Uri): vscode.Disposable {
  const provider: vscode.HoverProvider = {
    async provideHover(document, position) {
      const [{ hoverAt }, { dataGraph }] = await Promise.all([
        import('../../common/recipe/language/hover.ts'),
        import('../../common/recipe/language/dataGraph.ts'),
      ]);
      const [recipe, parsed] = await Promise.all([documents.read(document), documents.parse(document)]);
      const offset = document.offsetAt(position);
      const graph = dataGraph(parsed, await documents.columns(document));
      const found = hoverAt(recipe, offset, graph);
      return found === null ? null : new vscode.Hover(toMarkdown(found), spanRange(document, found.span));
    },
  };
  const reference = vscode.Uri.joinPath(extensionUri, 'docs/recipe.md');
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(RECIPES, provider),
    vscode.commands.registerCommand(OPEN_REFERENCE, (section?: unknown) =>
      vscode.commands.executeCommand(
        'markdown.showPreview',
        reference.with({ fragment: typeof section === 'string' ? section : '' }),
      ),
    ),
  );
}

function toMarkdown({ markdown, section }: { markdown: string; section: string | null }): vscode.MarkdownString {
  const link =
    section === null
      ? ''
      : `\n\n[Reference](command:${OPEN_REFERENCE}?${encodeURIComponent(JSON.stringify([section]))})`;
  const text = new vscode.MarkdownString(markdown + link);
  text.isTrusted = { enabledCommands: [OPEN_REFERENCE] };
  return text;
}
