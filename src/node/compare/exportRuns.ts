/** Runs as the text of one file: CSV, JSON, SVG or HTML. */
import { metricsOf } from '../../common/compare/runCurve.ts';
import { SkilletError } from '../../common/errors.ts';
import { comparisonChart, PRINT } from '../../common/report/comparisonChart.ts';
import { type CsvRows, runsCsv } from '../../common/report/csv.ts';
import type { ExportedRun } from '../../common/report/exportedRun.ts';
import { htmlReport } from '../../common/report/htmlReport.ts';
import { runsJson } from '../../common/report/runsJson.ts';
import { readRun, readRunEpochs } from '../readRun.ts';
import { describeCompared, readRunRecipe } from './readCompared.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'svg', 'html'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface RunExport {
  readonly format: ExportFormat;
  /** Rows of a CSV; JSON holds the steps beside the epochs where they are wanted. */
  readonly rows: CsvRows;
  /** Of an SVG; the one that the runs are judged by when absent. */
  readonly metric?: string;
  /** Version of Skillet. */
  readonly version: string;
  readonly now: Date;
}

/** @throws {SkilletError} A folder is no run, or no run has the metric. */
export async function exportRuns(runFolders: readonly string[], wish: RunExport): Promise<string> {
  const hasSteps = wish.rows === 'steps' && (wish.format === 'csv' || wish.format === 'json');
  const runs: ExportedRun[] = [];
  for (const runFolder of runFolders) {
    runs.push(await readExported(runFolder, hasSteps));
  }
  switch (wish.format) {
    case 'csv':
      return runsCsv(runs, wish.rows);
    case 'json':
      return runsJson(runs, wish);
    case 'svg':
      return `${chartSvg(runs, wish.metric)}\n`;
    case 'html':
      return htmlReport(runs, { version: wish.version, at: wish.now.toISOString() });
  }
}

async function readExported(runFolder: string, hasSteps: boolean): Promise<ExportedRun> {
  const recipeText = await readRunRecipe(runFolder);
  const run = await (hasSteps ? readRun(runFolder) : readRunEpochs(runFolder));
  return { run, recipeText, compared: await describeCompared(run, runFolder, recipeText) };
}

function chartSvg(exported: readonly ExportedRun[], wanted: string | undefined): string {
  const runs = exported.map(({ compared }) => compared);
  const known = metricsOf(runs);
  const judged = runs.find(({ test }) => test !== null)?.test?.primary.metric ?? '';
  const metric = wanted ?? (known.includes(judged) ? judged : known[0]);
  if (metric === undefined || !known.includes(metric)) {
    throw new SkilletError('cli-usage', '--metric', {
      message: metric === undefined ? 'no epoch has ended yet.' : `no run has a metric "${metric}".`,
      remedy: known.length === 0 ? 'Wait for the first epoch.' : `Metrics: ${known.join(', ')}.`,
    });
  }
  return comparisonChart(runs, { ...PRINT, metric, scale: 'fitting', width: 900, height: 440, hasLegend: true });
}
