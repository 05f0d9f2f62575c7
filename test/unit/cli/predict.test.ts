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
