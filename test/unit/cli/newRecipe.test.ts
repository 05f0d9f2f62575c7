/** `skillet new` makes a recipe that trains, goes over nothing, and says what it cannot do; `skillet check` warns. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cliFile, runCli } from '../../fixtures/cliProcess.ts';
import { flowersCsv, messyCsv } from '../../fixtures/sampleData.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

function test(name: string, body: (t: TestContext, folder: string) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
      return;
    }
    await body(t, tempFolder(t));
  });
}

test('a data file becomes a recipe beside it, which checks and trains', async (t, folder) => {
  writeFileSync(path.join(folder, 'flowers.csv'), flowersCsv);
  const made = await runCli(t, folder, 'new', 'flowers.csv');
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /^flowers\.csv: 150 rows, 5 columns, comma-separated\n/);
  assert.match(made.stdout, /\nMade flowers\.recipe\.yaml\. Train it: skillet train flowers\.recipe\.yaml\n$/);
  const checked = await runCli(t, folder, 'check', 'flowers.recipe.yaml');
  assert.equal(checked.stdout, 'flowers.recipe.yaml: Flowers, 2 layers, nothing is wrong.\n');
  const trained = await runCli(t, folder, 'train', 'flowers.recipe.yaml', '--epochs', '3', '--device', 'js');
  assert.equal(trained.code, 0, trained.stderr);
});

test('target, task, name and file are as asked; a recipe that is there is kept', async (t, folder) => {
  writeFileSync(path.join(folder, 'messy.csv'), messyCsv);
  const args = ['new', 'messy.csv', '--target', 'rating', '--task', 'regression', '--name', 'My Ratings'];
  assert.equal((await runCli(t, folder, ...args)).code, 0);
  const file = path.join(folder, 'my-ratings.recipe.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, /\nname: My Ratings\n[\s\S]* target: rating [\s\S]*loss: meanSquaredError/);
  writeFileSync(file, '# mine\n');
  assert.match((await runCli(t, folder, ...args)).stdout, /Made my-ratings-2\.recipe\.yaml/);
  const refused = await runCli(t, folder, ...args, '--out', 'my-ratings.recipe.yaml');
  assert.deepEqual([refused.code, /recipe-exists/.test(refused.stderr)], [2, true]);
  assert.equal(readFileSync(file, 'utf8'), '# mine\n');
  const unnamed = await runCli(t, folder, ...args, '--out', 'a.txt');
  assert.deepEqual(
    [unnamed.code, unnamed.stderr],
    [2, '--out: "a.txt" is no name of a recipe. Let it end in .recipe.yaml. (cli-usage)\n'],
  );
  const nowhere = await runCli(t, folder, ...args, '--out', 'none/a.recipe.yaml');
  assert.deepEqual([nowhere.code, /recipe-unwritable/.test(nowhere.stderr)], [2, true]);
});

test('a packed file is named as it is', async (t, folder) => {
  writeFileSync(path.join(folder, 'flowers.csv.gz'), gzipSync(flowersCsv));
  assert.equal((await runCli(t, folder, 'new', 'flowers.csv.gz')).code, 0);
  assert.match(readFileSync(path.join(folder, 'flowers.recipe.yaml'), 'utf8'), /\n {2}csv: flowers\.csv\.gz\n/);
});

test('what cannot be made is refused with what to do, and nothing is written', async (t, folder) => {
  writeFileSync(path.join(folder, 'messy.csv'), messyCsv);
  writeFileSync(path.join(folder, 'bare.csv'), '5.1,3.5\n'.repeat(20));
  const cases: [string[], RegExp][] = [
    [['none.csv'], /data-not-found/],
    [['bare.csv'], /no header.*c1,c2.*data-unsuited/],
    [['messy.csv', '--target', 'ratin'], /Did you mean rating\?.*cli-usage/],
    [['messy.csv', '--target', 'remark'], /cannot be predicted/],
    [['messy.csv', '--target', 'colour: outside', '--task', 'forecast'], /does not suit colour: outside/],
    [['messy.csv', '--task', 'sorcery'], /is no task/],
    [[], /no data file is named/],
  ];
  for (const [args, said] of cases) {
    const { code, stderr } = await runCli(t, folder, 'new', ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, said);
  }
  assert.equal(existsSync(path.join(folder, 'messy.recipe.yaml')), false);
});

test('check warns with line and code, and still gives 0', async (t, folder) => {
  writeFileSync(path.join(folder, 'flowers.csv'), flowersCsv);
  assert.equal((await runCli(t, folder, 'new', 'flowers.csv')).code, 0);
  const file = path.join(folder, 'flowers.recipe.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/batchSize: \d+/, 'batchSize: 1000'));
  const { code, stdout } = await runCli(t, folder, 'check', 'flowers.recipe.yaml');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^flowers\.recipe\.yaml:\d+:\d+ warning: train\.batchSize: A batch of 1000 .*\(batch-too-large\)\n/,
  );
  assert.match(stdout, /nothing is wrong\. 1 warning above\.\n$/);
  const json = await runCli(t, folder, 'check', 'flowers.recipe.yaml', '--json');
  assert.deepEqual(
    JSON.parse(json.stdout).map(({ code: word, severity }: Record<string, string>) => [word, severity]),
    [['batch-too-large', 'warning']],
  );
});
