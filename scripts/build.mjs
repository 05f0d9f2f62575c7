/** Bundles the extension, the trainer, the command line, the panel and the extension-host tests with esbuild. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build as bundle, context } from 'esbuild';
import { root } from './host/paths.mjs';
import { thirdPartyLicenses } from './licenses.mjs';

const stamp = path.join(root, 'out/build-stamp');
const sources = ['src', 'test/host', 'scripts/build.mjs', 'package.json', 'package-lock.json'];

// CommonJS packages inside an ES module still ask for these.
const commonJsNames = `import { createRequire as skilletCreateRequire } from 'node:module';
import { dirname as skilletFolder } from 'node:path';
import { fileURLToPath as skilletPath } from 'node:url';
const require = skilletCreateRequire(import.meta.url);
const __filename = skilletPath(import.meta.url);
const __dirname = skilletFolder(__filename);`;

/** @type {import('esbuild').BuildOptions} */
const node = { platform: 'node', target: 'node20', mainFields: ['module', 'main'] };
/** @type {import('esbuild').BuildOptions} */
const nodeModule = { ...node, format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: commonJsNames } };
/** What trains: the trainer, its probe, and the benchmark. @type {import('esbuild').BuildOptions} */
export const trainerModule = {
  ...nodeModule,
  // Backends are loaded when they are tried; what several entries need is there once.
  splitting: true,
  chunkNames: 'trainer-[hash]', // Beside their entries: files are found by their place.
  // Its kernels for Node.js ask for the union of all packages, two backends and a data pipeline more than they use.
  alias: { '@tensorflow/tfjs': '@tensorflow/tfjs-core' },
};
/** @type {import('esbuild').BuildOptions} */
const browser = {
  platform: 'browser',
  format: 'iife',
  target: 'es2023',
  outdir: 'dist/webview',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file', '.svg': 'text' },
  assetNames: '[name]',
};

/**
 * What is built from what; a source that does not exist is left out.
 *
 * @returns {import('esbuild').BuildOptions[]}
 */
function targets() {
  /** @type {(import('esbuild').BuildOptions & { entryPoints: string[] })[]} */
  const all = [
    {
      ...node,
      entryPoints: ['src/extension/extension.ts'],
      format: 'cjs',
      external: ['vscode'],
      outdir: 'dist',
      outExtension: { '.js': '.cjs' },
    },
    {
      ...trainerModule,
      entryPoints: ['trainer', 'probe', 'predict', 'importModel'].map((name) => `src/trainer/${name}.ts`),
      outdir: 'dist',
    },
    { ...nodeModule, entryPoints: ['src/cli/cli.ts'], outdir: 'dist' },
    { ...nodeModule, entryPoints: ['src/node/keras/keras.ts'], outdir: 'dist' },
    { ...nodeModule, entryPoints: ['src/node/study/study.ts'], outdir: 'dist' },
    // One bundle a provider, loaded when it is first asked for; CommonJS, as the extension host loads it at once.
    {
      ...node,
      entryPoints: ['src/cloud/aws/aws.ts'],
      format: 'cjs',
      outdir: 'dist',
      outExtension: { '.js': '.cjs' },
    },
    {
      ...node,
      entryPoints: ['src/node/ssh/ssh.ts'],
      format: 'cjs',
      external: ['cpu-features', '*.node'], // ssh2 is quicker with them where they are built, and goes without.
      outdir: 'dist',
      outExtension: { '.js': '.cjs' },
    },
    { ...browser, entryPoints: ['src/webview/panel.tsx'] },
    { ...browser, entryPoints: ['src/webview/machine/machine.tsx'] },
    { ...browser, entryPoints: ['src/webview/data/data.tsx'] },
    { ...browser, entryPoints: ['src/webview/study/study.tsx'] },
    { ...browser, entryPoints: ['src/webview/compare/compare.tsx'] },
    { ...browser, entryPoints: ['src/webview/history/history.tsx'] },
    { ...browser, entryPoints: ['src/webview/sweep/sweep.tsx'] },
    { ...browser, entryPoints: ['src/webview/launch/launch.tsx'] },
    { ...browser, entryPoints: ['src/webview/reserved/reserved.tsx'] },
    { ...browser, entryPoints: ['src/webview/instance/instance.tsx'] },
    {
      ...node,
      entryPoints: ['test/host/index.ts', ...filesBelow('test/host').filter((file) => file.endsWith('.test.ts'))],
      format: 'cjs',
      external: ['vscode', 'mocha'],
      outdir: 'out/host',
      outbase: 'test/host',
      outExtension: { '.js': '.cjs' },
    },
  ];
  return all
    .map((options) => ({ ...options, entryPoints: options.entryPoints.filter((f) => existsSync(path.join(root, f))) }))
    .filter((options) => options.entryPoints.length > 0);
}

