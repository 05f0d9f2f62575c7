/** What the network said about the test rows, as pictures and tables of a report. */
import { lineChart } from '../chart/lineChart.ts';
import { roundTicks, shortTick } from '../chart/ticks.ts';
import { formatNumber } from '../format.ts';
import { classScores } from '../run/classScores.ts';
import type { Evaluation, Forecast, Predictions } from '../run/events.ts';
import { type Html, html, table, trusted } from './html.ts';
import { REPORT_INK, reportColor } from './reportStyle.ts';

/** More classes make a matrix that no page holds; the table of classes tells them then. */
const MOST_CLASSES = 30;

export function predictionPictures({ predictions, unit }: Evaluation): Html {
  return predictions.kind === 'classes'
    ? html`<div class="side">${confusion(predictions)}${classTable(predictions)}</div>`
    : html`<div class="side">${predictions.targets.map((target) => scatter(target, unit ?? ''))}</div>`;
}

function confusion({ classes, confusion: counts }: Extract<Predictions, { kind: 'classes' }>): Html {
  if (classes.length > MOST_CLASSES) {
    return html`<p>${classes.length} classes are too many for a matrix on a page.</p>`;
  }
  const most = counts.flat().reduce((a, b) => Math.max(a, b), 1);
  const heat = (count: number, isRight: boolean) =>
    html`<td class="${isRight ? 'right' : 'wrong'} heat${Math.ceil((4 * count) / most)}">${count}</td>`;
  return html`<figure><figcaption>Actual class (down) taken for (across)</figcaption><div class="scroll"><table class="confusion"><thead><tr><td></td>${classes.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${classes.map(
    (name, row) =>
      html`<tr><th scope="row">${name}</th>${classes.map((_, column) => heat(counts[row]?.[column] ?? 0, row === column))}</tr>`,
  )}</tbody></table></div></figure>`;
}

function classTable({ classes, confusion: counts }: Extract<Predictions, { kind: 'classes' }>): Html {
  const percent = (share: number | null) => (share === null ? '—' : `${(100 * share).toFixed(1)} %`);
  return table(
    'By class',
    [
      { title: 'class', cell: ({ name }) => name },
      { title: 'test rows', isNumber: true, cell: ({ rows }) => rows },
      { title: 'recall', isNumber: true, cell: ({ recall }) => percent(recall) },
      { title: 'precision', isNumber: true, cell: ({ precision }) => percent(precision) },
    ],
    classScores(classes, counts),
  );
}

const SIZE = 320;
const PAD = { left: 58, right: 12, top: 10, bottom: 40 };

type Target = Extract<Predictions, { kind: 'values' }>['targets'][number];

/** Predicted against actual: a point on the line was predicted exactly. */
function scatter({ name, actual, predicted }: Target, unit: string): Html {
  const pairs = actual.flatMap((value, index) => {
    const said = predicted[index] ?? null;
    return value === null || said === null ? [] : [[value, said] as const];
  });
  const values = pairs.flat();
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!(high > low)) {
    return html`<p>The test rows of ${name} give no picture: all values are the same.</p>`;
  }
  const [inner, lower] = [SIZE - PAD.left - PAD.right, SIZE - PAD.bottom];
  const x = (value: number) => round(PAD.left + ((value - low) / (high - low)) * inner);
  const y = (value: number) => round(lower - ((value - low) / (high - low)) * (lower - PAD.top));
  const ticks = roundTicks(low, high, 'linear', 4);
  const { text, grid } = REPORT_INK;
  const title = `${pairs.length} test rows: predicted against actual ${name}`;
  return html`<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}" role="img" aria-label="${title}" font-size="11">
${ticks.map((tick) => html`<path d="M${PAD.left} ${y(tick)}H${SIZE - PAD.right}M${x(tick)} ${PAD.top}V${lower}" stroke="${grid}"/><text x="${PAD.left - 6}" y="${y(tick) + 4}" text-anchor="end" fill="${text}">${shortTick(tick)}</text><text x="${x(tick)}" y="${lower + 15}" text-anchor="middle" fill="${text}">${shortTick(tick)}</text>`)}
<path d="M${x(low)} ${y(low)}L${x(high)} ${y(high)}" stroke="${text}" stroke-dasharray="4 3"/>
${pairs.map(([a, b]) => html`<circle cx="${x(a)}" cy="${y(b)}" r="2.6" fill="${reportColor(0)}" fill-opacity="0.7"/>`)}
<text x="${(PAD.left + SIZE) / 2}" y="${SIZE - 8}" text-anchor="middle" fill="${text}">actual ${name}${unit === '' ? '' : `, ${unit}`}</text>
<text transform="translate(12 ${(lower + PAD.top) / 2}) rotate(-90)" text-anchor="middle" fill="${text}">predicted</text></svg>
<figcaption>${title}; on the dashed line = exact.</figcaption></figure>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** The series beside what the network said of it. */
export function forecastPicture({ target, unit, steps, testFrom, remarks, ...series }: Forecast): Html {
  const kinds = [
    { label: 'actual', values: series.actual, color: REPORT_INK.text },
    { label: 'fit', values: series.fitted, color: reportColor(6), dash: [2, 3] },
    { label: 'prediction of the test', values: series.predicted, color: reportColor(1), dash: [8, 3] },
    { label: 'continued on its own words', values: series.continued, color: reportColor(2), dash: [10, 3, 2, 3] },
  ];
  const svg = lineChart({
    width: 860,
    height: 300,
    xLabel: `time steps, ${steps[0] ?? ''} to ${steps.at(-1) ?? ''}`,
    yLabel: unit === undefined ? target : `${target}, ${unit}`,
    scale: 'linear',
    lines: kinds.filter(({ values }) => values.some((value) => value !== null)).map((kind) => ({ ...kind, firstX: 1 })),
    colors: REPORT_INK,
    hasLegend: true,
  });
  return html`<figure>${trusted(svg)}<figcaption>The test begins at ${steps[testFrom] ?? String(testFrom)}. ${remarks.join(' ')}</figcaption></figure>`;
}

/** The network and each naive predictor. */
export function standings({ metrics, baselines, unit, rows, primary }: Evaluation): Html {
  const names = Object.keys(metrics);
  const all = [{ label: 'the network', metrics }, ...baselines];
  return table(
    `On ${rows.toLocaleString('en-US')} test rows that the network did not learn from${unit === undefined ? '' : `; values in ${unit}`}. ${primary.metric}: ${primary.better} is better.`,
    [
      { title: '', cell: ({ label }) => label },
      ...names.map((name) => ({
        title: name,
        isNumber: true,
        cell: (row: (typeof all)[number]) => formatNumber(row.metrics[name]),
      })),
    ],
    all,
  );
}
