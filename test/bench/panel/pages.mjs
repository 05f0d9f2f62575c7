/** Builds the pages that are measured, and opens them in the browser that the tests use. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build as bundle } from 'esbuild';
import { withMode } from '../../../scripts/build.mjs';
import { root } from '../../../scripts/host/paths.mjs';

/** @typedef {{ name: string, folder: string, bundle: string, packed: boolean, acknowledged: boolean, isPanel: boolean }} Variant */

const folder = path.join(root, 'out/bench/panel');
const here = import.meta.dirname;

/**
 * @param {string | null} against A commit whose panel is measured beside this one's.
 * @returns {Promise<Variant[]>}
 */
export async function buildVariants(against) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const now = await bundlePage('now', path.join(root, 'src/webview/panel.tsx'));
  const peer = await bundlePage('uPlot alone', path.join(here, 'plainUplot.ts'));
  const variants = [
    { ...now, packed: true, acknowledged: true, isPanel: true },
    { ...peer, packed: true, acknowledged: false, isPanel: false },
  ];
  if (against !== null) {
    const before = path.join(folder, 'sources');
    mkdirSync(before, { recursive: true });
    const archive = execFileSync('git', ['archive', against, 'src', 'tsconfig.json'], {
      cwd: root,
      maxBuffer: 1 << 28,
    });
    execFileSync('tar', ['-x', '-C', before], { input: archive });
    variants.unshift({
      ...(await bundlePage('before', path.join(before, 'src/webview/panel.tsx'))),
      packed: false,
      acknowledged: false,
      isPanel: true,
    });
  }
  return variants;
}

/** @param {string} name @param {string} entry */
async function bundlePage(name, entry) {
  const outdir = path.join(folder, name.replaceAll(' ', '-'));
  await bundle(
    withMode(
      {
        entryPoints: [entry],
        outdir,
        platform: 'browser',
        format: 'iife',
        target: 'es2023',
        jsx: 'automatic',
        jsxImportSource: 'preact',
        loader: { '.ttf': 'file', '.svg': 'text' },
        assetNames: '[name]',
      },
      'production',
    ),
  );
  return { name, folder: outdir, bundle: path.basename(entry).replace(/\.tsx?$/, '') };
}

const ORIGIN = 'http://panel.invalid';
/** @type {Record<string, string>} */
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/**
 * @param {import('playwright-core').Browser} browser
 * @param {Variant} variant
 * @param {object} plan What the feeder says.
 */
export async function openBenchPage(browser, variant, plan) {
  const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = path.basename(new URL(route.request().url()).pathname);
    if (name === '') {
      await route.fulfill({ contentType: 'text/html', body: html(variant) });
      return;
    }
    try {
      const body = readFileSync(path.join(variant.folder, name));
      await route.fulfill({ contentType: TYPES[path.extname(name)] ?? 'application/octet-stream', body });
    } catch {
      await route.fulfill({ status: 404 });
    }
  });
  await page.goto(`${ORIGIN}/`);
  const feeder = readFileSync(path.join(here, 'page/feeder.js'), 'utf8');
  await page.evaluate(
    ([source, settings]) => /** @type {any} */ (window).bench.start(source, settings),
    [feeder, { ...plan, packed: variant.packed, acknowledged: variant.acknowledged }],
  );
  return page;
}

/** @param {Variant} variant */
function html(variant) {
  const probe = readFileSync(path.join(here, 'page/probe.js'), 'utf8');
  const colors = {
    foreground: '#cccccc',
    'editor-background': '#1f1f1f',
    descriptionForeground: '#9d9d9d',
    disabledForeground: '#cccccc80',
    'charts-blue': '#59a4f9',
    'charts-orange': '#ea5c00',
    'panel-border': '#2b2b2b',
  };
  const style = Object.entries(colors).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<style>:root { ${style.join(' ')} --vscode-font-family: system-ui, sans-serif; --vscode-font-size: 13px; }</style>
<link rel="stylesheet" href="/${variant.bundle}.css"></head>
<body class="vscode-dark"><div id="app"></div><script>${probe}</script><script src="/${variant.bundle}.js"></script></body></html>`;
}
