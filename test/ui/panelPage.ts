/** A webview in a bare page of a headless browser: its bundle, a stand-in for VS Code's side, and the themes' colours. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/host/paths.mjs';
import type { FromComparePage, ToComparePage } from '../../src/common/compareMessages.ts';
import type { FromDataPage, ToDataPage } from '../../src/common/dataMessages.ts';
import type { FromHistoryPage, ToHistoryPage } from '../../src/common/historyMessages.ts';
import type { FromInstancePage, ToInstancePage } from '../../src/common/instanceMessages.ts';
import type { FromLaunchPage, ToLaunchPage } from '../../src/common/launchMessages.ts';
import type { FromMachinePage, ToMachinePage } from '../../src/common/machineMessages.ts';
import type { FromPanel, ToPanel } from '../../src/common/panelMessages.ts';
import type { FromReservedPage, ToReservedPage } from '../../src/common/reservedMessages.ts';
import type { FromStudyPage, ToStudyPage } from '../../src/common/studyMessages.ts';
import type { FromSweepPage, ToSweepPage } from '../../src/common/sweepMessages.ts';
import type { Theme } from './workbench.ts';

const ORIGIN = 'http://panel.invalid';
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** The colours that the panel uses, as VS Code's own themes set them. */
const COLORS: Record<Theme, Record<string, string>> = {
  dark: {
    'charts-green': '#89d185',
    'textCodeBlock-background': '#2b2b2b',
    'input-placeholderForeground': '#989898',
    'list-inactiveSelectionBackground': '#37373d',
    'list-hoverBackground': '#2a2d2e',
    'button-hoverBackground': '#026ec1',
    foreground: '#cccccc',
    'editor-background': '#1f1f1f',
    descriptionForeground: '#9d9d9d',
    disabledForeground: '#cccccc80',
    errorForeground: '#f85149',
    focusBorder: '#0078d4',
    'charts-blue': '#59a4f9',
    'charts-orange': 'rgba(234, 92, 0, 0.33)',
    'panel-border': '#2b2b2b',
    'editorWidget-background': '#202020',
    'editorWidget-border': '#313131',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'input-background': '#313131',
    'input-border': '#3c3c3c',
    'input-foreground': '#cccccc',
    'progressBar-background': '#0078d4',
    'textLink-foreground': '#4daafc',
    'editorIndentGuide-background1': '#404040',
    'inputOption-activeBackground': '#2489db82',
    'inputOption-activeForeground': '#ffffff',
    'editor-selectionBackground': '#264f78',
    'testing-iconPassed': '#73c991',
    'editorWarning-foreground': '#cca700',
  },
  light: {
    'charts-green': '#388a34',
    'textCodeBlock-background': '#f8f8f8',
    'input-placeholderForeground': '#767676',
    'list-inactiveSelectionBackground': '#e4e6f1',
    'list-hoverBackground': '#f2f2f2',
    'button-hoverBackground': '#0258a8',
    foreground: '#3b3b3b',
    'editor-background': '#ffffff',
    descriptionForeground: '#3b3b3b',
    disabledForeground: '#61616180',
    errorForeground: '#f85149',
    focusBorder: '#005fb8',
    'charts-blue': '#0063d3',
    'charts-orange': 'rgba(234, 92, 0, 0.33)',
    'panel-border': '#e5e5e5',
    'editorWidget-background': '#f8f8f8',
    'editorWidget-border': '#c8c8c8',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'input-background': '#ffffff',
    'input-border': '#cecece',
    'input-foreground': '#3b3b3b',
    'progressBar-background': '#005fb8',
    'textLink-foreground': '#005fb8',
    'editorIndentGuide-background1': '#d3d3d3',
    'inputOption-activeBackground': '#bed6ed',
    'inputOption-activeForeground': '#000000',
    'editor-selectionBackground': '#add6ff',
    'testing-iconPassed': '#73c991',
    'editorWarning-foreground': '#bf8803',
  },
  highContrast: {
    'charts-green': '#89d185',
    'editorWarning-foreground': '#ffd370',
    'textCodeBlock-background': '#000000',
    foreground: '#ffffff',
    'editor-background': '#000000',
    descriptionForeground: '#ffffffb3',
    disabledForeground: '#a5a5a5',
    errorForeground: '#f48771',
    focusBorder: '#f38518',
    contrastBorder: '#6fc3df',
    contrastActiveBorder: '#f38518',
    'charts-blue': '#59a4f9',
    'charts-orange': 'rgba(234, 92, 0, 0.33)',
    'panel-border': '#6fc3df',
    'editorWidget-background': '#0c141f',
    'button-foreground': '#ffffff',
    'button-secondaryForeground': '#ffffff',
    'input-background': '#000000',
    'input-border': '#6fc3df',
    'input-foreground': '#ffffff',
    'progressBar-background': '#6fc3df',
    'textLink-foreground': '#21a6ff',
    'editorIndentGuide-background1': '#ffffff80',
    'inputOption-activeBorder': '#6fc3df',
    'editor-selectionBackground': '#ffffff80',
  },
  highContrastLight: {
    'charts-green': '#374e06',
    'editorWarning-foreground': '#895503',
    'textCodeBlock-background': '#f2f2f2',
    foreground: '#292929',
    'editor-background': '#ffffff',
    descriptionForeground: '#292929b3',
    disabledForeground: '#7f7f7f',
    errorForeground: '#b5200d',
    focusBorder: '#006bbd',
    contrastBorder: '#0f4a85',
    contrastActiveBorder: '#006bbd',
    'charts-blue': '#0063d3',
    'charts-orange': '#b15e00',
    'panel-border': '#0f4a85',
    'editorWidget-background': '#ffffff',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'input-background': '#ffffff',
    'input-border': '#0f4a85',
    'input-foreground': '#292929',
    'progressBar-background': '#006bbd',
    'textLink-foreground': '#0f4a85',
    'editorIndentGuide-background1': '#cccccc',
    'inputOption-activeBorder': '#0f4a85',
    'editor-selectionBackground': '#0f4a8533',
  },
};

