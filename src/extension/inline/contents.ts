/** Finds what to show behind the lines of a document: in a recipe by its fields, in other text where it names a run. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatNumber } from '../../common/format.ts';
import { type Mention, mentionsIn } from '../../common/inline/mentions.ts';
import { findPlaces } from '../../common/inline/recipePlaces.ts';
import { type LineContent, runLine } from '../../common/inline/runLine.ts';
import type { ShownRun } from '../../common/inline/shownRun.ts';
import { triedLine } from '../../common/inline/triedValues.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import type { RecipeDocuments } from '../recipes/recipeDocuments.ts';
import { isRecipe, type RecipeFiles } from '../recipes/recipeFiles.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import type { ShownLine } from './decorations.ts';
import type { RunCurves } from './runCurves.ts';

/** A line with what its hover needs. */
export interface InlineLine extends ShownLine {
  /** The run that its curves are of; null behind parameters alone. */
  readonly run: RunSummary | null;
  readonly recipeFile: string;
  /** Measures to draw larger, the first one first. */
  readonly metrics: readonly string[];
  readonly params: readonly string[];
}

export interface Sources {
  readonly index: Pick<RunIndex, 'list' | 'live'>;
  readonly recipes: Pick<RecipeFiles, 'list'>;
  readonly documents: Pick<RecipeDocuments, 'read'>;
  readonly curves: RunCurves;
}

/** Larger files are not looked at. */
const LARGEST = 1 << 20;
/** Lines of one editor that get a picture. */
const MOST_LINES = 50;

export async function linesOf(editor: vscode.TextEditor, sources: Sources): Promise<readonly InlineLine[]> {
  const { document } = editor;
  if (!isWatched(document)) {
    return [];
  }
  return isRecipe(document) ? recipeLines(document, sources) : mentionLines(editor, sources);
}

/** What lies in a run's folder is no one's to write in, and names its recipe on every other line. */
function isWatched(document: vscode.TextDocument): boolean {
  const { scheme, path: file } = document.uri;
  const isText = scheme === 'file' || scheme === 'untitled' || scheme === 'vscode-notebook-cell';
  const end = document.lineAt(document.lineCount - 1).range.end;
  return isText && !file.includes('/.skillet/') && document.offsetAt(end) <= LARGEST;
}

async function recipeLines(document: vscode.TextDocument, sources: Sources): Promise<InlineLine[]> {
  const recipeFile = document.uri.fsPath;
  const runs = (await sources.index.list()).filter((run) => run.recipeFile === recipeFile);
  const summary = lastRun(runs);
  if (summary === null) {
    return [];
  }
  const run = await sources.curves.of(summary);
  return findPlaces(await sources.documents.read(document)).flatMap(({ line, hasTrain, metrics, params }) => {
    const measured = runLine(run, { hasTrain, metrics });
    const tried = params.length === 0 ? null : triedLine(runs, params);
    const content = joined(measured, tried);
    const names = [...(hasTrain ? ['loss'] : []), ...metrics];
    return content === null ? [] : [{ line, ...content, run: summary, recipeFile, metrics: names, params }];
  });
}

/** The one that trains now, else the newest. @param runs Newest first. */
function lastRun(runs: readonly RunSummary[]): RunSummary | null {
  return runs.find(({ status }) => status === 'running' || status === 'paused') ?? runs[0] ?? null;
}

function joined(a: LineContent | null, b: LineContent | null): LineContent | null {
  return a === null || b === null ? (a ?? b) : { sparks: [...a.sparks, ...b.sparks], text: `${a.text} | ${b.text}` };
}

async function mentionLines(editor: vscode.TextEditor, sources: Sources): Promise<InlineLine[]> {
  const mentioned = visibleMentions(editor);
  if (mentioned.length === 0) {
    return [];
  }
  const [runs, recipes] = await Promise.all([sources.index.list(), sources.recipes.list()]);
  const files = recipes.map(({ uri }) => uri.fsPath);
  const find = runFinder(runs, files, editor.document.uri);
  const lines = await Promise.all(
    mentioned.map(async ({ line, mentions }) => {
      const summary = mentions.reduce<RunSummary | null>((found, mention) => found ?? find(mention), null);
      const content = summary === null ? null : mentionContent(await sources.curves.of(summary));
      return summary === null || content === null ? [] : [{ line, ...content, ...mentionParts(summary) }];
    }),
  );
  return lines.flat();
}

function mentionParts(run: RunSummary) {
  return { run, recipeFile: run.recipeFile ?? '', metrics: ['loss'], params: [] };
}

/** Loss, and the result by the run's own measure. */
function mentionContent(run: ShownRun): LineContent | null {
  const line = runLine(run, { hasTrain: true, metrics: [] });
  const { evaluation } = run;
  const value = evaluation?.metrics[evaluation.primary.metric] ?? null;
  if (line === null || evaluation === null || value === null) {
    return line;
  }
  return { ...line, text: `${line.text} · test ${evaluation.primary.metric} ${formatNumber(value)}` };
}

function visibleMentions({ document, visibleRanges }: vscode.TextEditor): { line: number; mentions: Mention[] }[] {
  const found: { line: number; mentions: Mention[] }[] = [];
  for (const { start, end } of visibleRanges) {
    for (let line = start.line; line <= Math.min(end.line, document.lineCount - 1); line += 1) {
      const mentions = mentionsIn(document.lineAt(line).text);
      if (mentions.length > 0 && found.length < MOST_LINES && found.at(-1)?.line !== line) {
        found.push({ line, mentions });
      }
    }
  }
  return found;
}

/** A recipe is looked for beside the file, in the opened folders, and by its name alone where only one has it. */
function runFinder(
  runs: readonly RunSummary[],
  recipeFiles: readonly string[],
  from: vscode.Uri,
): (mention: Mention) => RunSummary | null {
  const known = new Set(recipeFiles);
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const bases = from.scheme === 'untitled' ? roots : [path.dirname(from.fsPath), ...roots];
  const recipeOf = (name: string): string | undefined => {
    const asWritten = name.replaceAll('\\', '/').replace(/^file:\/\//, '');
    const named = recipeFiles.filter((file) => path.basename(file) === path.posix.basename(asWritten));
    return (
      bases.map((base) => path.resolve(base, asWritten)).find((file) => known.has(file)) ??
      (named.length === 1 ? named[0] : undefined)
    );
  };
  return ({ kind, name }) => {
    if (kind === 'run') {
      return runs.find(({ runFolder }) => path.basename(runFolder) === name) ?? null;
    }
    const file = recipeOf(name);
    return file === undefined ? null : lastRun(runs.filter(({ recipeFile }) => recipeFile === file));
  };
}
