/** Whole runs as one JSON document; docs/compare.md describes it. */

import { folderOf } from '../compare/ancestry.ts';
import type { StepSeries } from '../run/stepSeries.ts';
import type { ExportedRun } from './exportedRun.ts';

/** Raised when a reader of an older export could misread a newer one. */
const RUNS_FORMAT_VERSION = 1;

/** Folders are told by name and not by path: where they lie is nobody else's affair. */
export function runsJson(runs: readonly ExportedRun[], { version }: { readonly version: string }): string {
  const document = {
    format: 'skillet-runs',
    version: RUNS_FORMAT_VERSION,
    skillet: version,
    runs: runs.map(toJson),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function toJson({ compared, run, recipeText }: ExportedRun): object {
  const { start, evaluation, end } = run;
  return {
    folder: folderOf(compared.runFolder),
    name: compared.name,
    status: compared.status,
    startedAt: run.startedAt,
    recipe: recipeText,
    start,
    backend: run.backend,
    epochs: run.epochs,
    ...(run.stepLoss.length === 0 ? {} : { steps: stepsOf(run) }),
    evaluation,
    forecasts: run.forecasts,
    layerSamples: run.layerSamples,
    notices: run.notices,
    end,
    problems: run.problems,
  };
}

function stepsOf(run: ExportedRun['run']): object {
  const first = run.start?.fork?.step ?? 0;
  const tail = (series: StepSeries | undefined) =>
    Array.from({ length: Math.max(0, run.stepLoss.length - first) }, (_, index) => series?.at(first + index) ?? null);
  const metrics = Object.keys(run.stepMetrics).map((name) => [name, tail(run.stepMetrics[name])] as const);
  return { first, loss: tail(run.stepLoss), metrics: Object.fromEntries(metrics) };
}
