/** The event log and the checkpoints on disk. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadCheckpoint, saveCheckpoint } from '../../../src/trainer/run/checkpoint.ts';
import { openEventLog } from '../../../src/trainer/run/eventLog.ts';

const now = () => new Date(Date.UTC(2026, 0, 1));

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'skillet-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a number that is not finite is null', (t) => {
  const file = path.join(makeFolder(t), 'events.jsonl');
  const log = openEventLog(file, { now });
  log.write({ type: 'steps', first: 0, loss: [1, Number.NaN, Infinity], metrics: {}, stepsPerSecond: 2 });
  log.close();
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
    type: 'steps',
    first: 0,
    loss: [1, null, null],
    metrics: {},
    stepsPerSecond: 2,
    at: '2026-01-01T00:00:00.000Z',
  });
});

test('opening cuts off a torn last line, however long, and nothing else', (t) => {
  const file = path.join(makeFolder(t), 'events.jsonl');
  for (const torn of ['{"type":"lo', 'x'.repeat(200_000)]) {
    writeFileSync(file, `{"a":1}\n{"b":2}\n${torn}`);
    openEventLog(file, { now }).close();
    assert.equal(readFileSync(file, 'utf8'), '{"a":1}\n{"b":2}\n');
  }
  writeFileSync(file, '{"torn":');
  openEventLog(file, { now }).close();
  assert.equal(readFileSync(file, 'utf8'), '');
});

test('a full disk is told, with a remedy', (t) => {
  if (!existsSync('/dev/full')) {
    t.skip('this system has no /dev/full');
    return;
  }
  assert.throws(
    () => {
      const log = openEventLog('/dev/full', { now });
      log.write({ type: 'log', message: 'hello' });
    },
    { name: 'SkilletError', code: 'run-folder', message: 'cannot be written: the disk is full.' },
  );
});

test('a run whose folder was deleted ends instead of computing for nobody', (t) => {
  const folder = makeFolder(t);
  const log = openEventLog(path.join(folder, 'events.jsonl'), { now });
  t.after(() => log.close());
  log.write({ type: 'log', message: 'here' });
  rmSync(folder, { recursive: true });
  assert.throws(() => log.write({ type: 'log', message: 'gone' }), { code: 'run-folder', message: /was deleted/ });
});

test('a checkpoint comes back to the bit, and replaces the one before it', (t) => {
  const folder = path.join(makeFolder(t), 'checkpoints');
  const arrays = { a: Float32Array.of(1, Math.PI, -0, 1e-40), b: new Float32Array() };
  saveCheckpoint(folder, 3, { state: { n: 1 }, arrays });
  saveCheckpoint(folder, 12, { state: { n: 2 }, arrays });
  assert.deepEqual(loadCheckpoint(folder), { found: { state: { n: 2 }, arrays }, damaged: [] });
  assert.ok(!existsSync(path.join(folder, 'step-000000003')));
});

test('a newer checkpoint that is damaged gives way to the older one', (t) => {
  const folder = path.join(makeFolder(t), 'checkpoints');
  saveCheckpoint(folder, 3, { state: 'old', arrays: { a: Float32Array.of(1) } });
  const bad = path.join(folder, 'step-000000009');
  saveCheckpoint(bad, 1, { state: 'nested', arrays: {} }); // A folder without the two files.
  assert.deepEqual(loadCheckpoint<string>(folder).found?.state, 'old');
  assert.deepEqual(loadCheckpoint<string>(folder).damaged, ['step-000000009']);
});
