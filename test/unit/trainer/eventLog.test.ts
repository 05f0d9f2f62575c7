/** The event log and the checkpoints on disk. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadCheckpoint, saveCheckpoint } from '../../../src/trainer/run/checkpoint.ts';
import { openEventLog } from '../../../src/trainer/run/eventLog.ts';
import { thinOut } from '../../../src/trainer/run/thinOut.ts';
import { fault, smallDisk } from './support/smallDisk.ts';

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

test('on a full device events wait and nothing is thrown', (t) => {
  if (!existsSync('/dev/full')) {
    t.skip('this system has no /dev/full');
    return;
  }
  const log = openEventLog('/dev/full', { now });
  t.after(() => log.close());
  log.write({ type: 'log', message: 'hello' });
  log.write({ type: 'log', message: 'again' });
  assert.deepEqual([log.waiting(), log.retry()], [2, false]);
});

test('half a line on a full disk is taken back, and every event comes once and in order when there is room', (t) => {
  const file = path.join(makeFolder(t), 'events.jsonl');
  const disk = smallDisk(150);
  const log = openEventLog(file, { now }, disk);
  t.after(() => log.close());
  const messages = ['one', 'two', 'three', 'four'];
  for (const message of messages) {
    log.write({ type: 'log', message });
  }
  const told = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).message);
  assert.deepEqual([told(), log.waiting()], [['one', 'two'], 2]);
  log.writeAhead([{ type: 'log', message: 'first' }]);
  assert.deepEqual([told(), log.waiting()], [['one', 'two'], 3]);
  disk.room = Number.POSITIVE_INFINITY;
  assert.equal(log.retry(), true);
  assert.deepEqual(told(), ['one', 'two', 'first', 'three', 'four']);
});

test('what else is wrong with the file is thrown, and too much never gathers in memory', (t) => {
  const file = path.join(makeFolder(t), 'events.jsonl');
  const broken = openEventLog(file, { now }, { write: () => fault('EIO'), sync: () => undefined });
  t.after(() => broken.close());
  assert.throws(() => broken.write({ type: 'log', message: 'x' }), { code: 'run-folder', message: /EIO/ });
  const full = openEventLog(file, { now }, { write: () => fault('EDQUOT'), sync: () => undefined });
  t.after(() => full.close());
  const message = 'x'.repeat(40 << 20);
  full.write({ type: 'log', message });
  assert.throws(() => full.write({ type: 'log', message }), {
    code: 'run-folder',
    message: 'cannot be written: the disk is full.',
  });
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

test('of many checkpoints a few stay, spread over the run, the base among them', (t) => {
  const folder = path.join(makeFolder(t), 'checkpoints');
  for (let step = 10; step <= 1000; step += 10) {
    saveCheckpoint(folder, step, { state: { step }, arrays: {}, keep: 4, base: 10 });
  }
  const steps = readdirSync(folder)
    .sort()
    .map((name) => Number(name.slice(5)));
  assert.deepEqual([steps.length, steps[0], steps.at(-1)], [6, 10, 1000]);
  const gaps = steps.slice(1).map((step, i) => step - (steps[i] ?? 0));
  assert.ok(Math.max(...gaps) <= 400, `the gaps are ${gaps}`);
});

test('checkpoints that are large together are thinned out more', () => {
  const checkpoints = Array.from({ length: 8 }, (_, i) => ({ step: (i + 1) * 10, bytes: 100 }));
  assert.equal(thinOut(checkpoints, { most: 8, mostBytes: 350, latest: 90 }).length, 3);
  assert.deepEqual(thinOut(checkpoints, { most: 0, mostBytes: 350, latest: 90 }), []);
});

test('a run that went back makes later checkpoints void; the same step twice never leaves none', (t) => {
  const folder = path.join(makeFolder(t), 'checkpoints');
  const save = (step: number, value: number) =>
    saveCheckpoint(folder, step, { state: 'x', arrays: { a: Float32Array.of(value) }, keep: 4 });
  save(10, 1);
  save(20, 2);
  assert.equal(save(20, 2), 'step-000000020', 'the same again is the one that is there');
  assert.equal(save(20, 3), 'step-000000020.1');
  assert.equal(loadCheckpoint(folder).found?.arrays.a?.[0], 3);
  assert.deepEqual(readdirSync(folder).sort(), ['step-000000010', 'step-000000020.1']);
  save(15, 4);
  assert.deepEqual(readdirSync(folder).sort(), ['step-000000010', 'step-000000015']);
});

test('a checkpoint that the disk has no room for leaves the old one whole, and nothing else', (t) => {
  const folder = path.join(makeFolder(t), 'checkpoints');
  const arrays = { a: Float32Array.of(1, 2, 3) };
  saveCheckpoint(folder, 10, { state: 'old', arrays });
  for (const room of [0, 5, 12, 40]) {
    assert.throws(() => saveCheckpoint(folder, 20, { state: 'new', arrays, disk: smallDisk(room) }), {
      code: 'run-folder',
      message: 'cannot be written: the disk is full.',
    });
    assert.deepEqual(readdirSync(folder), ['step-000000010']);
    assert.equal(loadCheckpoint(folder).found?.state, 'old');
  }
});

test('drafts that a killed trainer left are cleared at the next save', (t) => {
  const folder = path.join(makeFolder(t), 'checkpoints');
  mkdirSync(path.join(folder, '.step-000000007.part'), { recursive: true });
  mkdirSync(path.join(folder, '.step-000000003.gone'));
  saveCheckpoint(folder, 10, { state: 'x', arrays: {} });
  assert.deepEqual(readdirSync(folder), ['step-000000010']);
});
