/** Files that are written whole or not at all. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeWhole } from '../../../src/node/writeWhole.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

test('a new file and one that is replaced hold the text, and nothing is left beside them', async (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'a.csv');
  await writeWhole(file, 'one');
  await writeWhole(file, 'two');
  assert.equal(readFileSync(file, 'utf8'), 'two');
  assert.deepEqual(readdirSync(folder), ['a.csv']);
});

test('a link keeps pointing at its file, which has the text', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'real.csv'), 'old');
  symlinkSync('real.csv', path.join(folder, 'link.csv'));
  await writeWhole(path.join(folder, 'link.csv'), 'new');
  assert.ok(lstatSync(path.join(folder, 'link.csv')).isSymbolicLink());
  assert.equal(readFileSync(path.join(folder, 'real.csv'), 'utf8'), 'new');
});

test('what cannot be written leaves nothing', async (t) => {
  const folder = tempFolder(t);
  await assert.rejects(writeWhole(path.join(folder, 'none/a.csv'), 'x'), { code: 'ENOENT' });
  mkdirSync(path.join(folder, 'a'));
  await assert.rejects(writeWhole(path.join(folder, 'a'), 'x'), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('killed while it writes, the older file is whole', async (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'a.csv');
  writeFileSync(file, 'old');
  const module = path.resolve(import.meta.dirname, '../../../src/node/writeWhole.ts');
  const program = `import { writeWhole } from ${JSON.stringify(module)};
    process.stdout.write('on');
    for (;;) await writeWhole(process.argv[1], 'n'.repeat(200_000_000));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  while (!readdirSync(folder).some((name) => name.endsWith('.part'))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.ok(existsSync(file));
  assert.ok([3, 200_000_000].includes(lstatSync(file).size));
});