/**
 * Builds everything: minified for the package, with source maps otherwise.
 *
 * @param {{ mode?: 'development' | 'production', report?: (line: string) => void }} options
 */
export async function build({ mode = 'development', report = console.log } = {}) {
  const startedAt = new Date();
  rmSync(stamp, { force: true });
  rmSync(path.join(root, 'out/host'), { recursive: true, force: true }); // A deleted test must not run on.
  if (mode === 'production') {
    rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  }
  const results = await Promise.all(targets().map((options) => bundle(withMode(options, mode))));
  removeOldChunks(results.flatMap(({ metafile }) => Object.keys(metafile?.outputs ?? {})));
  const inputs = [...results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})), ...copyLibraries()];
  writeFileSync(path.join(root, 'dist/THIRD_PARTY_LICENSES.txt'), thirdPartyLicenses(inputs));
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, sourceList());
  utimesSync(stamp, startedAt, startedAt); // A source saved while we were building counts as changed.
  report(`Built in ${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s`);
}

/** Whether something was changed, added or removed since the last build. */
export function isBuildStale() {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sourceList()) {
    return true;
  }
  const builtAt = statSync(stamp).mtimeMs;
  return sourceFiles().some((file) => statSync(path.join(root, file)).mtimeMs > builtAt);
}

/** Builds unless the last build is still good. */
export async function buildIfStale() {
  if (isBuildStale()) {
    await build();
  }
}

/**
 * A trainer that is running may still load the ones of the build before.
 *
 * @param {string[]} outputs What was just written, relative to the project.
 */
function removeOldChunks(outputs) {
  const dayAgo = Date.now() - 24 * 3600 * 1000;
  for (const name of readdirSync(path.join(root, 'dist')).filter((entry) => entry.startsWith('trainer-'))) {
    const file = path.join(root, 'dist', name);
    if (!outputs.includes(`dist/${name}`) && statSync(file).mtimeMs < dayAgo) {
      rmSync(file);
    }
  }
}

/**
 * What every bundle has in common.
 *
 * @param {import('esbuild').BuildOptions} options
 * @param {'development' | 'production'} mode
 * @returns {import('esbuild').BuildOptions}
 */
export function withMode(options, mode) {
  const production = mode === 'production';
  return {
    ...options,
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: !production,
    legalComments: 'none', // thirdPartyLicenses() says it all, once.
    metafile: true,
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  };
}

/**
 * Puts beside the bundle what it loads from there: TensorFlow.js's WebAssembly, and this platform's native libraries.
 *
 * @returns {string[]} The files copied.
 */
function copyLibraries() {
  const { platform, arch } = process;
  const here = `${platform}-${arch}`;
  const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';
  const dawn = `node_modules/webgpu/dist/${platform === 'darwin' ? 'darwin-universal' : here}`;
  const koffi = `node_modules/@koromix/koffi-${here}/${platform}_${arch}`;
  return [
    ...copyFiles(wasm, 'dist', (name) => name.endsWith('.wasm')),
    ...copyFiles(dawn, `dist/webgpu/${path.basename(dawn)}`), // Windows has its shader compiler beside it.
    ...copyFiles(koffi, `dist/koffi/${here}`),
    'node_modules/koffi/package.json', // The licence text is in this package alone.
  ];
}

/**
 * @param {string} from A folder, relative to the project; one that does not exist has nothing for this platform.
 * @param {string} to
 * @param {(name: string) => boolean} isWanted
 * @returns {string[]} The files copied.
 */
function copyFiles(from, to, isWanted = () => true) {
  if (!existsSync(path.join(root, from))) {
    return [];
  }
  const names = readdirSync(path.join(root, from)).filter(isWanted);
  mkdirSync(path.join(root, to), { recursive: true });
  for (const name of names) {
    copyUnlessSame(path.join(root, from, name), path.join(root, to, name));
  }
  return names.map((name) => `${from}/${name}`);
}

/**
 * A trainer that runs has the library mapped into its memory, so its file is never written over.
 *
 * @param {string} from
 * @param {string} to
 */
function copyUnlessSame(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) {
    return;
  }
  copyFileSync(from, `${to}.part`);
  renameSync(`${to}.part`, to);
}

function sourceFiles() {
  return sources.flatMap((source) => (statSync(path.join(root, source)).isFile() ? [source] : filesBelow(source)));
}

/**
 * @param {string} folder
 * @returns {string[]} Files in it and below, sorted, relative to the project.
 */
function filesBelow(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

function sourceList() {
  return `${sourceFiles().join('\n')}\n`;
}

async function watch() {
  copyLibraries();
  const contexts = await Promise.all(targets().map((options) => context(withMode(options, 'development'))));
  await Promise.all(contexts.map((running) => running.watch()));
  console.log('Watching; stop with Ctrl+C');
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--watch')) {
    await watch();
  } else {
    await build({ mode: process.argv.includes('--production') ? 'production' : 'development' });
  }
}
