/** Charts in the lines of editors: keeps what every visible editor shows in step with runs, text, theme and setting. */
import * as vscode from 'vscode';
import type { RecipeDocuments } from '../recipes/recipeDocuments.ts';
import { isRecipe, type RecipeFiles } from '../recipes/recipeFiles.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { type InlineLine, linesOf, type Sources } from './contents.ts';
import { createDecorations } from './decorations.ts';
import { createChartHovers } from './hovers.ts';
import { createRunCurves } from './runCurves.ts';

export interface InlineCharts extends vscode.Disposable {
  /** What the editors of a document show now. */
  shown(uri: vscode.Uri): readonly InlineLine[];
  /** Brings all visible editors up to date. */
  update(): Promise<void>;
  /** How long the last updates took, in ms, oldest first. */
  durationsMs(): readonly number[];
}

export interface InlineParts {
  readonly index: RunIndex;
  readonly recipes: RecipeFiles;
  readonly documents: RecipeDocuments;
  readonly output: vscode.LogOutputChannel;
}

const SETTING = 'inlineCharts';
/** Updates are at least this far apart, in ms. */
const APART_MS = 250;
/** Typing and scrolling are left to rest for so long, in ms. */
const REST_MS = 120;
const DURATIONS_KEPT = 512;

export function createInlineCharts({ index, recipes, documents, output }: InlineParts): InlineCharts {
  const decorations = createDecorations();
  const sources: Sources = { index, recipes, documents, curves: createRunCurves(index) };
  const shown = new Map<string, readonly InlineLine[]>();
  const durations: number[] = [];
  const showIn = (editor: vscode.TextEditor, lines: readonly InlineLine[]) => {
    shown.set(editor.document.uri.toString(), lines);
    decorations.show(editor, lines);
  };
  const updateEditor = async (editor: vscode.TextEditor) => {
    const { version } = editor.document;
    const lines = isOn() ? await linesOf(editor, sources) : [];
    // Typed in meanwhile: its places are no longer these, and its change has asked for the next update.
    if (editor.document.version === version && !editor.document.isClosed) {
      showIn(editor, lines);
    }
  };
  let lastUpdate = Promise.resolve();
  const updateAll = async () => {
    const startedAt = performance.now();
    const editors = vscode.window.visibleTextEditors;
    forgetOthers(shown, editors);
    for (const editor of editors) {
      await updateEditor(editor).catch((error) => output.error(`${editor.document.uri.fsPath}: ${String(error)}`));
    }
    durations.push(performance.now() - startedAt);
    durations.splice(0, durations.length - DURATIONS_KEPT);
  };
  // One after the other: a slow one must not put back what a later one has changed.
  const update = () => {
    lastUpdate = lastUpdate.then(updateAll);
    return lastUpdate;
  };
  const schedule = createSchedule(update);
  const editorOf = (document: vscode.TextDocument) =>
    vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
  const subscriptions = [
    decorations,
    schedule,
    createChartHovers(sources, (uri, line) => shown.get(uri.toString())?.find((one) => one.line === line)),
    index.onDidChange(() => schedule.soon(0)),
    vscode.window.onDidChangeVisibleTextEditors(() => schedule.soon(0)),
    vscode.window.onDidChangeActiveColorTheme(() => schedule.soon(0)),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) =>
      isRecipe(textEditor.document) ? undefined : schedule.soon(REST_MS),
    ),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const editors = editorOf(document);
      if (editors.length === 0 || contentChanges.length === 0) {
        return;
      }
      if (breaksLine(shown.get(document.uri.toString()) ?? [], contentChanges)) {
        for (const editor of editors) {
          showIn(editor, []);
        }
      }
      schedule.soon(REST_MS);
    }),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration(`skillet.${SETTING}`) || change.affectsConfiguration('editor.fontSize')
        ? void update()
        : undefined,
    ),
    vscode.commands.registerCommand('skillet.toggleInlineCharts', toggle),
  ];
  schedule.soon(0);
  return {
    shown: (uri) => shown.get(uri.toString()) ?? [],
    update,
    durationsMs: () => durations,
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

function isOn(): boolean {
  return vscode.workspace.getConfiguration('skillet').get(SETTING, true);
}

/** Where a workspace has its own word, that one is changed: another would not be heard. */
async function toggle(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('skillet');
  const hasOwn = settings.inspect(SETTING)?.workspaceValue !== undefined;
  const target = hasOwn ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update(SETTING, !isOn(), target);
}

function forgetOthers(shown: Map<string, unknown>, editors: readonly vscode.TextEditor[]): void {
  const visible = new Set(editors.map(({ document }) => document.uri.toString()));
  for (const uri of [...shown.keys()].filter((one) => !visible.has(one))) {
    shown.delete(uri);
  }
}

/** A picture would go down with the line that is broken off before it, or come up behind another one. */
function breaksLine(lines: readonly InlineLine[], changes: readonly vscode.TextDocumentContentChangeEvent[]): boolean {
  return changes.some(
    ({ range, text }) =>
      (text.includes('\n') || !range.isSingleLine) &&
      lines.some(({ line }) => line >= range.start.line && line <= range.end.line),
  );
}

interface Schedule extends vscode.Disposable {
  /** Asks for an update after `ms` at the earliest; asked again, it waits anew. */
  soon(ms: number): void;
}

/** One update at a time, and none too soon after the last. */
function createSchedule(update: () => Promise<void>): Schedule {
  let timer: NodeJS.Timeout | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  let isBusy = false;
  let isAskedAgain = false;
  const run = async () => {
    if (isBusy) {
      isAskedAgain = true;
      return;
    }
    isBusy = true;
    await update();
    isBusy = false;
    lastAt = performance.now();
    if (isAskedAgain) {
      isAskedAgain = false;
      soon(0);
    }
  };
  const soon = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), Math.max(ms, lastAt + APART_MS - performance.now()));
  };
  return { soon, dispose: () => clearTimeout(timer) };
}
