/** Hovers over lines that carry a chart: the larger chart, the verdict, what was tried, and where to go from here. */
import * as vscode from 'vscode';
import { formatNumber } from '../../common/format.ts';
import { hoverChart } from '../../common/inline/hoverChart.ts';
import { INKS, type Ink } from '../../common/inline/inks.ts';
import { isMeasured, type ShownRun } from '../../common/inline/shownRun.ts';
import { triedValues } from '../../common/inline/triedValues.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { describeRun } from '../runs/runText.ts';
import type { InlineLine, Sources } from './contents.ts';

const COMMANDS = ['skillet.openRun', 'skillet.compareRuns'] as const;
/** Charts in one hover; more would leave the screen. */
const MOST_CHARTS = 2;

/** @param lineAt What is shown behind a line now. */
export function createChartHovers(
  sources: Pick<Sources, 'index' | 'curves'>,
  lineAt: (uri: vscode.Uri, line: number) => InlineLine | undefined,
): vscode.Disposable {
  const provider: vscode.HoverProvider = {
    async provideHover(document, position) {
      const line = lineAt(document.uri, position.line);
      if (line === undefined) {
        return null;
      }
      const word = document.getText(document.getWordRangeAtPosition(position));
      const runs = (await sources.index.list()).filter(({ recipeFile }) => recipeFile === line.recipeFile);
      const summary = runs.find(({ runFolder }) => runFolder === line.run?.runFolder) ?? line.run;
      const text = markdown();
      if (summary !== null && line.metrics.length > 0) {
        const run = await sources.curves.of(summary);
        writeTitle(text, summary, runs.length);
        writeCharts(text, run, chosen(line.metrics, word));
        writeVerdict(text, run.evaluation?.verdict ?? summary.problem ?? '');
      } else if (summary !== null) {
        writeTitle(text, summary, runs.length);
      }
      writeTried(text, runs, line.params);
      return new vscode.Hover(text, document.lineAt(position.line).range);
    },
  };
  return vscode.languages.registerHoverProvider(
    [{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: 'vscode-notebook-cell' }],
    provider,
  );
}

function markdown(): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [...COMMANDS] };
  return text;
}

/** The measure under the pointer alone, where it is on one. */
function chosen(metrics: readonly string[], word: string): readonly string[] {
  return metrics.includes(word) ? [word] : metrics;
}

/** Name, state, and where to go from here: at the top, where they are seen without scrolling. */
function writeTitle(text: vscode.MarkdownString, run: RunSummary, runs: number): void {
  const link = (title: string, command: (typeof COMMANDS)[number], argument: unknown) =>
    ` · [${title}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
  const target = { run: { runFolder: run.runFolder, recipeFile: run.recipeFile } };
  text.appendMarkdown('**').appendText(run.name).appendMarkdown('** · ').appendText(describeRun(run, Date.now()));
  text.appendMarkdown(link('Open Panel', 'skillet.openRun', target));
  if (runs > 1) {
    text.appendMarkdown(link('Compare Runs', 'skillet.compareRuns', { recipeFile: run.recipeFile }));
  }
  text.appendMarkdown('\n\n');
}

function writeCharts(text: vscode.MarkdownString, run: ShownRun, metrics: readonly string[]): void {
  const ink = inkNow();
  for (const metric of metrics.filter((name) => isMeasured(run, name)).slice(0, MOST_CHARTS)) {
    const chart = hoverChart(run, metric, ink);
    if (chart !== null) {
      const source = Buffer.from(chart.svg).toString('base64');
      text.appendMarkdown(
        `![Chart of ${metric} by epoch](data:image/svg+xml;base64,${source}|width=${chart.width},height=${chart.height})\n\n`,
      );
    }
  }
}

function writeVerdict(text: vscode.MarkdownString, verdict: string): void {
  if (verdict !== '') {
    text.appendText(verdict).appendMarkdown('\n\n');
  }
}

/** A table of what was tried, the best one in bold. */
function writeTried(text: vscode.MarkdownString, runs: readonly RunSummary[], names: readonly string[]): void {
  const tried = triedValues(runs, names);
  for (const { name, values, best } of tried?.params ?? []) {
    text.appendMarkdown('| ').appendText(name).appendMarkdown(` | test ${tried?.metric} | runs |\n|:--|--:|--:|\n`);
    for (const value of values) {
      const bold = value === best && values.length > 1 ? '**' : '';
      text.appendMarkdown(`| ${bold}`).appendText(String(value.value).replaceAll('|', '/'));
      text.appendMarkdown(`${bold} | ${bold}${formatNumber(value.result)}${bold} | ${value.runs} |\n`);
    }
    text.appendMarkdown('\n');
  }
}

/** A hover is drawn when it opens, so the theme of that moment is the one to be read in. */
function inkNow(): Ink {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.HighContrast:
      return INKS.highContrast;
    case vscode.ColorThemeKind.HighContrastLight:
      return INKS.highContrastLight;
    case vscode.ColorThemeKind.Light:
      return INKS.light;
    default:
      return INKS.dark;
  }
}
