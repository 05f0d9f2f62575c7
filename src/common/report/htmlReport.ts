/** One file that tells runs to whoever has no Skillet: HTML that loads nothing and runs nothing. */
import { runLabels } from '../compare/compareText.ts';
import { comparisonSection } from './comparisonSection.ts';
import type { ExportedRun } from './exportedRun.ts';
import { html, NOTHING, trusted } from './html.ts';
import { REPORT_STYLE } from './reportStyle.ts';
import { runSection } from './runSection.ts';

export interface ReportOptions {
  /** Version of Skillet. */
  readonly version: string;
  /** When it is written, ISO 8601. */
  readonly at: string;
}

/** The policy forbids all that could be loaded or run, should a name from a file ever slip through. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function htmlReport(runs: readonly ExportedRun[], { version, at }: ReportOptions): string {
  const compared = runs.map((run) => run.compared);
  const names = [...new Set(compared.map(({ name }) => name))];
  const title = runs.length === 1 ? (names[0] ?? '') : `${runs.length} runs of ${names.join(', ')}`;
  const labels = runLabels(compared);
  const isOne = runs.length === 1;
  const body = html`<header><h1>${title}</h1><p class="quiet">Written ${at.slice(0, 16).replace('T', ' ')} UTC by Skillet ${version}</p></header>
<main>${isOne ? NOTHING : comparisonSection(compared)}
${runs.map((run, index) =>
  isOne
    ? runSection(run, { hasCurves: true })
    : html`<section><h2>${labels[index] ?? ''}</h2>${runSection(run, { hasCurves: false })}</section>`,
)}</main>`;
  const page = html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(REPORT_STYLE)}</style></head>
<body>${body}</body></html>
`;
  return page.html;
}
