/** Several runs in a report: their results side by side, their curves, and what they do differently. */
import { ancestry } from '../compare/ancestry.ts';
import type { ComparedRun } from '../compare/comparedRun.ts';
import { runLabels } from '../compare/compareText.ts';
import { meanText } from '../compare/meanText.ts';
import { type ParamRow, paramTable } from '../compare/paramTable.ts';
import { bestRuns, type ResultColumn, resultColumns, testCaveat } from '../compare/resultTable.ts';
import { metricsOf } from '../compare/runCurve.ts';
import { seedGroups } from '../compare/seedGroups.ts';
import { comparisonChart, dashOf } from './comparisonChart.ts';
import { type Html, html, NOTHING, table, trusted } from './html.ts';
import { REPORT_INK, REPORT_RUN_COLORS, reportColor } from './reportStyle.ts';

export function comparisonSection(runs: readonly ComparedRun[]): Html {
  const labels = runLabels(runs);
  const caveat = testCaveat(runs);
  return html`<h2>Results</h2>${caveat === null ? NOTHING : html`<p class="worse">${caveat}</p>`}
${results(runs, labels)}
<h2>Curves</h2><div class="charts">${metricsOf(runs).map((metric) => chart(runs, metric))}</div>
<h2>What is different</h2>${params(runs, labels)}`;
}

function chart(runs: readonly ComparedRun[], metric: string): Html {
  const svg = comparisonChart(runs, {
    metric,
    scale: 'fitting',
    width: 520,
    height: 280,
    ink: REPORT_INK,
    runColors: REPORT_RUN_COLORS,
    hasLegend: false,
  });
  return html`<figure>${trusted(svg)}</figure>`;
}

/** As it is drawn in the charts. */
function swatch(index: number): Html {
  const dash = dashOf(index).join(' ');
  return html`<svg width="28" height="10" aria-hidden="true"><path d="M0 5h28" stroke="${reportColor(index)}" stroke-width="2.5" stroke-dasharray="${dash}"/></svg>`;
}

function results(runs: readonly ComparedRun[], labels: readonly string[]): Html {
  const columns = resultColumns(runs);
  const best = new Map(columns.map((column) => [column.id, bestRuns(column, runs)]));
  const groups = seedGroups(runs);
  const rows = ancestry(runs);
  const cell = (column: ResultColumn, run: ComparedRun) => {
    const kind = [
      typeof column.value(run) === 'number' ? 'number' : '',
      best.get(column.id)?.includes(run) === true ? 'best' : '',
    ].join(' ');
    return html`<td class="${kind.trim()}">${column.text(run)}</td>`;
  };
  return html`<figure><figcaption>★ the best of a column. Lines are as in the charts.</figcaption><div class="scroll"><table class="results"><thead><tr><th scope="col">run</th>${columns.map(
    ({ title, unit, kind }) =>
      html`<th scope="col" class="${kind === 'word' ? '' : 'number'}">${title}${unit === null ? '' : `, ${unit}`}</th>`,
  )}</tr></thead><tbody>${rows.map(({ run, depth }) => {
    const index = runs.indexOf(run);
    const fork = run.fork === null ? '' : ` from epoch ${run.fork.epoch}`;
    return html`<tr><th scope="row"><span class="tree">${'   '.repeat(depth)}${depth === 0 ? '' : '└ '}</span>${swatch(index)} ${labels[index] ?? ''}${fork}</th>${columns.map((column) => cell(column, run))}</tr>`;
  })}${groups.map(({ runs: group }) => {
    const members = group.map((run) => labels[runs.indexOf(run)] ?? '').join('; ');
    return html`<tr class="group"><th scope="row">mean ± standard deviation of ${group.length} seeds<span class="quiet">${members}</span></th>${columns.map((column) => html`<td class="number">${meanText(column, group)}</td>`)}</tr>`;
  })}</tbody></table></div></figure>`;
}

function params(runs: readonly ComparedRun[], labels: readonly string[]): Html {
  const { differing, equal } = paramTable(runs);
  const rowsTable = (caption: string, rows: readonly ParamRow[]) =>
    table(
      caption,
      [
        { title: 'setting', cell: ({ name }) => name },
        ...labels.map((label, index) => ({ title: label, cell: ({ values }: ParamRow) => values[index] ?? '—' })),
      ],
      rows,
    );
  const alike =
    equal.length === 0
      ? NOTHING
      : html`<details><summary>${equal.length} settings are equal</summary>${table(
          'Equal in all runs',
          [
            { title: 'setting', cell: ({ name }) => name },
            { title: 'value', cell: ({ values }) => values[0] ?? '—' },
          ],
          equal,
        )}</details>`;
  return differing.length === 0
    ? html`<p>All settings of the recipes are equal.</p>${alike}`
    : html`${rowsTable('Settings and parameters that are not the same in all runs', differing)}${alike}`;
}
