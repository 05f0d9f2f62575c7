/** Runs whose events are cut off at any byte: every reader gives what is whole, and none throws. */
import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { createEventReader } from '../../../src/node/eventReader.ts';
import { summarizeRun } from '../../../src/node/listRuns.ts';
import { readEnds } from '../../../src/node/readEnds.ts';
import { readRun } from '../../../src/node/readRun.ts';
import { tailRun } from '../../../src/node/tailRun.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const OLD_RUN = path.resolve(import.meta.dirname, '../../fixtures/oldRuns/c7be502');
const LONG_RUN = path.resolve(import.meta.dirname, '../../fixtures/recordings/boston-housing.jsonl');

/** What the whole lines say. */
function wholeLines(bytes: Buffer): RunEvent[] {
  const end = bytes.lastIndexOf(10) + 1;
  return bytes
    .subarray(0, end)
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RunEvent);
}

const fold = (events: readonly RunEvent[]): RunState => events.reduce(reduceRun, emptyRun());
/** What a list shows of a run. */
const summaryOf = ({ status, epochs, end, trainer, start, evaluation, recipeFile }: RunState) => ({
  ...{ status, end, trainer, start, evaluation, recipeFile },
  epoch: epochs.at(-1)?.epoch ?? null,
});

test('cut at every byte, a run is read, listed and folded from the lines that are whole', async (t) => {
  const folder = tempFolder(t);
  const events = path.join(folder, 'events.jsonl');
  const bytes = readFileSync(path.join(OLD_RUN, 'events.jsonl'));
  writeFileSync(path.join(folder, 'recipe.yaml'), readFileSync(path.join(OLD_RUN, 'recipe.yaml')));
  writeFileSync(events, bytes);
  let lines = -1;
  let expected = fold([]);
  for (let size = bytes.length; size >= 0; size -= 1) {
    truncateSync(events, size);
    const whole = wholeLines(bytes.subarray(0, size));
    if (whole.length !== lines) {
      lines = whole.length;
      expected = fold(whole);
      assert.deepEqual(await readRun(folder), expected);
    }
    const { events: read } = await createEventReader(events).next();
    assert.equal(read.length, lines, `at byte ${size}`);
    // Listing looks at the file in pieces and asks for processes: not at every byte.
    if (size % 37 === 0) {
      assert.deepEqual(summaryOf(await readEnds(folder)), summaryOf(expected), `at byte ${size}`);
      assert.equal((await summarizeRun(folder))?.epochsDone, expected.epochs.at(-1)?.epoch ?? 0);
    }
  }
});

test('cut anywhere, a long run is read from the lines that are whole', async (t) => {
  const folder = tempFolder(t);
  // Longer than the two ends that a list reads.
  const [head, ...rest] = readFileSync(LONG_RUN, 'utf8').split(/(?<=\n)/);
  const filler = `${JSON.stringify({ type: 'log', message: 'x'.repeat(300), at: '2026-01-01T00:00:00.000Z' })}\n`;
  const bytes = Buffer.from([head, ...rest.slice(0, 2), filler.repeat(1000), ...rest.slice(2)].join(''));
  writeFileSync(path.join(folder, 'recipe.yaml'), 'name: Long\n');
  let state = 12345;
  for (let i = 0; i < 1000; i += 1) {
    // Lehmer's generator, so that each run of the test cuts at the same places.
    state = (state * 48271) % 2147483647;
    const size = state % bytes.length;
    writeFileSync(path.join(folder, 'events.jsonl'), bytes.subarray(0, size));
    const whole = wholeLines(bytes.subarray(0, size));
    const { events } = await createEventReader(path.join(folder, 'events.jsonl')).next();
    assert.ok(events.length <= whole.length);
    if (i % 50 === 0) {
      assert.deepEqual(summaryOf(await readEnds(folder)), summaryOf(fold(whole)), `at byte ${size}`);
      assert.equal((await readRun(folder)).stepLoss.length, fold(whole).stepLoss.length);
    }
  }
});

test('whoever tails a file that grows by odd pieces gets every event once', async (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'events.jsonl');
  const bytes = readFileSync(path.join(OLD_RUN, 'events.jsonl'));
  writeFileSync(file, '');
  const seen: RunEvent[] = [];
  const ended = new AbortController();
  const tail = tailRun(folder, {
    signal: ended.signal,
    intervalMs: 0,
    onEvents(events) {
      seen.push(...events);
      if (events.some(({ type }) => type === 'runEnd')) {
        ended.abort();
      }
    },
  });
  for (let from = 0, piece = 1; from < bytes.length; piece = (piece * 7) % 997) {
    writeFileSync(file, bytes.subarray(from, from + piece), { flag: 'a' });
    from += piece;
    await setTimeout(0);
  }
  await tail;
  assert.deepEqual(seen, wholeLines(bytes));
});
