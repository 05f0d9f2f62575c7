/** `skillet import` of a model of Keras, as people run it: through its processes, and on to predict, show and export. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { cliFile, runCli } from '../../fixtures/cliProcess.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const GOLDENS = path.join(import.meta.dirname, '../../fixtures/goldens/keras');

test('a .keras file is imported, shown, asked and exported; a damaged one leaves nothing', async (t) => {
  if (!existsSync(cliFile)) {
    t.skip('dist/cli.mjs is not built: npm run build');
    return;
  }
  const folder = tempFolder(t);
  copyFileSync(path.join(GOLDENS, 'words.keras'), path.join(folder, 'words.keras'));
  const made = await runCli(t, folder, 'import', 'words.keras');
  assert.deepEqual([made.code, made.stderr], [0, '']);
  assert.match(made.stdout, /embedding[\s\S]*A row needs 5 numbers[\s\S]*Model folder: words-model\n$/);
  const shown = await runCli(t, folder, 'show', 'words-model');
  assert.match(shown.stdout, /^words {3}keras · words\.keras\npredicts class: 2 classes\n/);
  writeFileSync(path.join(folder, 'rows.csv'), 'a,b,c,d,e\n1,2,3,4,5\n');
  const told = await runCli(t, folder, 'predict', 'words-model', 'rows.csv');
  assert.match(told.stdout, /^a,b,c,d,e,predicted,probability_0,probability_1\n1,2,3,4,5,[01],/);
  const back = await runCli(t, folder, 'export', 'words-model', '--out', 'back.h5');
  assert.deepEqual([back.code, back.stdout], [0, 'Wrote back.h5\n']);
  const again = await runCli(t, folder, 'import', 'back.h5');
  assert.equal(again.code, 0, again.stderr);
  const before = readdirSync(folder).sort();
  writeFileSync(path.join(folder, 'bad.keras'), 'no model');
  const bad = await runCli(t, folder, 'import', 'bad.keras');
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /\(model-unreadable\)\n$/);
  const odd = await runCli(t, folder, 'import', 'words.keras', '--recipe');
  assert.match(odd.stderr, /^--recipe: is for MXNet.*\(cli-usage\)\n$/);
  assert.deepEqual(readdirSync(folder).sort(), [...before, 'bad.keras'].sort());
});
