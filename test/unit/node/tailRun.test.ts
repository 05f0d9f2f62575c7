/** Following a run's file: whole lines, the past first, nothing lost and nothing twice. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { tailRun } from '../../../src/node/tailRun.ts';
import { temporaryFolder } from '../support/tinyRecipe.ts';

const log = (message: string) => ({ type: 'log', at: '2026-11-24T12:00:00.000Z', message });
const line = (message: string) => `${JSON.stringify(log(message))}\n`;

/** A tail whose events can be awaited. */
function startTail(t: TestContext, folder: string) {
  const ended = new AbortController();
  t.after(() => ended.abort());
  const messages: string[] = [];
  const caughtUp: boolean[] = [];
  const waiting = new Set<() => void>();
  const done = tailRun(folder, {
    signal: ended.signal,
    intervalMs: 1,
    onEvents(events: RunEvent[], state) {
      messages.push(...events.map((event) => (event.type === 'log' ? event.message : event.type)));
      caughtUp.push(state.caughtUp);
      for (const wake of waiting) {
        wake();
      }
    },
  });
  const until = async (count: number) => {
    while (messages.length < count) {
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
    return messages;
  };
  return { messages, caughtUp, until, done, stop: () => ended.abort() };
}

function runFolder(t: TestContext, text: string): { folder: string; file: string } {
  const folder = path.join(temporaryFolder(t), 'run');
  mkdirSync(folder);
  const file = path.join(folder, 'events.jsonl');
  writeFileSync(file, text);
  return { folder, file };
}

test('the past comes first, then what is appended', async (t) => {
  const { folder, file } = runFolder(t, line('one') + line('two'));
  const tail = startTail(t, folder);
  await tail.until(2);
  appendFileSync(file, line('three'));
  assert.deepEqual(await tail.until(3), ['one', 'two', 'three']);
  assert.equal(tail.caughtUp[0], true);
});

test('a torn last line is read once its rest has come, even when a letter was cut in two', async (t) => {
  const bytes = Buffer.from(line('naïve – 损失'));
  const cut = bytes.indexOf(Buffer.from('损')) + 1;
  const { folder, file } = runFolder(t, line('one'));
  appendFileSync(file, bytes.subarray(0, cut));
  const tail = startTail(t, folder);
  await tail.until(1);
  appendFileSync(file, bytes.subarray(cut));
  assert.deepEqual(await tail.until(2), ['one', 'naïve – 损失']);
});

test('a torn tail that a resumed trainer cuts away is never seen', async (t) => {
  const { folder, file } = runFolder(t, line('one'));
  const whole = Buffer.byteLength(line('one'));
  appendFileSync(file, '{"type":"log","at":"2026');
  const tail = startTail(t, folder);
  await tail.until(1);
  truncateSync(file, whole);
  appendFileSync(file, line('two'));
  assert.deepEqual(await tail.until(2), ['one', 'two']);
});

test('a line longer than the reading buffer gets through', async (t) => {
  const long = 'x'.repeat(700_000);
  const { folder } = runFolder(t, line('one') + line(long) + line('two'));
  const messages = await startTail(t, folder).until(3);
  assert.deepEqual(
    messages.map((message) => message.length),
    [3, 700_000, 3],
  );
});

test('a file and a folder that are not there yet are awaited', async (t) => {
  const folder = path.join(temporaryFolder(t), 'later');
  const tail = startTail(t, folder);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'events.jsonl'), line('one'));
  assert.deepEqual(await tail.until(1), ['one']);
});

test('fifty thousand events arrive, each once, in order', async (t) => {
  const count = 50_000;
  const { folder } = runFolder(t, Array.from({ length: count }, (_, index) => line(String(index))).join(''));
  const messages = await startTail(t, folder).until(count);
  assert.deepEqual(
    messages,
    Array.from({ length: count }, (_, index) => String(index)),
  );
});

test('damaged and unknown lines are passed over', async (t) => {
  const { folder } = runFolder(
    t,
    `${line('one')}\u0000\u0000\n{"type":"constructor","at":""}\n{"type":"steps","at":"x","first":"0"}\nnull\n[]\n${line('two')}`,
  );
  assert.deepEqual(await startTail(t, folder).until(2), ['one', 'two']);
});

test('an aborted tail settles', async (t) => {
  const { folder } = runFolder(t, line('one'));
  const tail = startTail(t, folder);
  await tail.until(1);
  tail.stop();
  await tail.done;
});

test('what onEvents throws ends the tail with it', async (t) => {
  const { folder } = runFolder(t, line('one'));
  const onEvents = () => {
    throw new Error('full');
  };
  await assert.rejects(tailRun(folder, { signal: AbortSignal.timeout(60_000), onEvents }), { message: 'full' });
});
