/** Opens a real VS Code with the extension in a headless browser, for tests of what a person sees and clicks. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { ServeOptions } from '../../scripts/host/serve.mjs';
import { serveVsCode } from '../../scripts/host/serve.mjs';
import { copyWorkspace } from '../../scripts/testing/workspace.mjs';
import { endTrainers } from '../fixtures/endTrainers.ts';

/** The four kinds of theme that a panel must look right in, by VS Code's own theme of that kind. */
export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
} as const;

export type Theme = keyof typeof themes;

const themeClasses: Record<Theme, string> = {
  dark: 'vs-dark',
  light: 'vs',
  highContrast: 'hc-black',
  highContrastLight: 'hc-light',
};

export interface WorkbenchOptions {
  /** The folder to work in, which is copied first; default the project's recipes. */
  readonly workspace?: string;
  readonly theme?: Theme;
  /** A file of the workspace that is open at the start. */
  readonly open?: string;
  /** Default: the project itself. */
  readonly extension?: ServeOptions['extension'];
  readonly settings?: Record<string, unknown>;
  /** Reaches the extension host. */
  readonly env?: Record<string, string>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Workbench {
  readonly page: Page;
  /** The copied workspace folder. */
  readonly folder: string;
  /** Opens a file of the copied workspace by its name, and waits for its editor. */
  openFile(file: string): Promise<void>;
  /** Runs a command by what the palette calls it, such as `Skillet: Train Recipe`. */
  runCommand(title: string): Promise<void>;
  /** What is inside a Skillet webview that can be seen: the first, or the one at `index` (-1 for the newest). */
  webview(index?: number): FrameLocator;
  /** Writes `out/screenshots/<name>.png`, with hyphens for what a file name should not hold. */
  screenshot(name: string): Promise<void>;
  /** Reloads the window, as `Developer: Reload Window` does. */
  reload(): Promise<void>;
  /** Ends the browser and every process of the server, and removes the copied folder. */
  close(): Promise<void>;
}

/** Starts VS Code on a copy of a workspace; whoever opens it closes it. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const {
    workspace = path.join(root, 'recipes'),
    theme = 'dark',
    extension = { link: root },
    settings = {},
    env = {},
  } = options;
  const copy = copyWorkspace(workspace);
  const server = await serveVsCode({
    extension,
    env,
    settings: { 'workbench.colorTheme': themes[theme], ...settings },
  });
  const endings: (() => Promise<void> | void)[] = [copy.remove, () => endTrainers(copy.folder), server.stop];
  const close = async () => {
    for (const end of endings.splice(0).reverse()) {
      await end();
    }
  };
  try {
    const browser = await launchBrowser();
    endings.push(() => browser.close());
    const page = await openPage(browser, options);
    await page.goto(server.url(copy.folder));
    await untilReady(page, theme);
    if (options.open !== undefined) {
      await openFile(page, options.open);
    }
    return { page, folder: copy.folder, close, ...actions(page, theme) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens VS Code for one test; afterwards a screenshot in the test's name is kept and everything is closed. */
export async function useWorkbench(t: TestContext, options: WorkbenchOptions = {}): Promise<Workbench> {
  const workbench = await openWorkbench(options);
  t.after(async () => {
    try {
      // The declarations of Node's test runner lack it.
      if (!(t as TestContext & { readonly passed: boolean }).passed) {
        t.diagnostic(`The window when the test failed:\n${await textOf(workbench.page)}`);
      }
      await workbench.screenshot(t.name);
    } finally {
      await workbench.close();
    }
  });
  return workbench;
}

/** The words of a window: its open files, what is asked and what is told. They are in a log where no picture is kept. */
async function textOf(page: Page): Promise<string> {
  const parts = ['.tabs-container', '.quick-input-widget:visible', '.notifications-toasts', '.statusbar'];
  const texts = await Promise.all(parts.map((part) => page.locator(part).allInnerTexts()));
  return parts.map((part, at) => `${part}: ${JSON.stringify(texts[at])}`).join('\n');
}

async function openPage(browser: Browser, { theme = 'dark', viewport }: WorkbenchOptions): Promise<Page> {
  const colorScheme = theme === 'light' || theme === 'highContrastLight' ? 'light' : 'dark';
  const page = await browser.newPage({ colorScheme, viewport: viewport ?? { width: 1440, height: 900 } });
  page.setDefaultTimeout(180_000);
  return page;
}

function actions(page: Page, theme: Theme) {
  return {
    openFile: (file: string) => openFile(page, file),
    runCommand: (title: string) => runCommand(page, title),
    webview(index = 0) {
      const frames = page.locator('iframe.webview.ready[src*="extensionId=skillet.skillet"]').filter({ visible: true });
      return frames.nth(index).contentFrame().frameLocator('iframe#active-frame');
    },
    async screenshot(name: string) {
      const fileName = name.replaceAll(/[^\w-]+/g, '-').replaceAll(/^-|-$/g, '');
      const file = path.join(root, 'out/screenshots', `${fileName}.png`);
      mkdirSync(path.dirname(file), { recursive: true });
      await page.screenshot({ path: file });
    },
    async reload() {
      // By VS Code's own command: a page that is loaded anew from outside loses what was opened in the last minute.
      const loaded = page.waitForEvent('load');
      await runCommand(page, 'Developer: Reload Window');
      await loaded;
      await untilReady(page, theme);
    },
  };
}

/** By name and not by the link's `openFile`: a window with that in its link opens the file alone when it is reloaded. */
async function openFile(page: Page, file: string) {
  await page.keyboard.press('Control+p');
  await page.locator('.quick-input-widget input').fill(file);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: path.basename(file) }).waitFor();
  await page.keyboard.press('Enter');
  // The tab is there before its editor, and a command run in between finds no file in front.
  await page.locator(`.monaco-editor.focused[data-uri$="/${path.basename(file)}"]`).waitFor();
}

/** Commands of an extension appear in the palette a moment after the window, and an open palette does not notice. */
async function runCommand(page: Page, title: string) {
  const deadline = Date.now() + 180_000;
  const chosen = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
  while (Date.now() < deadline) {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill(`>${title}`);
    const isListed = await chosen.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    await page.keyboard.press(isListed ? 'Enter' : 'Escape');
    if (isListed) {
      return;
    }
  }
  throw new Error(`command palette: "${title}" is not listed`);
}

/**
 * Waits for the window's theme and for VS Code's own mark that its start is over: a command run before that can be
 * lost (an output channel then never shows).
 */
async function untilReady(page: Page, theme: Theme) {
  await page.locator(`.monaco-workbench.${themeClasses[theme]}`).waitFor();
  const mark = 'code/didCreateWorkbenchContributions/4';
  await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, mark);
}
