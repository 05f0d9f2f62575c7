/** The packed extension holds exactly what it should, and works where it is installed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { root } from '../../scripts/host/paths.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import type { RunEvent } from '../../src/common/run/events.ts';
import { useWorkbench } from '../ui/workbench.ts';
import { hasSoftwareDriver, unpackSoftwareDriver } from '../unit/trainer/support/graphics.ts';
import { tensorflowFolder } from '../unit/trainer/support/tensorflowFolder.ts';
import { curveCsv, lastOf, makeRun } from '../unit/trainer/support/testRun.ts';
import { zipEntries } from './zip.ts';

const vsix = path.join(root, 'out/package-test/skillet.vsix');

const platform = `${process.platform}-${process.arch}`;
const dawn = process.platform === 'darwin' ? 'darwin-universal' : platform;

/** What each source of the bundle becomes; a file that is not listed here must not ship. */
const builtFrom: Record<string, string[]> = {
  'src/extension/extension.ts': ['dist/extension.cjs'],
  'src/trainer/trainer.ts': ['dist/trainer.mjs'],
  'src/trainer/probe.ts': ['dist/probe.mjs'],
  'src/cli/cli.ts': ['dist/cli.mjs'],
  'src/node/study/study.ts': ['dist/study.mjs'],
  'src/node/keras/keras.ts': ['dist/keras.mjs'],
  'src/trainer/importModel.ts': ['dist/importModel.mjs'],
  'src/trainer/predict.ts': ['dist/predict.mjs'],
  'src/cloud/aws/aws.ts': ['dist/aws.cjs'],
  'src/node/ssh/ssh.ts': ['dist/ssh.cjs'],
  'src/webview/instance/instance.tsx': ['dist/webview/instance.css', 'dist/webview/instance.js'],
  'src/webview/launch/launch.tsx': ['dist/webview/launch.css', 'dist/webview/launch.js'],
  'src/webview/reserved/reserved.tsx': ['dist/webview/reserved.css', 'dist/webview/reserved.js'],
  'src/webview/sweep/sweep.tsx': ['dist/webview/sweep.css', 'dist/webview/sweep.js'],
  'src/webview/compare/compare.tsx': ['dist/webview/compare.css', 'dist/webview/compare.js'],
  'src/webview/data/data.tsx': ['dist/webview/data.css', 'dist/webview/data.js'],
  'src/webview/machine/machine.tsx': ['dist/webview/machine.css', 'dist/webview/machine.js'],
  'src/webview/history/history.tsx': ['dist/webview/history.css', 'dist/webview/history.js'],
  'src/webview/study/study.tsx': ['dist/webview/study.css', 'dist/webview/study.js'],
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
  'docs/aws.md',
  'docs/connect.md',
  'docs/diagnoses.md',
  'docs/guard.md',
  'docs/instances.md',
  'docs/jobs.md',
  'docs/launch-profile.md',
  'docs/launch.md',
  'docs/recipe.md',
  'package.json',
  'recipes/cloudml_tuning.yml',
  ...recipeFiles('recipes', '.recipe.yaml'),
  ...recipeFiles('recipes', '.mjs'),
  ...recipeFiles('recipes/data', ''),
];

function recipeFiles(folder: string, ending: string): string[] {
  const names = readdirSync(path.join(root, folder)).filter((name) => name.endsWith(ending));
  assert.ok(names.length > 0, folder);
  return names.map((name) => `${folder}/${name}`);
}

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
  const chunks = reachable(['trainer.mjs', 'probe.mjs', 'predict.mjs', 'importModel.mjs']);
  const expected = [...always, ...built, ...chunks, ...documents].map((name) => `extension/${name}`);
  assert.deepEqual(shipped, ['[Content_Types].xml', 'extension.vsixmanifest', ...expected].sort());
});

/** The parts of the trainer's bundle that its entries name, and those that these name. */
function reachable(entries: readonly string[]): string[] {
  const found = new Set<string>();
  const left = [...entries];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const text = readFileSync(path.join(root, 'dist', name), 'utf8');
    for (const [chunk] of text.matchAll(/trainer-[A-Z0-9]{8}\.mjs/g)) {
      if (!found.has(chunk)) {
        found.add(chunk);
        left.push(chunk);
      }
    }
  }
  assert.ok(found.size > 0, 'no parts seen');
  return [...found].map((chunk) => `dist/${chunk}`);
}

test('the licence of every bundled package ships with it', () => {
  const notices = readFileSync(path.join(root, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8');
  assert.match(notices, /^@tensorflow\/tfjs-backend-wasm 4\.22\.0 \(Apache-2\.0\)$/m);
  assert.match(notices, /^koffi \d.* \(MIT\)$[\s\S]*?Niels Martignène/m);
  assert.match(notices, /^webgpu \d.* \(MIT\)$[\s\S]*?The Dawn & Tint Authors/m);
});

/** Trains one epoch in a copy of `dist`, away from the packages of npm. */
async function trainPacked(
  t: TestContext,
  device: string,
  { args = [], env = {} }: PackedOptions,
): Promise<RunEvent[]> {
  const recipe = {
    name: 'Packed',
    data: { csv: 'data.csv', target: 'y' },
    model: [{ dense: { units: 1 } }],
    train: { loss: 'meanSquaredError', epochs: 1, device },
  };
  const run = makeRun(t, JSON.stringify(recipe), curveCsv(40));
  const dist = path.join(run.folder, '../dist');
  cpSync(path.join(root, 'dist'), dist, { recursive: true });
  const trainer = [path.join(dist, 'trainer.mjs'), run.folder, '--recipe-file', run.recipeFile, ...args];
  const child = spawn(process.execPath, trainer, { stdio: 'ignore', env: { ...process.env, ...env } });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'exit');
  return run.events();
}

interface PackedOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

test('the packed trainer brings its own Dawn, and trains on it away from the packages of npm', async (t) => {
  const driver = hasSoftwareDriver() ? unpackSoftwareDriver() : null;
  t.after(() => driver && rmSync(driver.folder, { recursive: true }));
  const events = await trainPacked(t, 'webgpu', { env: driver?.env ?? {} });
  const { status, message } = lastOf(events, 'runEnd') ?? {};
  // Where there is neither a card nor a driver in software, Dawn has still been loaded.
  assert.match(driver === null ? `${status} ${message}` : `${status}`, /^completed|^failed .*no graphics card/);
});

test('the packed trainer brings its own koffi, and replays steps inside TensorFlow with it', async (t) => {
  const folder = tensorflowFolder();
  if (folder === null) {
    t.skip('TensorFlow is not installed');
    return;
  }
  const events = await trainPacked(t, 'tensorflow-cpu', { args: ['--tensorflow', folder] });
  assert.equal(lastOf(events, 'runStart')?.backend.execution, 'compiled');
  assert.equal(lastOf(events, 'runEnd')?.status, 'completed');
});

test('a clean VS Code installs the package and trains a recipe to its result', async (t) => {
  const { runCommand, webview } = await useWorkbench(t, { extension: { vsix }, open: 'boston-housing.recipe.yaml' });
  await runCommand('Skillet: Train Recipe');
  await webview().getByRole('heading', { name: 'Result' }).waitFor();
  assert.match((await webview().locator('.standings').textContent()) ?? '', /9\.149/);
});
