/** Columns are read from the first bytes of a CSV, and only below the opened folders. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { csvHeader } from '../../../src/common/recipe/language/csvHeader.ts';
import { readColumns } from '../../../src/node/readColumns.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

test('a header is read with quotes, spaces, a mark of its encoding, empty lines and ends of Windows', () => {
  assert.deepEqual(csvHeader('\uFEFF\r\na, "b, c" ,"d ""e"""\r\n1,2,3'), ['a', 'b, c', 'd "e"']);
  assert.deepEqual(csvHeader(',x\n1,2'), ['x']);
  assert.deepEqual(csvHeader(''), []);
});

test('a header is parted by what the file is parted by', () => {
  assert.deepEqual(csvHeader('day;"a;b";c, d\n1;2;3'), ['day', 'a;b', 'c, d']);
  assert.deepEqual(csvHeader('day\tsold\n1\t2'), ['day', 'sold']);
});

test('a packed file is read, also where its beginning alone was', async (t) => {
  const folder = tempFolder(t);
  const rows = Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 100_003},${Math.sin(i)}`);
  const packed = gzipSync(`a,b\n${rows.join('\n')}\n`);
  assert.ok(packed.length > 300_000);
  writeFileSync(path.join(folder, 'a.csv.gz'), packed);
  assert.deepEqual(await readColumns(path.join(folder, 'a.csv.gz'), [folder]), ['a', 'b']);
});

test('a file below an opened folder is read; one outside, also behind a link, is not', async (t) => {
  const root = tempFolder(t);
  const inside = path.join(root, 'work/data');
  mkdirSync(inside, { recursive: true });
  writeFileSync(path.join(inside, 'a.csv'), 'age,price\n1,2\n');
  writeFileSync(path.join(root, 'secret.csv'), 'secret\n');
  symlinkSync(path.join(root, 'secret.csv'), path.join(inside, 'link.csv'));
  const folders = [path.join(root, 'work')];
  assert.deepEqual(await readColumns(path.join(inside, 'a.csv'), folders), ['age', 'price']);
  assert.equal(await readColumns(path.join(root, 'secret.csv'), folders), null);
  assert.equal(await readColumns(path.join(inside, 'link.csv'), folders), null);
  assert.equal(await readColumns(path.join(inside, '../../secret.csv'), folders), null);
  assert.equal(await readColumns(path.join(inside, 'a.csv'), []), null);
});

test('a folder, a binary file and a file that is not there have no columns', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'b.csv'), Buffer.from([1, 0, 2]));
  for (const name of ['', 'b.csv', 'gone.csv']) {
    assert.equal(await readColumns(path.join(folder, name), [folder]), null, name);
  }
});
