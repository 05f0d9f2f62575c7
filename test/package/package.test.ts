/** The packed extension holds exactly what it should, and works where it is installed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { root } from '../../scripts/host/paths.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { useWorkbench } from '../ui/workbench.ts';
import { hasSoftwareDriver, unpackSoftwareDriver } from '../unit/trainer/support/graphics.ts';
import { curveCsv, lastOf, makeRun } from '../unit/trainer/support/testRun.ts';
import { zipEntries } from './zip.ts';

const vsix = path.join(root, 'out/package-test/skillet.vsix');

const platform = `${process.platform}-${process.arch}`;
const dawn = process.platform === 'darwin' ? 'darwin-universal' : platform;

/** What each source of the bundle becomes; a file that is not listed here must not ship. */
const builtFrom: Record<string, string[]> = {
  'src/extension/extension.ts': ['dist/extension.cjs'],
  'src/trainer/trainer.ts': ['dist/trainer.mjs'],
  'src/cli/cli.ts': ['dist/cli.mjs'],
  'src/webview/machine/machine.tsx': ['dist/webview/machine.css', 'dist/webview/machine.js'],
  'src/webview/panel.tsx': ['dist/webview/codicon.ttf', 'dist/webview/panel.css', 'dist/webview/panel.js'],
};
const always = [
  'LICENSE.txt',
  'dist/THIRD_PARTY_LICENSES.txt',
  `dist/koffi/${platform}/koffi.node`,
  'dist/tfjs-backend-wasm-simd.wasm',
  'dist/tfjs-backend-wasm-threaded-simd.wasm',
  'dist/tfjs-backend-wasm.wasm',
  ...readdirSync(path.join(root, 'node_modules/webgpu/dist', dawn)).map((name) => `dist/webgpu/${dawn}/${name}`),
  'package.json',
  'recipes/boston-housing.recipe.yaml',
  'recipes/data/boston_housing.csv',
];
const whenWritten: Record<string, string> = { 'README.md': 'readme.md', 'CHANGELOG.md': 'changelog.md' };

before(async () => {
  mkdirSync(path.dirname(vsix), { recursive: true });
  await packageExtension(vsix);
});

test('the package holds the bundles and the documents, and nothing else', () => {
  const inProject = (file: string) => existsSync(path.join(root, file));
  const built = Object.entries(builtFrom).flatMap(([source, files]) => (inProject(source) ? files : []));
  const documents = Object.entries(whenWritten).flatMap(([source, file]) => (inProject(source) ? [file] : []));
  const entries = zipEntries(vsix);
  const shipped = entries.filter((name) => !/^extension\/(media|l10n|package\.nls)/.test(name));
  const expected = [...always, ...built, ...documents].map((name) => `extension/${name}`);
  assert.deepEqual(shipped, ['[Content_Types].xml', 'extension.vsixmanifest', ...expected].sort());
});

test('the licence of every bundled package ships with it', () => {
  const notices = readFileSync(path.join(root, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8');
  assert.match(notices, /^@tensorflow\/tfjs-backend-wasm 4\.22\.0 \(Apache-2\.0\)$/m);
  assert.match(notices, /^koffi \d.* \(MIT\)$[\s\S]*?Niels Martignène/m);
  assert.match(notices, /^webgpu \d.* \(MIT\)$[\s\S]*?The Dawn & Tint Authors/m);
});

test('the packed trainer brings its own Dawn, and trains on it away from the packages of npm', async (t) => {
  const recipe = {
    name: 'Packed',
    data: { csv: 'data.csv', target: 'y' },
    model: [{ dense: { units: 1 } }],
    train: { loss: 'meanSquaredError', epochs: 1, device: 'webgpu' },
  };
  const run = makeRun(t, JSON.stringify(recipe), curveCsv(40));
  const dist = path.join(run.folder, '../dist');
  cpSync(path.join(root, 'dist'), dist, { recursive: true });
  const driver = hasSoftwareDriver() ? unpackSoftwareDriver() : null;
  t.after(() => driver && rmSync(driver.folder, { recursive: true }));
  const child = spawn(process.execPath, [path.join(dist, 'trainer.mjs'), run.folder, '--recipe-file', run.recipeFile], {
    stdio: 'ignore',
    env: { ...process.env, ...driver?.env },
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'exit');
  const { status, message } = lastOf(run.events(), 'runEnd') ?? {};
  // Where there is neither a card nor a driver in software, Dawn has still been loaded.
  assert.match(driver === null ? `${status} ${message}` : `${status}`, /^completed|^failed .*no graphics card/);
});

test('a clean VS Code installs the package and trains a recipe to its result', async (t) => {
  const { runCommand, webview } = await useWorkbench(t, { extension: { vsix }, open: 'boston-housing.recipe.yaml' });
  await runCommand('Skillet: Train Recipe');
  await webview().getByRole('heading', { name: 'Result' }).waitFor();
  assert.match((await webview().locator('.standings').textContent()) ?? '', /9\.149/);
});
