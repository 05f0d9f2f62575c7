/**
 * `npm start`: opens the extension in VS Code on the recipes, with the Boston recipe training.
 *
 * A desktop VS Code on the PATH is used; otherwise VS Code's server from npm, whose link is printed and, where there is
 * a display, opened. `--no-open` only prints the link, `--port N` fixes its port; both always take the server.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';
import { ensureHost } from './host/install.mjs';
import { root } from './host/paths.mjs';
import { serveVsCode } from './host/serve.mjs';
import { findCodeCommand } from './testing/desktopCode.mjs';

const workspace = path.join(root, 'recipes');
const recipe = path.join(workspace, 'boston-housing.recipe.yaml');
const attachFile = path.join(workspace, '.skillet/attach.json');

const { values } = parseArgs({ options: { 'no-open': { type: 'boolean', default: false }, port: { type: 'string' } } });
const wantsServer = values['no-open'] || values.port !== undefined;
const code = wantsServer ? undefined : findCodeCommand();

if (code === undefined) {
  await ensureHost();
}
await buildIfStale();
const runDir = newRunDir();
writeAttachment(runDir);
if (code === undefined) {
  await startInServer(runDir);
} else {
  await startInDesktop(code, runDir);
}

/**
 * @param {string} command
 * @param {string} run
 */
async function startInDesktop(command, run) {
  console.log(`Opening ${command} with Skillet on ${path.relative(process.cwd(), workspace) || '.'}`);
  const shell = process.platform === 'win32';
  spawn(command, ['--new-window', `--extensionDevelopmentPath=${root}`, workspace, recipe], { stdio: 'ignore', shell });
  await editorAttached();
  process.exitCode = await train(run);
}

/** @param {string} run */
async function startInServer(run) {
  const server = await serveVsCode({
    extension: { link: root },
    settings: { 'window.autoDetectColorScheme': true },
    port: Number(values.port ?? 0),
    onSignal: 'nothing',
  });
  const stop = stopSignal();
  const stopped = new Promise((resolve) => stop.addEventListener('abort', resolve));
  // Without `openFile` in the link: a page that is loaded again must bring back what was open, the panel too.
  const link = server.url(workspace);
  console.log(`\nVS Code is ready; stop it with Ctrl+C. The link holds a one-time key:\n\n  ${link}\n`);
  if (!values['no-open'] && openBrowser(link)) {
    await Promise.race([editorAttached(), stopped]);
  }
  const trained = stop.aborted ? undefined : train(run, stop);
  trained?.then(() => stop.aborted || console.log(`\nVS Code stays open, until Ctrl+C, at\n\n  ${link}\n`));
  await Promise.race([stopped, server.exited]);
  await server.stop();
  await trained;
  rmSync(attachFile, { force: true });
}

/**
 * Trains the recipe in this terminal; the panel reads the same run folder.
 *
 * @param {string} run
 * @param {AbortSignal} [signal] Its reason is the process signal; a Ctrl+C reaches the command by itself.
 * @returns {Promise<number>} The exit code.
 */
async function train(run, signal) {
  const cli = path.join(root, 'dist/cli.mjs');
  if (!existsSync(cli)) {
    console.error('skillet: there is no command line in this build');
    return 1;
  }
  const child = spawn(process.execPath, [cli, 'train', recipe, '--run-dir', run], { cwd: root, stdio: 'inherit' });
  signal?.addEventListener('abort', () => signal.reason !== 'SIGINT' && child.kill('SIGTERM'));
  return await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** @returns {AbortSignal} Aborted, with the process signal as its reason, at the first of them; the second ends us. */
function stopSignal() {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (stop.signal.aborted ? process.exit(130) : stop.abort(signal)));
  }
  return stop.signal;
}

/** Named as the command line names runs, so that they sort together. */
function newRunDir() {
  const now = new Date();
  const parts = [
    now.getFullYear(),
    now.getMonth() + 1,
    now.getDate(),
    now.getHours(),
    now.getMinutes(),
    now.getSeconds(),
  ];
  const [year, month, day, ...time] = parts.map((part) => String(part).padStart(2, '0'));
  return path.join(workspace, '.skillet/runs', `${year}${month}${day}-${time.join('')}-boston-housing`);
}

/**
 * Tells the extension which run to show; it deletes the file when it has read it.
 *
 * @param {string} run
 */
function writeAttachment(run) {
  mkdirSync(path.dirname(attachFile), { recursive: true });
  writeFileSync(attachFile, JSON.stringify({ run, recipe }));
}

/** Waits for the window that we opened to come up, so that a person sees the curve from its start; not for ever. */
async function editorAttached() {
  const deadline = Date.now() + 15_000;
  while (existsSync(attachFile) && Date.now() < deadline) {
    await delay(100);
  }
}

/**
 * @param {string} link
 * @returns {boolean} Whether there is a display to open a browser on.
 */
function openBrowser(link) {
  const openers = { darwin: ['open'], win32: ['cmd', '/c', 'start', '""'], linux: ['xdg-open'] };
  const [command, ...args] = /** @type {Record<string, string[]>} */ (openers)[process.platform] ?? ['xdg-open'];
  const hasDisplay = process.platform === 'darwin' || process.platform === 'win32';
  if (command === undefined || !(hasDisplay || process.env.DISPLAY || process.env.WAYLAND_DISPLAY)) {
    return false;
  }
  const target = process.platform === 'win32' ? link.replaceAll('&', '^&') : link;
  const opener = spawn(command, [...args, target], { stdio: 'ignore', detached: true });
  opener.once('error', () => console.log(`Could not start ${command}: open the link yourself.`));
  opener.unref();
  return true;
}
