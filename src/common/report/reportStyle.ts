/** The looks of a report: one style sheet for light, dark and paper. */
import type { ChartInk } from '../chart/lineChart.ts';
import { LOOKS, RUN_COLORS } from '../compare/runLooks.ts';

/** Colours are variables, so that one drawing serves every scheme. */
export const REPORT_INK: ChartInk = { text: 'var(--text)', grid: 'var(--grid)', background: null };

export const reportColor = (index: number) => `var(--run${index % LOOKS})`;

export const REPORT_RUN_COLORS: readonly string[] = RUN_COLORS.light.map((_, index) => reportColor(index));

const variables = (colors: readonly string[], rest: string) =>
  `${colors.map((color, index) => `--run${index}:${color}`).join(';')};${rest}`;

const LIGHT = variables(
  RUN_COLORS.light,
  '--paper:#fff;--text:#1f1f1f;--quiet:#555;--grid:#ddd;--line:#ccc;--good:#1a6b2f;--bad:#a11;--soft:#f4f4f4',
);
const DARK = variables(
  RUN_COLORS.dark,
  '--paper:#1b1b1b;--text:#e4e4e4;--quiet:#a8a8a8;--grid:#3a3a3a;--line:#444;--good:#7fd491;--bad:#ff8a80;--soft:#262626',
);

export const REPORT_STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{${LIGHT}}}
body{margin:0 auto;max-width:1100px;padding:28px 24px 60px;background:var(--paper);color:var(--text);font:14px/1.5 system-ui,sans-serif}
h1{font-size:1.7em;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:1.2em;margin:32px 0 8px;padding-top:10px;border-top:1px solid var(--line);overflow-wrap:anywhere}h3{font-size:1em;margin:18px 0 6px}
p{margin:4px 0 8px;max-width:90ch;overflow-wrap:anywhere}.quiet,caption,figcaption{color:var(--quiet)}
.verdict{font-size:1.15em;margin:10px 0}.better{color:var(--good)}.worse{color:var(--bad)}
.scroll{overflow-x:auto;margin:8px 0 16px}table{border-collapse:collapse;font-variant-numeric:tabular-nums}caption{text-align:left;padding-bottom:4px}
th,td{padding:3px 14px 3px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}th{font-weight:600}td{overflow-wrap:anywhere}.number{text-align:right;white-space:nowrap}
td.best{font-weight:700}.results .number::after{content:" ★";visibility:hidden}.results td.best::after{visibility:visible;color:var(--good)}.results tbody th,.results td{white-space:nowrap}.results .quiet{display:block;white-space:normal;max-width:46ch;font-weight:400}tr.group th,tr.group td{background:var(--soft)}
.charts,.side{display:grid;gap:18px 26px;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));align-items:start}
figure{margin:0 0 8px}svg{max-width:100%;height:auto}figcaption{font-size:.92em}
pre{background:var(--soft);padding:12px 14px;overflow-x:auto;font:12.5px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}.facts dt{color:var(--quiet)}.facts dd{margin:0;overflow-wrap:anywhere}
.confusion td,.confusion thead th{text-align:center;padding:3px 9px}.heat1{background:color-mix(in srgb,var(--heat) 15%,transparent)}.heat2{background:color-mix(in srgb,var(--heat) 35%,transparent)}.heat3{background:color-mix(in srgb,var(--heat) 55%,transparent)}.heat4{background:color-mix(in srgb,var(--heat) 75%,transparent)}.right{--heat:var(--run2)}.wrong{--heat:var(--run1)}
.tree{white-space:pre}
summary{cursor:pointer;margin:8px 0}@media print{summary{list-style:none}::details-content{content-visibility:visible;display:block}}
@media print{.results{font-size:7pt}.results tbody th,.results th,.results td{white-space:normal;overflow-wrap:normal;padding-right:5px}.results .number::after{content:none}.results td.best::after{content:"★"}body{max-width:none;padding:0;font-size:10.5pt}h2,h3{break-after:avoid}figure,tr{break-inside:avoid}.scroll{overflow:visible}a{color:inherit}pre{white-space:pre-wrap}}`;
