/** Puts pictures and words behind lines of an editor, by decorations that are changed and never made anew. */
import * as vscode from 'vscode';
import { INKS, type InkKind } from '../../common/inline/inks.ts';
import type { LineContent } from '../../common/inline/runLine.ts';
import { drawSparks, type SparkSize } from '../../common/inline/sparkline.ts';

export interface ShownLine extends LineContent {
  /** From 0. */
  readonly line: number;
}

export interface Decorations extends vscode.Disposable {
  /** Does nothing where the editor shows the same already. */
  show(editor: vscode.TextEditor, lines: readonly ShownLine[]): void;
}

/** VS Code's own, where nothing else is set. */
const FONT_PX = 14;

export function createDecorations(): Decorations {
  const { pictures, words } = createTypes();
  const shown = new WeakMap<vscode.TextEditor, string>();
  return {
    show(editor, lines) {
      const size = sizeFor(editor.document);
      const key = JSON.stringify([inkKinds(), size, lines]);
      if (shown.get(editor) === key || (lines.length === 0 && !shown.has(editor))) {
        return;
      }
      shown.set(editor, key);
      const drawn = lines.filter(({ sparks }) => sparks.length > 0);
      editor.setDecorations(
        pictures,
        drawn.map((line) => ({ range: endOf(editor.document, line), renderOptions: pictureOf(line, size) })),
      );
      editor.setDecorations(
        words,
        lines.map((line) => ({ range: endOf(editor.document, line), renderOptions: wordsOf(line) })),
      );
    },
    dispose: () => vscode.Disposable.from(pictures, words).dispose(),
  };
}

/**
 * Two types, because one attachment is either a picture or words, and `before` would push the cursor along that stands
 * at the end of the line. VS Code orders what stands at one place by the names of the types.
 */
function createTypes(): { pictures: vscode.TextEditorDecorationType; words: vscode.TextEditorDecorationType } {
  // With both ends closed, what is typed at the end of a line comes before the picture.
  const options = { rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed };
  const a = vscode.window.createTextEditorDecorationType(options);
  const b = vscode.window.createTextEditorDecorationType(options);
  return `${a.key}-` < `${b.key}-` ? { pictures: a, words: b } : { pictures: b, words: a };
}

function endOf(document: vscode.TextDocument, { line }: ShownLine): vscode.Range {
  const { end } = document.lineAt(Math.min(line, document.lineCount - 1)).range;
  return new vscode.Range(end, end);
}

function pictureOf({ sparks }: ShownLine, size: SparkSize): vscode.DecorationInstanceRenderOptions {
  const { dark, light } = inkKinds();
  const picture = (kind: InkKind): vscode.ThemableDecorationInstanceRenderOptions => ({
    after: { contentIconPath: svgUri(drawSparks(sparks, size, INKS[kind])), margin: '0 0 0 2ch' },
  });
  return { dark: picture(dark), light: picture(light) };
}

function wordsOf({ sparks, text }: ShownLine): vscode.DecorationInstanceRenderOptions {
  return {
    after: {
      // Spaces would run together.
      contentText: text.replaceAll(' ', '\u00a0'),
      color: new vscode.ThemeColor('descriptionForeground'),
      fontStyle: 'normal',
      margin: sparks.length === 0 ? '0 0 0 2ch' : '0 0 0 1ch',
    },
  };
}

/** Both are set at every time, so that a change of the theme is seen at once. */
function inkKinds(): { readonly dark: InkKind; readonly light: InkKind } {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.HighContrast:
    case vscode.ColorThemeKind.HighContrastLight:
      return { dark: 'highContrast', light: 'highContrastLight' };
    default:
      return { dark: 'dark', light: 'light' };
  }
}

/** As high as the letters, in whole pixels: it stands on their base line. */
function sizeFor(document: vscode.TextDocument): SparkSize {
  const fontSize = vscode.workspace.getConfiguration('editor', document).get('fontSize', FONT_PX);
  const height = Math.max(8, Math.round(Number.isFinite(fontSize) ? fontSize : FONT_PX));
  return { height, curveWidth: height * 5, triedWidth: height * 3 };
}

function svgUri(svg: string): vscode.Uri {
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}
