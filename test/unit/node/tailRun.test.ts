/** Following a run: the past first, then what is written, until told to end. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { tailRun } from '../../../src/node/tailRun.ts';
import { at } from '../../fixtures/runEvents.ts';
import { toLines } from '../../fixtures/runFolders.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

const log = (message: string): RunEvent => ({ type: 'log', at: at(0), message });
const logs = (first: number, count: number) => Array.from({ length: count }, (_, index) => log(String(first + index)));

interface Tail {
  readonly file: string;
  readonly calls: { readonly count: number; readonly caughtUp: boolean }[];
  readonly messages: string[];
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

function tail(t: TestContext, runFolder: string): Tail {
  const abort = new AbortController();
  const calls: Tail['calls'] = [];
  const messages: string[] = [];
  const done = tailRun(runFolder, {
    signal: abort.signal,
    intervalMs: 1,
    onEvents(events, { caughtUp }) {
      calls.push({ count: events.length, caughtUp });
      messages.push(...events.map((event) => (event.type === 'log' ? event.message : '?')));
    },
  });
  t.after(async () => {
    abort.abort();
    await done;
  });
  return { file: path.join(runFolder, 'events.jsonl'), calls, messages, abort, done };
}

test('the past comes first, and the last piece of it says that it is caught up', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'events.jsonl'), toLines(logs(0, 9000)));
  const { calls, messages } = tail(t, folder);
  await waitFor('the past', () => calls.some((call) => call.caughtUp));
  assert.equal(messages.length, 9000);
  assert.ok(calls.length > 1, 'the file is longer than one piece');
  assert.deepEqual(
    calls.map((call) => call.caughtUp),
    calls.map((_, index) => index === calls.length - 1),
  );
});

test('a run without events is caught up at once, and told once', async (t) => {
  const { file, calls, messages } = tail(t, tempFolder(t));
  await waitFor('the first call', () => calls.length > 0);
  writeFileSync(file, toLines([log('first')]));
  await waitFor('the event', () => messages.length > 0);
  assert.deepEqual(calls, [
    { count: 0, caughtUp: true },
    { count: 1, caughtUp: true },
  ]);
});

test('a folder that is made later is followed', async (t) => {
  const folder = path.join(tempFolder(t), 'later');
  const { file, calls, messages } = tail(t, folder);
  await waitFor('the first call', () => calls.length > 0);
  mkdirSync(folder);
  writeFileSync(file, toLines([log('first')]));
  await waitFor('the event', () => messages.length > 0);
  assert.deepEqual(messages, ['first']);
});

test('thousands of events that are appended meanwhile arrive once each, in order', async (t) => {
  const { file, calls, messages } = tail(t, tempFolder(t));
  await waitFor('the first call', () => calls.length > 0);
  const lines = toLines(logs(0, 5000));
  // Pieces that end anywhere in a line, as a reader may meet them.
  for (let from = 0; from < lines.length; from += 7919) {
    appendFileSync(file, lines.slice(from, from + 7919));
    await new Promise(setImmediate);
  }
  await waitFor('all events', () => messages.length >= 5000);
  assert.deepEqual(
    messages,
    Array.from({ length: 5000 }, (_, index) => String(index)),
  );
});

test('a torn tail that a resumed trainer cuts away is never told', async (t) => {
  const folder = tempFolder(t);
  const whole = toLines([log('kept')]);
  writeFileSync(path.join(folder, 'events.jsonl'), `${whole}{"type":"log","at":"x","mess`);
  const { file, messages } = tail(t, folder);
  await waitFor('the past', () => messages.length > 0);
  truncateSync(file, whole.length);
  appendFileSync(file, toLines([log('resumed')]));
  await waitFor('what follows', () => messages.length > 1);
  assert.deepEqual(messages, ['kept', 'resumed']);
});

test('abort ends it while it waits, and nothing is told afterwards', async (t) => {
  const { file, calls, messages, abort, done } = tail(t, tempFolder(t));
  await waitFor('the first call', () => calls.length > 0);
  abort.abort();
  await done;
  writeFileSync(file, toLines([log('too late')]));
  assert.deepEqual(messages, []);
});

test('a signal that has aborted already tells nothing', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'events.jsonl'), toLines([log('one')]));
  await tailRun(folder, { signal: AbortSignal.abort(), onEvents: () => assert.fail('told') });
});

test('an error of the one who listens ends the tail with it', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'events.jsonl'), toLines([log('one')]));
  const onEvents = () => Promise.reject(new Error('planned'));
  await assert.rejects(tailRun(folder, { signal: new AbortController().signal, onEvents }), /planned/);
});
