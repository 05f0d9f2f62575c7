/** One run in a report: result, curves, parameters, network, data, where it was trained, and its recipe. */
import { folderOf } from '../compare/ancestry.ts';
import { beatsBaseline, bestOf } from '../compare/resultTable.ts';
import { metricsOf } from '../compare/runCurve.ts';
import { formatCount, formatDuration, formatNumber, formatShape } from '../format.ts';
import type { NetworkGraph } from '../graph.ts';
import type { DataSummary, LayerSample } from '../run/events.ts';
import { comparisonChart } from './comparisonChart.ts';
import type { ExportedRun } from './exportedRun.ts';
import { type Html, html, NOTHING, table, trusted } from './html.ts';
import { forecastPicture, predictionPictures, standings } from './predictionPictures.ts';
import { REPORT_INK, REPORT_RUN_COLORS } from './reportStyle.ts';

export interface SectionOptions {
  /** Curves of the run alone; left out where the comparison has them. */
  readonly hasCurves: boolean;
}

export function runSection(exported: ExportedRun, { hasCurves }: SectionOptions): Html {
  const { run, recipeText } = exported;
  const { evaluation } = run;
  return html`${verdictLine(exported)}
${run.notices.map(({ message, remedy }) => html`<p class="quiet">${message} ${remedy}</p>`)}
${run.problems.map(({ path, message, remedy, code }) => html`<p class="worse">${path}: ${message} ${remedy} (${code})</p>`)}
${evaluation === null ? NOTHING : standings(evaluation)}
${hasCurves ? curves(exported) : NOTHING}
${evaluation === null ? NOTHING : predictionPictures(evaluation)}
${run.forecasts.map(forecastPicture)}
<h3>How it was trained</h3>${facts(exported)}
${run.start === null ? NOTHING : layerTable(run.start.graph, run.layerSamples.at(-1) ?? null)}
${recipe(recipeText, hasCurves)}`;
}

/** Of several runs it is folded away, for what differs stands in the comparison. */
function recipe(text: string, isOpen: boolean): Html {
  return isOpen
    ? html`<h3>Recipe, as it was trained</h3><pre>${text}</pre>`
    : html`<details><summary>Recipe, as it was trained</summary><pre>${text}</pre></details>`;
}

function verdictLine({ run, compared }: ExportedRun): Html {
  const { evaluation, end } = run;
  const said = beatsBaseline(compared);
  const kind = said === 'better' ? 'better' : said === null ? '' : 'worse';
  return evaluation !== null
    ? html`<p class="verdict ${kind}">${evaluation.verdict}</p>`
    : html`<p class="verdict">${end?.message ?? `The run is ${compared.status}; it was not tested.`}</p>`;
}

function curves({ compared }: ExportedRun): Html {
  const metrics = metricsOf([compared]);
  return html`<div class="charts">${metrics.map((metric) => {
    const measured = compared.curves[`val_${metric}`] === undefined ? metric : `val_${metric}`;
    const best = bestOf(compared, measured);
    const svg = comparisonChart([compared], {
      metric,
      scale: 'fitting',
      width: 520,
      height: 250,
      ink: REPORT_INK,
      runColors: REPORT_RUN_COLORS,
      hasLegend: true,
    });
    const caption = best === null ? '' : `best ${measured} ${formatNumber(best.value)} at epoch ${best.epoch}`;
    return html`<figure>${trusted(svg)}<figcaption>${caption}</figcaption></figure>`;
  })}</div>`;
}

function facts({ run, compared }: ExportedRun): Html {
  const { start, backend } = run;
  const pairs: (readonly [string, string])[] = [
    ['Run', folderOf(compared.runFolder)],
    ['Started', run.startedAt ?? '—'],
    ['Status', `${compared.status}, ${compared.epochsDone} of ${compared.epochs ?? '?'} epochs`],
    ['Training time', compared.trainingMs === null ? '—' : formatDuration(compared.trainingMs)],
    ...(start?.fork === undefined ? [] : [['Goes on from', `${start.fork.run}, epoch ${start.fork.epoch}`] as const]),
    ...(Object.keys(compared.params).length === 0
      ? []
      : [
          [
            'Parameters',
            Object.entries(compared.params)
              .map(([name, value]) => `${name} ${value}`)
              .join(' · '),
          ] as const,
        ]),
    ['Seed', String(compared.seed ?? '—')],
    ...(start === null ? [] : [['Batches', `${start.batchSize} rows, ${start.stepsPerEpoch} an epoch`] as const]),
    ...(start === null ? [] : dataFacts(start.data)),
    ...(backend === null ? [] : [['Backend', `${backend.name} on ${backend.device}. ${backend.reason}`] as const]),
  ];
  return html`<dl class="facts">${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** Beyond these their number says enough. */
const MOST_FEATURES = 40;

function dataFacts({ file, trainRows, validationRows, testRows, features, targets, unit }: DataSummary) {
  const rows = [
    `${formatCount(trainRows)} to train on`,
    ...(validationRows > 0 ? [`${formatCount(validationRows)} for validation`] : []),
    `${formatCount(testRows)} to test on`,
  ];
  const more = features.length > MOST_FEATURES ? ` and ${features.length - MOST_FEATURES} more` : '';
  return [
    ['Data', `${file}: ${rows.join(', ')}`],
    ['Predicts', `${targets.join(', ')}${unit === undefined ? '' : ` (${unit})`}`],
    ['From', `${features.slice(0, MOST_FEATURES).join(', ')}${more}`],
  ] as const;
}

function layerTable({ nodes }: NetworkGraph, sample: LayerSample | null): Html {
  const weights = nodes.reduce((sum, { parameterCount }) => sum + (parameterCount ?? 0), 0);
  const seen = new Map(sample?.layers.map((layer) => [layer.layer, layer]));
  const figure = (title: string, of: (layer: LayerSample['layers'][number]) => number | null) => ({
    title,
    isNumber: true,
    cell: ({ id }: NetworkGraph['nodes'][number]) => formatNumber(of(seen.get(id) ?? NO_STATISTICS)),
  });
  return table(
    `Layers: ${formatCount(weights)} weights${sample === null ? '' : `; gradients and activations as seen after epoch ${sample.epoch}`}`,
    [
      { title: 'layer', cell: ({ id }) => id },
      { title: 'type', cell: ({ type, detail }) => [type, detail].filter((part) => part !== undefined).join(', ') },
      { title: 'activation', cell: ({ activation }) => activation ?? '' },
      { title: 'output', cell: ({ outputShape }) => formatShape(outputShape) },
      { title: 'weights', isNumber: true, cell: ({ parameterCount }) => formatCount(parameterCount) },
      ...(sample === null
        ? []
        : [
            figure('gradient norm', ({ gradientNorm }) => gradientNorm),
            figure('weight norm', ({ weightNorm }) => weightNorm),
            figure('activation mean', ({ activation }) => activation?.mean ?? null),
            figure('dead units', ({ deadShare }) => deadShare),
          ]),
    ],
    nodes,
  );
}

const NO_STATISTICS: LayerSample['layers'][number] = {
  layer: '',
  gradientNorm: null,
  weightNorm: null,
  activation: null,
  deadShare: null,
  timeShare: null,
};
