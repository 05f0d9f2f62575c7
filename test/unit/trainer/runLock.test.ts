/** One trainer to a run folder. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { lockRun } from '../../../src/trainer/run/runLock.ts';
import { deadPid, idleProcess } from '../../fixtures/processes.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const own = { pid: process.pid, host: hostname() };

test('a folder in which a trainer works is refused to a second one, and free after it', async (t) => {
  const folder = tempFolder(t);
  const { pid } = await idleProcess(t, [folder]);
  const unlock = lockRun(folder, { pid, host: hostname() });
  assert.throws(() => lockRun(folder, own), { code: 'run-busy', message: new RegExp(`process ${pid}`) });
  unlock();
  lockRun(folder, own)();
  assert.deepEqual(readdirSync(folder), []);
});

test('what a killed trainer, another program of its number, another machine or a torn write left does not hold it', async (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'trainer.lock');
  const { pid } = await idleProcess(t, ['/somewhere/else']);
  const elsewhere = await idleProcess(t, [folder]);
  const left = [
    JSON.stringify({ pid: elsewhere.pid, host: 'another' }),
    JSON.stringify({ pid: await deadPid(), host: hostname() }),
    ...(process.platform === 'linux' ? [JSON.stringify({ pid, host: hostname() })] : []),
    JSON.stringify({ pid: process.pid, host: 'another' }),
    '{"pid":',
    '',
  ];
  for (const text of left) {
    writeFileSync(file, text);
    const unlock = lockRun(folder, own);
    assert.ok(existsSync(file), text);
    unlock();
  }
});
