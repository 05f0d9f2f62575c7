/** What a trainer reads of the one before it. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { SkilletError } from '../../../src/common/errors.ts';
import { NO_PAST, readPast } from '../../../src/trainer/run/readPast.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const line = (event: object) => `${JSON.stringify(event)}\n`;
const start = line({ type: 'runStart', backend: { name: 'wasm' } });
const resume = line({ type: 'runResume', backend: { name: 'js' } });

test('a file that is not there is no past', (t) => {
  assert.deepEqual(readPast(path.join(tempFolder(t), 'events.jsonl')), NO_PAST);
});

test('a file that cannot be read is told, and not taken for a run that has not begun', (t) => {
  const file = path.join(tempFolder(t), 'events.jsonl');
  mkdirSync(file);
  assert.throws(
    () => readPast(file),
    (error: SkilletError) => error.code === 'run-unreadable',
  );
});

test('a file longer than a text may be is read: its first line, and what stands behind the long part', (t) => {
  const file = path.join(tempFolder(t), 'events.jsonl');
  writeFileSync(file, start);
  truncateSync(file, 0x1fffffe8 + 1000); // Node's longest text; the disk stores no zeros.
  appendFileSync(file, `\n${resume}`);
  assert.deepEqual(readPast(file), { hasStarted: true, backend: 'js' });
});

test('lines are found wherever the pieces end that they are read in', (t) => {
  const file = path.join(tempFolder(t), 'events.jsonl');
  for (const before of [0, 1, 2, 11, 12, 13, 20, start.length]) {
    // The start stands across the end of the first piece, its beginning too.
    const filler = line({ type: 'log', message: 'x'.repeat((1 << 20) - 30 - before) });
    writeFileSync(file, `${filler.slice(0, (1 << 20) - before - 1)}\n${start}${resume}{"type":"runR`);
    assert.deepEqual(readPast(file), { hasStarted: true, backend: 'js' }, `${before}`);
  }
});
