/** `skillet capsule` and `skillet verify` as people run them. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { cliFile, runCli, runFolders } from '../../fixtures/cliProcess.ts';
import { writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

test('a capsule is made, verified, told apart and refused, each with its exit code', async (t) => {
  if (!existsSync(cliFile)) {
    t.skip('dist/cli.mjs is not built: npm run build');
    return;
  }
  const folder = tempFolder(t);
  writeTiny(folder);
  assert.equal((await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--quiet')).code, 0);
  const [run = ''] = runFolders(folder);
  const made = await runCli(t, folder, 'capsule', path.relative(folder, run));
  const file = `${path.basename(run)}.capsule.json`;
  assert.deepEqual([made.code, made.stderr], [0, '']);
  assert.match(made.stdout, new RegExp(`^${file}: Tiny, 12 steps on js\\n  tiny.csv   .+   SHA-256 [0-9a-f]{64}\\n`));
  assert.ok(made.stdout.endsWith(`Verify it: skillet verify ${file}\n`));

  const same = await runCli(t, folder, 'verify', file);
  assert.equal(same.code, 0);
  assert.match(same.stdout, /^Identical: every number is equal to the bit\.\nCompared: 12 steps, 3 epochs, the result/);
  const changed = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  changed.recipe.text = changed.recipe.text.replace('learningRate: 0.01', 'learningRate: 0.02');
  writeFileSync(path.join(folder, 'other.capsule.json'), JSON.stringify(changed));
  const other = await runCli(t, folder, 'verify', 'other.capsule.json', '--json');
  assert.equal(other.code, 4);
  const told = JSON.parse(other.stdout);
  assert.deepEqual([told.verdict, told.firstBeyond.what, told.firstBeyond.step], ['different', 'step', 1]);
  const lenient = await runCli(t, folder, 'verify', 'other.capsule.json', '--tolerance', '10');
  assert.match(lenient.stdout, /^Within tolerance: /);

  appendFileSync(path.join(folder, 'tiny.csv'), '1,2,3\n');
  const refused = await runCli(t, folder, 'verify', file);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^tiny\.csv: is not the file that the run has read: .*\(capsule-data\)\n$/);
  assert.match((await runCli(t, folder, 'verify', 'none.json')).stderr, /is not there\. .*\(capsule-unreadable\)/);
  assert.match((await runCli(t, folder, 'verify', file, '--tolerance', 'x')).stderr, /\(cli-usage\)/);
  assert.deepEqual(
    readdirSync(folder).sort(),
    ['.skillet', file, 'other.capsule.json', 'tiny.csv', 'tiny.recipe.yaml'].sort(),
  );
});
