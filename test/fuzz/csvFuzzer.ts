/** CSV files: written in all the ways that there are, some damaged; the profile and the trainer must agree on them. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { DataProfile } from '../../src/common/data/profile.ts';
import { SkilletError } from '../../src/common/errors.ts';
import { profileCsv } from '../../src/node/data/profileCsv.ts';
import { loadCsv, type Table } from '../../src/trainer/data/loadCsv.ts';
import { type Fuzzer, inTime } from './fuzzer.ts';

const MISSING = ['', 'NA', 'NaN', 'nan', '?'];
const number = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('1e5', '-0', '.5', '5.', '+3', '1e-300', ...MISSING),
);
const word = fc.oneof(
  fc.constantFrom(
    'red',
    'blue',
    'a b',
    'ä',
    '🦊',
    '0',
    'true',
    'x,y',
    'x;y',
    'x\ty',
    'say "no"',
    'two\nlines',
    "'",
    '#',
    ...MISSING,
  ),
  fc.string({ maxLength: 6 }),
);

const fault = fc.record({
  kind: fc.constantFrom('ragged', 'nul', 'bytes', 'cut', 'quote', 'latin1', 'utf16', 'huge', 'blank'),
  at: fc.nat(100_000),
  bytes: fc.uint8Array({ maxLength: 8 }),
});
type Fault = typeof fault extends fc.Arbitrary<infer T> ? T : never;

const cases = fc.record({
  rows: fc.array(fc.tuple(number, word, number), { minLength: 0, maxLength: 12 }),
  delimiter: fc.constantFrom(',', ';', '\t'),
  eol: fc.constantFrom('\n', '\r\n'),
  hasBom: fc.boolean(),
  isQuoted: fc.boolean(),
  isPacked: fc.boolean(),
  endsOpen: fc.boolean(),
  cutPacked: fc.option(fc.nat(100_000), { freq: 8 }),
  faults: fc.array(fault, { maxLength: 2 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

export const csvFuzzer: Fuzzer = {
  name: 'csv',
  property: (folder) =>
    fc.asyncProperty(cases, (one) =>
      inTime('reading the file', () => check(one as Case, path.join(folder, 'data.csv'))),
    ),
};

async function check(one: Case, file: string): Promise<void> {
  const { bytes, isClean } = toBytes(one);
  writeFileSync(file, bytes);
  const [profile, table] = await Promise.all([
    attempt(() => profileCsv(file)),
    attempt(() =>
      loadCsv(file, 'data.csv', (header) => [...new Set(header)].map((name) => ({ name, kind: 'category' as const }))),
    ),
  ]);
  assert.equal(
    profile instanceof SkilletError,
    table instanceof SkilletError,
    `profile: ${tell(profile)}; trainer: ${tell(table)}`,
  );
  if (!(profile instanceof SkilletError) && !(table instanceof SkilletError)) {
    assert.equal(profile.rows - Number(!profile.hasHeader), table.rows);
    compareColumns(profile, table);
    if (isClean) {
      compareValues(one, table);
    }
  } else {
    assert.ok(!isClean || one.rows.length === 0, `a clean file is refused: ${tell(profile)}`);
  }
}

/** @throws {unknown} Anything but a fault that a person can mend. */
async function attempt<T>(read: () => Promise<T>): Promise<T | SkilletError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SkilletError) {
      return error;
    }
    throw error;
  }
}

const tell = (result: unknown) => (result instanceof SkilletError ? `${result.code} ${result.message}` : 'read');

function compareColumns({ columns, hasHeader }: DataProfile, table: Table): void {
  if (!hasHeader) {
    return; // The profile takes the first line for data; the trainer always for names.
  }
  for (const [name, column] of table.columns) {
    const profiled = columns.find((one) => one.name === name);
    const codes = column.kind === 'category' ? column.codes : new Int32Array();
    const filled = codes.filter((code) => code !== -1).length;
    assert.deepEqual([name, profiled?.filled, profiled?.missing], [name, filled, table.rows - filled]);
    if (profiled?.isDistinctCapped === false && column.kind === 'category') {
      assert.equal(profiled.distinct, column.categories.length, `different values of ${name}`);
    }
  }
}

/** What was written is what is read, but for the space around it. */
function compareValues({ rows, isQuoted }: Case, table: Table): void {
  const column = table.columns.get('word');
  assert.ok(column?.kind === 'category');
  const read = [...column.codes].map((code) => column.categories[code] ?? null);
  const written = rows.map(([, text]) => (isQuoted ? text : text.trim()));
  assert.deepEqual(
    read.map((text) => text?.trim() ?? null),
    written.map((text) => (MISSING.includes(text.trim()) ? null : text.trim())),
  );
}

function toBytes(one: Case): { bytes: Buffer; isClean: boolean } {
  const { delimiter, eol, isQuoted, hasBom, isPacked, endsOpen, cutPacked, faults } = one;
  const mustQuote = (text: string) => isQuoted || /[",;\t\n\r]/.test(text);
  const print = (text: string) => (mustQuote(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [['a', 'word', 'b'], ...one.rows].map((row) => row.map(print).join(delimiter));
  for (const { kind, at } of faults) {
    const place = at % lines.length;
    if (kind === 'ragged') {
      lines[place] += `${delimiter}7`;
    } else if (kind === 'blank') {
      lines.splice(place, 0, '');
    } else if (kind === 'huge') {
      lines.splice(place, 0, `1${delimiter}${'x'.repeat(200_000)}${delimiter}2`);
    }
  }
  const text = (hasBom ? '\u{feff}' : '') + lines.join(eol) + (endsOpen ? '' : eol);
  const plain = faults.reduce(damage, Buffer.from(text));
  const packed = isPacked ? gzipSync(plain) : plain;
  const isCut = isPacked && cutPacked !== null;
  return {
    bytes: isCut ? packed.subarray(0, (cutPacked ?? 0) % packed.length) : packed,
    isClean: faults.length === 0 && !isCut,
  };
}

function damage(bytes: Buffer, { kind, at, bytes: noise }: Fault): Buffer {
  const place = at % (bytes.length + 1);
  const put = (piece: Uint8Array) => Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place)]);
  switch (kind) {
    case 'nul':
      return put(Uint8Array.of(0));
    case 'bytes':
      return put(noise);
    case 'quote':
      return put(Buffer.from('"'));
    case 'latin1':
      return put(Buffer.from('é', 'latin1'));
    case 'cut':
      return bytes.subarray(0, place);
    case 'utf16':
      return Buffer.from(`\u{feff}${bytes.toString('utf8')}`, 'utf16le');
    default:
      return bytes;
  }
}
