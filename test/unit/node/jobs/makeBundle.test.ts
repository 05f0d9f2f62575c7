/** What goes along with a job, and what never does. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { looksSecret } from '../../../../src/node/jobs/bundleFiles.ts';
import { bundleRecipe, bundleScript, commonFolder, submissionToken } from '../../../../src/node/jobs/makeBundle.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';
import { tinyCsv, tinyRecipe } from '../../../fixtures/tinyRecipe.ts';

const filesIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();

/** A trainer of three files, of which one was left by an older build. */
function trainer(t: TestContext): string {
  const folder = tempFolder(t);
  writeFileSync(
    path.join(folder, 'trainer.mjs'),
    'import \'./trainer-AAA.mjs\';\nawait import("./trainer-BBB.mjs");\n',
  );
  writeFileSync(path.join(folder, 'trainer-AAA.mjs'), 'export {};\n');
  writeFileSync(path.join(folder, 'trainer-BBB.mjs'), 'export{a}from"./trainer-CCC.mjs";\n');
  writeFileSync(path.join(folder, 'trainer-CCC.mjs'), 'export const a = 1;\n');
  writeFileSync(path.join(folder, 'trainer-OLD.mjs'), '');
  writeFileSync(path.join(folder, 'probe.mjs'), 'export {};\n');
  writeFileSync(path.join(folder, 'x.wasm'), '');
  return path.join(folder, 'trainer.mjs');
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

const bundleOf = (t: TestContext, recipeFile: string, more: object = {}) =>
  bundleRecipe({
    ...{ recipeFile, trainerFile: trainer(t), version: '1.2.3', cacheFolder: tempFolder(t), folder: tempFolder(t) },
    ...more,
  });

test('a recipe goes along with its data, its module and what that imports, laid out as they were', async (t) => {
  const folder = tempFolder(t);
  const recipe = tinyRecipe.replace('tiny.csv', '../data/tiny.csv');
  const module = tinyRecipe
    .replace('tiny.csv', '../data/tiny.csv')
    .replace(/model:[\s\S]*?(?=train:)/, 'model: { module: ./nets/own.mjs }\n');
  write(folder, {
    'data/tiny.csv': tinyCsv,
    'recipes/tiny.recipe.yaml': recipe,
    'recipes/own.recipe.yaml': module,
    'recipes/nets/own.mjs': "import { parts } from '../parts/parts.mjs';\nimport 'lodash';\n",
    'recipes/parts/parts.mjs': "export { parts } from './more.mjs';\nimport './own.mjs';\n",
    'recipes/parts/more.mjs': 'export const parts = 1;\n',
    'recipes/unused.mjs': '',
    'recipes/.env': 'PASSWORD=x',
  });
  const bundle = await bundleOf(t, path.join(folder, 'recipes/tiny.recipe.yaml'), {
    overrides: { params: { units: 9 } },
  });
  assert.deepEqual(filesIn(bundle.folder), [
    'entry.sh',
    'package.json',
    'recipe/data/tiny.csv',
    'recipe/recipes/tiny.recipe.yaml',
    'run/recipe.yaml',
    'trainer/probe.mjs',
    'trainer/trainer-AAA.mjs',
    'trainer/trainer-BBB.mjs',
    'trainer/trainer-CCC.mjs',
    'trainer/trainer.mjs',
    'trainer/x.wasm',
  ]);
  assert.deepEqual([bundle.name, bundle.fileCount, bundle.leftOut], ['Tiny', 11, []]);
  assert.match(readFileSync(path.join(bundle.folder, 'run/recipe.yaml'), 'utf8'), /units: 9/);
  const own = await bundleOf(t, path.join(folder, 'recipes/own.recipe.yaml'));
  assert.deepEqual(filesIn(path.join(own.folder, 'recipe')), [
    'data/tiny.csv',
    'recipes/nets/own.mjs',
    'recipes/own.recipe.yaml',
    'recipes/parts/more.mjs',
    'recipes/parts/parts.mjs',
  ]);
});

test('a recipe that cannot be trained is refused before anything is copied', async (t) => {
  const folder = tempFolder(t);
  write(folder, { 'tiny.recipe.yaml': tinyRecipe });
  const target = tempFolder(t);
  await assert.rejects(bundleOf(t, path.join(folder, 'tiny.recipe.yaml'), { folder: target }), {
    name: 'RefusedRecipe',
  });
  assert.deepEqual(filesIn(target), []);
});

test('a path that only this computer knows is refused by its field', async (t) => {
  const folder = tempFolder(t);
  write(folder, { 'tiny.csv': tinyCsv });
  write(folder, { 'tiny.recipe.yaml': tinyRecipe.replace('tiny.csv', path.join(folder, 'tiny.csv')) });
  await assert.rejects(bundleOf(t, path.join(folder, 'tiny.recipe.yaml')), { code: 'cloud-job', path: 'data.csv' });
});

test('a named data set goes along from the cache', async (t) => {
  const folder = tempFolder(t);
  const cacheFolder = tempFolder(t);
  const recipe =
    'name: Digits\ndata: { dataset: mnist }\nmodel:\n  - flatten: {}\n  - dense: { units: 10, activation: softmax }\ntrain: { loss: sparseCategoricalCrossentropy, epochs: 1 }\n';
  write(folder, { 'digits.recipe.yaml': recipe });
  const asked: string[] = [];
  const bundle = await bundleOf(t, path.join(folder, 'digits.recipe.yaml'), {
    cacheFolder,
    async prepareDataset(name: string) {
      asked.push(name);
      write(cacheFolder, { 'datasets/mnist/train.gz': 'x' });
    },
  });
  assert.deepEqual(asked, ['mnist']);
  assert.ok(existsSync(path.join(bundle.folder, 'cache/datasets/mnist/train.gz')));
});

test('a script goes along with its folder, but without secrets and what others put there', async (t) => {
  const folder = tempFolder(t);
  write(folder, {
    'train.py': 'print(1)\n',
    'lib/a.py': '',
    '.env': 'PASSWORD=x',
    'keys/me.pem': 'x',
    'credentials.json': '{}',
    '.aws/config': 'x',
    'node_modules/x/i.js': '',
    '.git/config': '',
    '.skillet/runs/x': '',
  });
  const scriptFile = path.join(folder, 'train.py');
  const bundle = await bundleScript({ scriptFile, language: 'python', args: [], folder: tempFolder(t) });
  assert.deepEqual(filesIn(bundle.folder), ['entry.sh', 'files/lib/a.py', 'files/train.py']);
  assert.deepEqual(bundle.leftOut, ['.aws/config', '.env', 'credentials.json', 'keys/me.pem']);
  const named = { files: ['.env'], folder: tempFolder(t) };
  const chosen = await bundleScript({ scriptFile, language: 'python', args: [], ...named });
  assert.deepEqual(filesIn(chosen.folder), ['entry.sh', 'files/.env', 'files/train.py']);
  const outside = { files: ['../x'], folder: tempFolder(t) };
  await assert.rejects(bundleScript({ scriptFile, language: 'python', args: [], ...outside }), { code: 'cloud-job' });
});

test('names of secrets are known, and other names are not taken for them', () => {
  const secrets = [
    '.env',
    'a/.env.local',
    'id_ed25519',
    'x.PEM',
    '.npmrc',
    'my-secret.json',
    'service_account.json',
    '.ssh/config',
  ];
  const others = ['environment.yml', 'secretary.csv', 'keys.csv', 'credentialing.md', 'pem.txt', 'ids.csv'];
  const ofTools = ['kaggle.json', '.kaggle/any', '.docker/config.json', '.huggingface/token', '.config/gcloud/any.db'];
  assert.deepEqual(
    [...secrets, ...ofTools].filter((name) => !looksSecret(name)),
    [],
  );
  assert.deepEqual(others.filter(looksSecret), []);
});

test('the same contents have the same token, others another', async (t) => {
  const folder = tempFolder(t);
  write(folder, { 'train.sh': 'echo 1\n' });
  const scriptFile = path.join(folder, 'train.sh');
  const make = () => bundleScript({ scriptFile, language: 'shell', args: [], folder: tempFolder(t) });
  const first = await make();
  const terms = { region: 'us-east-1' };
  assert.equal(submissionToken(await make(), terms), submissionToken(first, terms));
  assert.notEqual(submissionToken(first, { region: 'eu-west-1' }), submissionToken(first, terms));
  write(folder, { 'train.sh': 'echo 2\n' });
  assert.notEqual((await make()).digest, first.digest);
});

test('the folder that holds several files is the deepest one', () => {
  assert.equal(commonFolder(['/a/b/c.txt']), path.resolve('/a/b'));
  assert.equal(commonFolder(['/a/b/c.txt', '/a/bc/d.txt']), path.resolve('/a'));
  assert.equal(commonFolder(['/a/b.txt', '/c/d.txt']), path.resolve('/'));
});
