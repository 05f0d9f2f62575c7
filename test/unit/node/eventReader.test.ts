/** Reading a growing events file: whole lines, once each, in order. */
import assert from 'node:assert/strict';
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { createEventReader, type EventReader } from '../../../src/node/eventReader.ts';
import { at } from '../../fixtures/runEvents.ts';
import { toLines } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const log = (message: string): RunEvent => ({ type: 'log', at: at(0), message });
const messages = (events: readonly RunEvent[]) => events.map((event) => (event.type === 'log' ? event.message : '?'));

function start(t: TestContext): { file: string; reader: EventReader } {
  const file = path.join(tempFolder(t), 'events.jsonl');
  return { file, reader: createEventReader(file) };
}

async function readAll(reader: EventReader): Promise<string[]> {
  const all: string[] = [];
  for (;;) {
    const { events, atEnd } = await reader.next();
    all.push(...messages(events));
    if (atEnd) {
      return all;
    }
  }
}

test('a file that is not there yet is empty, and is read once it is there', async (t) => {
  const { file, reader } = start(t);
  assert.deepEqual(await reader.next(), { events: [], atEnd: true });
  writeFileSync(file, toLines([log('one')]));
  assert.deepEqual(await readAll(reader), ['one']);
});

test('each line is read once, and appended lines follow', async (t) => {
  const { file, reader } = start(t);
  writeFileSync(file, toLines([log('one'), log('two')]));
  assert.deepEqual(await readAll(reader), ['one', 'two']);
  assert.deepEqual(await readAll(reader), []);
  appendFileSync(file, toLines([log('three')]));
  assert.deepEqual(await readAll(reader), ['three']);
});

test('a torn last line is awaited and then read whole', async (t) => {
  const { file, reader } = start(t);
  const line = toLines([log('torn')]);
  writeFileSync(file, toLines([log('whole')]) + line.slice(0, 20));
  assert.deepEqual(await readAll(reader), ['whole']);
  assert.deepEqual(await readAll(reader), []);
  appendFileSync(file, line.slice(20, -1));
  assert.deepEqual(await readAll(reader), [], 'the line has no end yet');
  appendFileSync(file, '\n');
  assert.deepEqual(await readAll(reader), ['torn']);
});

test('a letter of several bytes that is torn between two writes stays whole', async (t) => {
  const { file, reader } = start(t);
  const bytes = Buffer.from(toLines([log('größer 🍳')]));
  const middle = bytes.indexOf(Buffer.from('🍳')) + 2;
  writeFileSync(file, bytes.subarray(0, middle));
  assert.deepEqual(await readAll(reader), []);
  appendFileSync(file, bytes.subarray(middle));
  assert.deepEqual(await readAll(reader), ['größer 🍳']);
});

test('letters of several bytes stay whole wherever the pieces that are read end', async (t) => {
  const { file, reader } = start(t);
  const all = Array.from({ length: 9000 }, (_, index) => `${index} ${'é🍳'.repeat(index % 17)}`);
  writeFileSync(file, toLines(all.map(log)));
  assert.deepEqual(await readAll(reader), all);
});

test('a line longer than one read gets through, and so do its neighbours', async (t) => {
  const { file, reader } = start(t);
  const long = 'é'.repeat(700_000);
  writeFileSync(file, toLines([log('before'), log(long), log('after')]));
  assert.deepEqual(await readAll(reader), ['before', long, 'after']);
});

test('a long line without its end is awaited', async (t) => {
  const { file, reader } = start(t);
  const line = toLines([log('x'.repeat(600_000))]);
  writeFileSync(file, line.slice(0, 400_000));
  assert.deepEqual(await readAll(reader), []);
  appendFileSync(file, line.slice(400_000));
  assert.deepEqual(
    (await readAll(reader)).map((message) => message.length),
    [600_000],
  );
});

test('a torn tail that is cut away is never read, and what is written in its place is', async (t) => {
  const { file, reader } = start(t);
  const whole = toLines([log('kept')]);
  writeFileSync(file, whole + toLines([log('lost')]).slice(0, -4));
  assert.deepEqual(await readAll(reader), ['kept']);
  truncateSync(file, Buffer.byteLength(whole));
  assert.deepEqual(await readAll(reader), []);
  appendFileSync(file, toLines([log('next')]));
  assert.deepEqual(await readAll(reader), ['next']);
});

test('lines that are no events are passed over', async (t) => {
  const { file, reader } = start(t);
  writeFileSync(file, `\nnot json\n{"type":"future","at":"now"}\n\0\0\0\n${toLines([log('good')])}`);
  assert.deepEqual(await readAll(reader), ['good']);
});

test('a folder in the place of the file is an error, not an empty file', async (t) => {
  const reader = createEventReader(tempFolder(t));
  await assert.rejects(reader.next(), { code: 'EISDIR' });
});
