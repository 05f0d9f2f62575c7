/** What a CSV file is told to hold, and how a bad one is refused. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { columnOf, type DataProfile, estimateRows } from '../../../../src/common/data/profile.ts';
import { profileCsv } from '../../../../src/node/data/profileCsv.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const BOSTON = path.resolve(import.meta.dirname, '../../../../recipes/data/boston_housing.csv');

function write(t: TestContext, content: string | Uint8Array, name = 'data.csv'): string {
  const file = path.join(tempFolder(t), name);
  writeFileSync(file, content);
  return file;
}

const profile = (t: TestContext, content: string | Uint8Array, name?: string) => profileCsv(write(t, content, name));

const typesOf = ({ columns }: DataProfile) => Object.fromEntries(columns.map(({ name, type }) => [name, type]));

const rows = (count: number, row: (index: number) => string) => Array.from({ length: count }, (_, i) => row(i));

test('the Boston file: figures as NumPy gives them', async () => {
  const found = await profileCsv(BOSTON);
  assert.deepEqual([found.rows, found.columns.length, found.delimiter, found.hasHeader], [506, 14, ',', true]);
  const medv = columnOf(found, 'medv');
  // numpy: mean 22.532806, std(ddof=1) 9.197104, quantile [.05 .25 .5 .75 .95].
  assert.deepEqual([medv?.numbers?.mean.toFixed(6), medv?.numbers?.deviation.toFixed(6)], ['22.532806', '9.197104']);
  assert.deepEqual(
    medv?.numbers?.quantiles.map((value) => value.toFixed(3)),
    ['10.200', '17.025', '21.200', '25.000', '43.400'],
  );
  assert.equal(
    medv?.bars.reduce((sum, { count }) => sum + count, 0),
    506,
  );
  assert.equal(columnOf(found, 'chas')?.type, 'whole number');
});

test('bars of whole numbers hold equally many of them', async (t) => {
  const found = await profile(t, `a,y\n${rows(310, (i) => `${i % 31},${i % 5}`).join('\n')}\n`);
  const bars = columnOf(found, 'a')?.bars ?? [];
  assert.deepEqual(
    bars.slice(0, 15),
    Array.from({ length: 15 }, (_, i) => ({ label: `${2 * i} to ${2 * i + 1}`, count: 20 })),
  );
  assert.deepEqual(
    columnOf(found, 'y')?.bars,
    Array.from({ length: 5 }, (_, i) => ({ label: String(i), count: 62 })),
  );
});

test('each kind of column is told, with the reason where it is not plain', async (t) => {
  const csv = [
    'id,email,when,colour,grade,size,remark,country,nothing,y',
    ...rows(
      60,
      (i) =>
        `${i + 1},u${i}@x.org,2024-01-${String((i % 28) + 1).padStart(2, '0')},${['red', 'blue', '?'][i % 3]},${i % 4},${i / 7},a remark of ${i} words,NL,NA,${i * 2}`,
    ),
  ].join('\n');
  const found = await profile(t, csv);
  assert.deepEqual(typesOf(found), {
    id: 'id',
    email: 'id',
    when: 'time',
    colour: 'category',
    grade: 'whole number',
    size: 'number',
    remark: 'text',
    country: 'constant',
    nothing: 'empty',
    y: 'whole number',
  });
  const colour = columnOf(found, 'colour');
  assert.deepEqual([colour?.filled, colour?.missing, colour?.distinct], [40, 20, 2]);
  assert.deepEqual(colour?.words, [
    { word: 'red', count: 20 },
    { word: 'blue', count: 20 },
  ]);
  assert.equal(columnOf(found, 'id')?.why, 'it only numbers the rows');
  assert.deepEqual(
    found.twins.map(({ a, b }) => [a, b]),
    [['size', 'y']],
  );
});

test('a stray word in a column of numbers is told with its row', async (t) => {
  const found = await profile(t, `a,y\n${rows(50, (i) => `${i === 30 ? 'n/a' : i * 1.5},${i}`).join('\n')}\n`);
  assert.deepEqual(columnOf(found, 'a')?.strays, { count: 1, example: 'n/a', row: 31 });
  assert.match(columnOf(found, 'a')?.why ?? '', /one field is no number: "n\/a" in row 31/);
});

test('semicolons, tabs and a packed file are read; the delimiter in quotes does not count', async (t) => {
  for (const [csv, delimiter] of [
    ['a;"b,c,d"\n1;2\n', ';'],
    ['a\tb\n1\t2\n', '\t'],
    ['"a;b;c",d\n1,2\n', ','],
    ['a\n1\n', ','],
  ] as const) {
    assert.equal((await profile(t, csv)).delimiter, delimiter);
  }
  const packed = await profile(t, gzipSync(readFileSync(BOSTON)), 'boston.csv.gz');
  assert.deepEqual([packed.isCompressed, packed.rows, packed.columns.length], [true, 506, 14]);
});

test('a file without a header is told; counted or dated columns are a header', async (t) => {
  const bare = await profile(t, '5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,2.9,other\n');
  assert.deepEqual([bare.hasHeader, bare.rows, bare.columns[2]?.name], [false, 3, 'column 3']);
  assert.equal((await profile(t, '0,1,2\n5,6,7\n8,9,1\n')).hasHeader, true);
  assert.equal((await profile(t, 'country,1990,1991\nNL,1.5,2\nDE,2.5,3\n')).hasHeader, true);
});

test('the regularity of a time column: its step, gaps, repeats and order', async (t) => {
  const timeOf = async (days: readonly string[]) =>
    columnOf(await profile(t, `date,y\n${days.map((day, i) => `${day},${i % 7}`).join('\n')}\n`), 'date')?.time;
  const months = rows(24, (i) => `${2020 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`);
  const even = { first: '2020-01-01', last: '2021-12-01', step: '1 month', isRegular: true, gaps: 0 };
  assert.deepEqual(await timeOf(months), { ...even, outOfOrder: 0, repeated: 0 });
  const days = rows(20, (i) => `2024-03-${String(i + 1).padStart(2, '0')}`);
  const holed = await timeOf(days.toSpliced(5, 2));
  assert.deepEqual([holed?.step, holed?.isRegular, holed?.gaps], ['1 day', false, 1]);
  const twice = await timeOf([...days, ...days.slice(-1)]);
  assert.deepEqual([twice?.isRegular, twice?.repeated], [false, 1]);
  const mixed = await timeOf([...days.slice(10), ...days.slice(0, 10)]);
  assert.deepEqual([mixed?.isRegular, mixed?.outOfOrder], [false, 1]);
  assert.equal((await timeOf(days.toReversed()))?.isRegular, true);
});

test('dates are known by their form, and a word with a number is none', async (t) => {
  const typeOf = async (written: (month: number) => string) =>
    columnOf(await profile(t, `when,y\n${rows(12, (i) => `"${written(i + 1)}",${i % 5}`).join('\n')}\n`), 'when')?.type;
  const two = (value: number) => String(value).padStart(2, '0');
  for (const form of [
    (month: number) => `2024-${two(month)}-03`,
    (month: number) => `2024-${two(month)}`,
    (month: number) => `2024/${month}/3 12:30`,
    (month: number) => `2024-${two(month)}-03T10:00:00.5+02:00`,
    (month: number) => `${month}/3/2024`,
    (month: number) => `Mar-${month}-2024`,
    (month: number) => `March ${month}, 2024`,
    (month: number) => `${month} Mar 2024`,
  ]) {
    assert.equal(await typeOf(form), 'time', form(1));
  }
  assert.equal(await typeOf((month) => `store ${month}`), 'text');
});

test('dates with the day first are no dates, and say what to write', async (t) => {
  const found = await profile(t, `date,y\n${rows(30, (i) => `${i + 1}/01/2024,${i % 3}`).join('\n')}\n`);
  assert.match(columnOf(found, 'date')?.why ?? '', /day first.*2024-12-31/);
});

test('a bad file is refused by what is wrong with it', async (t) => {
  const cases: [string | Uint8Array, string, RegExp][] = [
    ['', 'data-empty', /nothing in it/],
    ['\n\n', 'data-empty', /nothing in it/],
    ['a,b\n', 'data-empty', /a header but no rows/],
    ['a,b\n1,2\n1\n', 'data-ragged', /Line 3 .* has 1 fields/],
    ['a,b\n1,"2\n', 'data-ragged', /not proper CSV/],
    [Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0), 'data-not-text', /zero bytes/],
    [Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'data-not-text', /UTF-16/],
    [Uint8Array.of(0x1f, 0x8b, 1, 2, 3), 'data-not-text', /cannot be unpacked/],
    [gzipSync(readFileSync(BOSTON)).subarray(0, 5000), 'data-not-text', /cannot be unpacked/],
  ];
  for (const [content, code, message] of cases) {
    await assert.rejects(profile(t, content), { code, message });
  }
  await assert.rejects(profileCsv(path.join(tempFolder(t), 'none.csv')), { code: 'data-not-found' });
});

test('letters that are not UTF-8, and decimal commas, are noted', async (t) => {
  const latin = await profile(t, Buffer.from('name;y\nJosé;1\nAna;2\n', 'latin1'));
  assert.match(latin.notes.join(' '), /not UTF-8 stand in name/);
  const comma = await profile(t, 'a;y\n1,5;2\n2,5;3\n');
  assert.match(comma.notes.join(' '), /decimal comma in a/);
});

test('of a large file a part is enough, and that is said', async (t) => {
  const file = write(t, `a,y\n${rows(200_000, (i) => `${i % 97},${i % 89}`).join('\n')}\n`);
  const shares: number[] = [];
  const part = await profileCsv(file, { maxBytes: 300_000, onProgress: (share) => shares.push(share) });
  assert.ok(part.share < 0.5 && part.rows < 100_000, `${part.share} ${part.rows}`);
  assert.match(part.notes.join(' '), /^Only the first \d+ % of the file/);
  assert.ok(Math.abs(estimateRows(part) - 200_000) < 10_000, String(estimateRows(part)));
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  assert.equal(part.sampleRows, 5000);
  const mean = columnOf(part, 'a')?.numbers?.mean ?? 0;
  assert.ok(Math.abs(mean - 48) < 0.5, String(mean));
});

test('reading ends when it is cancelled', async (t) => {
  const file = write(t, `a,y\n${rows(200_000, (i) => `${i},${i}`).join('\n')}\n`);
  const cancel = new AbortController();
  await assert.rejects(profileCsv(file, { signal: cancel.signal, onProgress: () => cancel.abort() }), {
    name: 'AbortError',
  });
});
