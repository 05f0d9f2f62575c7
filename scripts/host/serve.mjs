/** Starts VS Code's own server on the loopback interface, with a one-time key and throw-away user data. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { node24, vscodeDir } from './paths.mjs';
import { startGroup } from './processGroup.mjs';
import { quietSettings } from './settings.mjs';

/**
 * @typedef {object} ServeOptions
 * @property {string} [dataDir] Keeps the user data here; without it they are thrown away at the end.
 * @property {Record<string, unknown>} [settings] User settings on top of the quiet ones.
 * @property {{ link: string } | { vsix: string }} [extension] A project folder to link to, or a package to install.
 * @property {'smokeTest'} [driver] Needed for `extensionTestsPath`; with it information messages never show.
 * @property {number} [port] 0, the default, takes any free one.
 * @property {Record<string, string>} [env] Reaches the extension host.
 * @property {'exit' | 'nothing'} [onSignal] `nothing` is for a script that listens for SIGINT and the like itself.
 */

/**
 * @typedef {object} VsCodeServer
 * @property {string} origin `http://127.0.0.1:<port>`
 * @property {(folder: string, payload?: [string, string][]) => string} url The link, key included, that opens `folder`.
 * @property {(file: string) => string} uri A file's address as the payload wants it.
 * @property {() => string} log All that the server has printed.
 * @property {Promise<unknown>} exited
 * @property {() => Promise<void>} stop Ends the server and its extension hosts, and deletes throw-away data.
 */

/**
 * @param {ServeOptions} options
 * @returns {Promise<VsCodeServer>}
 */
export async function serveVsCode(options = {}) {
  const { dataDir, settings = {}, extension, driver, port = 0, env = {}, onSignal } = options;
  const scratch = mkdtempSync(path.join(tmpdir(), 'skillet-host-'));
  const data = dataDir ?? path.join(scratch, 'data');
  const key = randomBytes(24).toString('hex');
  const keyFile = path.join(scratch, 'key');
  writeFileSync(keyFile, key, { mode: 0o600 });
  writeSettings(data, settings);
  const environment = { ...serverEnvironment(), ...env };
  const clean = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  try {
    addExtension(data, extension, environment);
  } catch (error) {
    clean();
    throw error;
  }
  const args = [
    ...serverArgs(data),
    ...['--host', '127.0.0.1', '--port', String(port), '--connection-token-file', keyFile],
    ...['--telemetry-level', 'off', '--disable-workspace-trust', '--disable-experiments'],
    ...(driver === 'smokeTest' ? ['--enable-smoke-test-driver'] : []),
  ];
  const group = startGroup(node24, args, { env: environment, onSignal, onEnd: clean });
  const output = collectOutput(group.child);
  const actualPort = await listening(group, output);
  const authority = `127.0.0.1:${actualPort}`;
  return {
    origin: `http://${authority}`,
    url: (folder, payload = []) => {
      const query = new URLSearchParams({ tkn: key, folder });
      if (payload.length > 0) {
        query.set('payload', JSON.stringify(payload));
      }
      return `http://${authority}/?${query}`;
    },
    uri: (file) => `vscode-remote://${authority}${file}`,
    log: output.text,
    exited: group.exited,
    stop: group.stop,
  };
}

/** @param {string} data */
function serverArgs(data) {
  return [path.join(vscodeDir, 'out/server-main.js'), '--accept-server-license-terms', '--server-data-dir', data];
}

/** The environment without what a surrounding VS Code or npm left in it, and without a marketplace. */
function serverEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|npm_|NODE_TEST_|NODE_OPTIONS)/i.test(name),
  );
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: '{}' };
}

/**
 * @param {string} data
 * @param {Record<string, unknown>} settings
 */
function writeSettings(data, settings) {
  const user = path.join(data, 'data/User');
  const file = path.join(user, 'settings.json');
  if (existsSync(file)) {
    return; // Kept data: a person's own settings.
  }
  mkdirSync(user, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/**
 * @param {string} data
 * @param {ServeOptions['extension']} extension
 * @param {NodeJS.ProcessEnv} env
 */
function addExtension(data, extension, env) {
  if (extension === undefined) {
    return;
  }
  if ('vsix' in extension) {
    execFileSync(node24, [...serverArgs(data), '--install-extension', extension.vsix], { env, stdio: 'pipe' });
    return;
  }
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(extension.link, 'package.json'), 'utf8'));
  const extensions = path.join(data, 'extensions');
  mkdirSync(extensions, { recursive: true });
  const link = path.join(extensions, `${publisher}.${name}-${version}`);
  rmSync(link, { force: true });
  symlinkSync(extension.link, link, process.platform === 'win32' ? 'junction' : 'dir');
}

/** @param {import('node:child_process').ChildProcess} child */
function collectOutput(child) {
  let text = '';
  /** @type {Set<() => void>} */
  const listeners = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
      for (const listener of listeners) {
        listener();
      }
    });
  }
  return { text: () => text, onChange: (/** @type {() => void} */ listener) => listeners.add(listener) };
}

/**
 * Waits until the server says where it listens.
 *
 * @param {ReturnType<typeof startGroup>} group
 * @param {ReturnType<typeof collectOutput>} output
 */
async function listening(group, output) {
  const port = new Promise((resolve) => {
    output.onChange(() => {
      const found = /Web UI available at http:\/\/[^:]+:(\d+)/.exec(output.text());
      if (found !== null) {
        resolve(found[1]);
      }
    });
  });
  const limit = AbortSignal.timeout(180_000);
  const late = new Promise((resolve) => limit.addEventListener('abort', resolve));
  const result = await Promise.race([port, group.exited.then(() => undefined), late.then(() => undefined)]);
  if (result === undefined) {
    await group.stop();
    throw new Error(`VS Code server: did not start\n${output.text()}`);
  }
  return Number(result);
}
