/**
 * `npm run bench:panel`: the panel under a million steps, 200 charts and 50 runs, in a real browser and a real VS Code.
 *
 * Usage: npm run bench:panel -- [--against COMMIT] [--seconds 5] [--emulated] [--no-window] [--write]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../../scripts/build.mjs';
import { launchBrowser } from '../../../scripts/host/browser.mjs';
import { node24, root } from '../../../scripts/host/paths.mjs';
import { describeMachine, sampleBusy } from '../machine.mjs';
import { buildVariants } from './pages.mjs';
import { formatPanelSection, withPanelSection } from './report.mjs';
import { liveMillion, manyCharts, manyRuns, memory, pixelLatency } from './scenarios.mjs';

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    /** The browser's own graphics card in software, as in the tests, instead of none. */
    emulated: { type: 'boolean', default: false },
    'no-window': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const ms = Number(values.seconds) * 1000;
const others = sampleBusy();
await build({ mode: 'production' });
const opening = runProgram('openRun.ts');
const pages = await measurePages();
const window = values['no-window'] ? null : runProgram('window.ts');
const section = formatPanelSection(
  { pages, opening, window },
  {
    command: ['npm run bench:panel', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
    date: new Date().toISOString().slice(0, 10),
    machine: [
      ...describeMachine().slice(0, 4),
      `Other programs used ${(others * 100).toFixed(0)} % of the processors before the start`,
      `Browser: ${values.emulated ? 'with an emulated graphics card' : 'without a graphics card, painting in software'}`,
    ],
  },
);
console.log(section);
if (values.write) {
  const file = path.join(root, 'docs/benchmarks.md');
  writeFileSync(file, withPanelSection(readFileSync(file, 'utf8'), section));
}

async function measurePages() {
  const variants = await buildVariants(values.against ?? null);
  const found = [];
  for (const variant of variants) {
    // A browser for each: what one leaves behind does not slow the next.
    const browser = await launchBrowser({ graphics: values.emulated ? 'any' : 'none' });
    console.log(`Measuring: ${variant.name}`);
    try {
      const million = await liveMillion(browser, variant, { ms });
      found.push({
        name: variant.name,
        million,
        ...(variant.isPanel
          ? {
              smoothed: await liveMillion(browser, variant, { ms, smoothing: true }),
              pixel: await pixelLatency(browser, variant),
              charts: await manyCharts(browser, variant, { ms }),
              runs: await manyRuns(browser, variant, { ms }),
            }
          : {}),
        memory: await memory(browser, variant, [1_000_000, 3_000_000]),
      });
    } finally {
      await browser.close();
    }
  }
  return found;
}

/** @param {string} name A program of this folder that prints JSON as its last line. */
function runProgram(name) {
  console.log(`Measuring: ${name}`);
  const { status, stdout, stderr } = spawnSync(node24, [path.join(import.meta.dirname, name)], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${name}: ended with ${status}: ${stderr}`);
  }
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
