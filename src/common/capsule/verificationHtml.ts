/** The page of a verification: the verdict, what it rests on, and the two curves where they part. No script is needed. */
import { escapeXml, lineChart } from '../chart/lineChart.ts';
import { formatDuration, formatNumber } from '../format.ts';
import { type ComparedCurve, placeOf, type Verification, verdictText } from './verification.ts';

const COLORS = {
  expected: 'var(--vscode-charts-blue, #3794ff)',
  actual: 'var(--vscode-charts-yellow, #cca700)',
};
const MARKS = { identical: '✓', withinTolerance: '≈', different: '≠' } as const;

const STYLE = `
  body { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); color: var(--vscode-foreground); max-width: 760px; padding: 12px 24px; line-height: 1.5; }
  h1 { font-size: 1.4em; font-weight: 600; margin: 0 0 2px; }
  h2 { font-size: 1.05em; font-weight: 600; margin: 22px 0 6px; }
  .verdict { font-size: 1.15em; margin: 12px 0; padding: 8px 12px; border-left: 4px solid; }
  .identical, .withinTolerance { border-color: var(--vscode-testing-iconPassed, #73c991); }
  .different { border-color: var(--vscode-testing-iconFailed, #f14c4c); }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th { text-align: left; font-weight: 600; white-space: nowrap; }
  td, th { padding: 2px 20px 2px 0; vertical-align: top; }
  td.number { font-family: var(--vscode-editor-font-family, monospace); }
  svg { max-width: 100%; height: auto; }
  p { margin: 6px 0; }
`;

/** @param shown Of the capsule's file. */
export function verificationHtml(result: Verification, shown: string): string {
  const { verdict, notes } = result;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(result.name)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeXml(result.name)}</h1>
<p>${escapeXml(shown)}</p>
<p class="verdict ${verdict}" role="status"><span aria-hidden="true">${MARKS[verdict]}</span> ${escapeXml(verdictText(result))}</p>
${differenceTable(result)}
${curves(result)}
<h2>What it rests on</h2>
${basisTable(result)}
${changedTable(result)}
${notes.map((note) => `<p>${escapeXml(note)}</p>`).join('\n')}
</body>
</html>
`;
}

function differenceTable({ firstInexact, firstBeyond, largest }: Verification): string {
  const rows = [
    { title: 'First beyond the tolerance', difference: firstBeyond },
    { title: 'First not equal to the bit', difference: firstInexact },
    { title: 'Largest relative difference', difference: largest },
  ].flatMap(({ title, difference }) => (difference === null ? [] : [{ title, difference }]));
  if (rows.length === 0) {
    return '';
  }
  const cells = rows.map(
    ({ title, difference }) =>
      `<tr><th scope="row">${title}</th><td>${escapeXml(placeOf(difference))}</td><td class="number">${value(difference.expected)}</td><td class="number">${value(difference.actual)}</td><td class="number">${relative(difference.relative)}</td></tr>`,
  );
  return `<h2>Where they differ</h2>
<table><thead><tr><td></td><th scope="col">where</th><th scope="col">in the capsule</th><th scope="col">now</th><th scope="col">relative</th></tr></thead><tbody>${cells.join('')}</tbody></table>`;
}

function curves({ verdict, curve }: Verification): string {
  if (verdict !== 'different' || curve.actual.length < 2) {
    return '';
  }
  const chart = lineChart({
    width: 700,
    height: 260,
    xLabel: curve.by,
    yLabel: 'loss',
    scale: isPositive(curve) ? 'log' : 'linear',
    lines: [
      { label: 'in the capsule', values: curve.expected, firstX: curve.firstX, color: COLORS.expected },
      { label: 'now', values: curve.actual, firstX: curve.firstX, color: COLORS.actual, isDashed: true },
    ],
    colors: {
      text: 'var(--vscode-foreground, #888)',
      grid: 'var(--vscode-panel-border, #8884)',
      background: null,
    },
    hasLegend: true,
  });
  return `<h2>Loss by ${curve.by}</h2>\n${chart}`;
}

/** Runs part at small losses, which a linear scale presses together. */
function isPositive({ expected, actual }: ComparedCurve): boolean {
  return [...expected, ...actual].every((loss) => loss === null || loss > 0);
}

function basisTable({ compared, backend, tolerance, durationMs }: Verification): string {
  const rows: [string, string][] = [
    ['Steps', compared.steps.toLocaleString('en-US')],
    ['Epochs', String(compared.epochs)],
    ['Result on the test rows', compared.evaluation ? 'compared' : 'not compared'],
    ['Trained weights', compared.weights ? 'compared' : 'not compared'],
    [
      'Backend',
      backend.actual === backend.expected
        ? backend.actual
        : `${backend.actual}, in place of ${backend.expected}${backend.reason === null ? '' : `: ${backend.reason}`}`,
    ],
    ['Tolerance', tolerance.why],
    ['Time', formatDuration(durationMs)],
  ];
  return table(rows.map(([title, text]) => `<tr><th scope="row">${title}</th><td>${escapeXml(text)}</td></tr>`));
}

function changedTable({ changed }: Verification): string {
  if (changed.length === 0) {
    return '<p>Versions and device are as in the capsule.</p>';
  }
  const rows = changed.map(
    ({ what, expected, actual }) =>
      `<tr><th scope="row">${escapeXml(what)}</th><td>${escapeXml(expected)}</td><td>${escapeXml(actual)}</td></tr>`,
  );
  return `<h2>Other than in the capsule</h2>\n${table(['<tr><td></td><th scope="col">then</th><th scope="col">now</th></tr>', ...rows])}`;
}

const table = (rows: readonly string[]) => `<table><tbody>${rows.join('')}</tbody></table>`;
const value = (one: number | string | null) => escapeXml(one === null ? 'not finite' : String(one).slice(0, 100));
const relative = (one: number | null) =>
  one === null || !Number.isFinite(one) ? '' : one !== 0 && one < 1e-3 ? one.toExponential(1) : formatNumber(one);
