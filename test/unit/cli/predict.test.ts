/** `skillet predict` as people run it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import { cliFile, runCli } from '../../fixtures/cliProcess.ts';
import { TINY_CSV, writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

/** A test with a folder that holds a finished run, `run`, and its data. */
function test(name: string, body: (t: TestContext, folder: string) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
      return;
    }
    const folder = tempFolder(t);
    writeTiny(folder);
    const { code, stderr } = await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--run-dir', 'run', '--quiet');
    assert.deepEqual([code, stderr], [0, '']);
    await body(t, folder);
  });
}

test('predictions are printed, or written with their number told; nothing else is left', async (t, folder) => {
  const printed = await runCli(t, folder, 'predict', 'run', 'tiny.csv');
  assert.deepEqual([printed.code, printed.stderr], [0, '']);
  const lines = printed.stdout.trimEnd().split('\n');
  assert.deepEqual([lines[0], lines.length], ['a,b,y,predicted', 41]);
  const before = readdirSync(folder).sort();
  const written = await runCli(t, folder, 'predict', 'run/model', 'tiny.csv', '--out', 'p.csv');
  assert.deepEqual([written.code, written.stdout], [0, '40 of 40 rows predicted: p.csv\n']);
  assert.equal(readFileSync(path.join(folder, 'p.csv'), 'utf8'), printed.stdout);
  assert.deepEqual(readdirSync(folder).sort(), [...before, 'p.csv'].sort());
});

test('--json prints one object a row', async (t, folder) => {
  const { stdout } = await runCli(t, folder, 'predict', 'run', 'tiny.csv', '--json');
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual([rows.length, rows[39].row, Object.keys(rows[39].predicted)], [40, 40, ['y']]);
});

test('a bad row ends with code 2, its column, row and remedy, and prints no prediction', async (t, folder) => {
  writeFileSync(path.join(folder, 'bad.csv'), `${TINY_CSV}x,1,2\n`);
  const { code, stdout, stderr } = await runCli(t, folder, 'predict', 'run', 'bad.csv', '--out', 'p.csv');
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(
    stderr,
    /^bad\.csv: column a: Row 41 has "x" where a number belongs\. Mend the field.*\(data-not-a-number\)\n$/,
  );
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('p.csv')));
});

test('a folder without a model and too few arguments are refused', async (t, folder) => {
  const none = await runCli(t, folder, 'predict', '.', 'tiny.csv');
  assert.match(none.stderr, /holds no model.*\(model-unreadable\)\n$/);
  const few = await runCli(t, folder, 'predict', 'run');
  assert.match(few.stderr, /takes a run or model folder, and a CSV file.*\(cli-usage\)\n$/);
  assert.deepEqual([none.code, few.code], [2, 2]);
});

test('an MXNet checkpoint is imported, shown as a graph, and predicts raw rows', async (t, folder) => {
  const goldens = path.resolve(import.meta.dirname, '../../fixtures/goldens/mxnet');
  const symbol = path.join(goldens, 'boston_r-symbol.json');
  const names = Array.from({ length: 13 }, (_, i) => `f${i}`).join();
  const rows = [1, 2, 3].map((row) => Array.from({ length: 13 }, (_, i) => (row * (i + 1)) % 5).join());
  writeFileSync(path.join(folder, 'train.csv'), `${names},medv\n${rows.map((row) => `${row},1`).join('\n')}\n`);
  const options = ['--out', 'net', '--csv', 'train.csv', '--target', 'medv', '--scale', 'standard', '--recipe'];
  const { code, stdout, stderr } = await runCli(t, folder, 'import', symbol, ...options);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /\ndense1 +FullyConnected 64 +\[64\] +896\n/);
  assert.match(stdout, /\n7 nodes, 5,121 weights\n[\s\S]*Model folder: net\nRecipe: net\/boston_r\.recipe\.yaml\n$/);
  assert.deepEqual(readdirSync(path.join(folder, 'net')).sort(), [
    'boston_r.recipe.yaml',
    'model.json',
    'scaler.json',
    'weights.bin',
  ]);
  const shown = await runCli(t, folder, 'show', 'net');
  assert.match(shown.stdout, /^boston_r {3}mxnet · boston_r-symbol\.json[\s\S]*relu2 +Activation relu/);
  const predicted = await runCli(t, folder, 'predict', 'net', 'train.csv');
  assert.equal(predicted.stdout.split('\n')[0], `${names},medv,predicted`);
  // The data path of the recipe holds from where the recipe lies.
  const checked = await runCli(t, folder, 'check', 'net/boston_r.recipe.yaml');
  assert.deepEqual([checked.code, checked.stderr], [0, '']);
  const again = await runCli(t, folder, 'import', symbol, '--out', 'net');
  assert.deepEqual([again.code, again.stdout], [2, '']);
  assert.match(again.stderr, /is there already.*\(model-output\)\n$/);
});

test('options of an import that cannot be used are refused', async (t, folder) => {
  const symbol = 'x-symbol.json';
  for (const [options, message] of [
    [['--input-shape', '3,x'], /"3,x" is no shape/],
    [['--scale', 'standard'], /--csv: is missing/],
    [['--scale', 'odd'], /"odd" is no scale/],
  ] as const) {
    const { code, stderr } = await runCli(t, folder, 'import', symbol, ...options);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});