export interface WebviewPage<To, From> {
  readonly page: Page;
  /** Messages from the extension, in order; settles when the next frame is drawn. */
  post(...messages: To[]): Promise<void>;
  /** Everything that the page has said so far, but for how much it has taken. */
  said(): Promise<From[]>;
}

export type PanelPage = WebviewPage<ToPanel, FromPanel>;
export type MachinePage = WebviewPage<ToMachinePage, FromMachinePage>;
export type StudyPage = WebviewPage<ToStudyPage, FromStudyPage>;

export type ComparePage = WebviewPage<ToComparePage, FromComparePage>;
export type HistoryWebview = WebviewPage<ToHistoryPage, FromHistoryPage>;

export type LaunchWebview = WebviewPage<ToLaunchPage, FromLaunchPage>;
export type ReservedWebview = WebviewPage<ToReservedPage, FromReservedPage>;
export type InstancePage = WebviewPage<ToInstancePage, FromInstancePage>;
export type SweepWebview = WebviewPage<ToSweepPage, FromSweepPage>;

export type DataPage = WebviewPage<ToDataPage, FromDataPage>;

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

export const openPanelPage = (browser: Browser, options: PageOptions = {}): Promise<PanelPage> =>
  openPage(browser, 'panel', options);

export const openMachinePage = (browser: Browser, options: PageOptions = {}): Promise<MachinePage> =>
  openPage(browser, 'machine', options);

export const openDataPage = (browser: Browser, options: PageOptions = {}): Promise<DataPage> =>
  openPage(browser, 'data', options);

export const openSweepPage = (browser: Browser, options: PageOptions = {}): Promise<SweepWebview> =>
  openPage(browser, 'sweep', options);

export const openStudyPage = (browser: Browser, options: PageOptions = {}): Promise<StudyPage> =>
  openPage(browser, 'study', options);

export const openComparePage = (browser: Browser, options: PageOptions = {}): Promise<ComparePage> =>
  openPage(browser, 'compare', options);
export const openHistoryPage = (browser: Browser, options: PageOptions = {}): Promise<HistoryWebview> =>
  openPage(browser, 'history', options);

export const openLaunchPage = (browser: Browser, options: PageOptions = {}): Promise<LaunchWebview> =>
  openPage(browser, 'launch', options);
export const openReservedPage = (browser: Browser, options: PageOptions = {}): Promise<ReservedWebview> =>
  openPage(browser, 'reserved', options);
export const openInstancePage = (browser: Browser, options: PageOptions = {}): Promise<InstancePage> =>
  openPage(browser, 'instance', options);

async function openPage<To, From>(
  browser: Browser,
  bundle: string,
  options: PageOptions,
): Promise<WebviewPage<To, From>> {
  const { theme = 'dark', width = 900, height = 1000 } = options;
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname;
    if (name === '/') {
      await route.fulfill({ contentType: 'text/html', body: html(theme, bundle) });
      return;
    }
    const body = await readFile(path.join(root, 'dist/webview', path.basename(name)));
    await route.fulfill({ contentType: TYPES[path.extname(name)] ?? 'application/octet-stream', body });
  });
  await page.goto(`${ORIGIN}/`);
  return {
    page,
    post: async (...messages) => {
      await page.evaluate((list) => {
        for (const message of list) {
          window.postMessage(message, '*');
        }
      }, messages);
      // A chart is made when its place has been measured: some frames later.
      await page.evaluate(async () => {
        for (let frame = 0; frame < 6; frame += 1) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      });
    },
    said: () => page.evaluate(() => (window as unknown as { said: From[] }).said),
  };
}

/** The same content security policy as in VS Code, so that a breach of it shows here too. */
function html(theme: Theme, bundle: string): string {
  const variables = Object.entries(COLORS[theme]).map(([name, value]) => `--vscode-${name}: ${value};`);
  const policy = `default-src 'none'; img-src ${ORIGIN} data:; font-src ${ORIGIN}; style-src ${ORIGIN} 'nonce-t'; script-src 'nonce-t'; worker-src blob:`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="t">:root { ${variables.join(' ')} --vscode-font-family: system-ui, sans-serif; --vscode-font-size: 13px; }</style>
<link rel="stylesheet" href="/${bundle}.css"><title>Skillet</title></head>
<body class="${theme === 'highContrastLight' ? 'vscode-high-contrast vscode-high-contrast-light' : theme === 'highContrast' ? 'vscode-high-contrast' : `vscode-${theme}`}"><div id="app"></div>
<script nonce="t">window.said = []; window.taken = 0; window.acquireVsCodeApi = () => ({ postMessage: (m) => { if (m.type === 'taken') window.taken += m.count; else window.said.push(m); }, getState: () => JSON.parse(sessionStorage.getItem('kept') ?? 'null') ?? undefined, setState(state) { window.kept = state; sessionStorage.setItem('kept', JSON.stringify(state)); } });</script>
<script nonce="t" src="/${bundle}.js"></script></body></html>`;
}
