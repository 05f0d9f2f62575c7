/** Whether the process of a run lives: its number, its machine and its command line together. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { isTrainerAlive } from '../../../src/node/isTrainerAlive.ts';
import { deadPid, idleProcess } from '../../fixtures/processes.ts';

const runFolder = '/somewhere/20261124-090507-alive-test';

test('a process whose command line names the run is its trainer', async (t) => {
  const { pid } = await idleProcess(t, [runFolder]);
  assert.equal(await isTrainerAlive({ pid, host: hostname() }, runFolder), true);
  assert.equal(await isTrainerAlive({ pid, host: hostname() }, `${runFolder}/`), true);
});

test('a process that got the number of an earlier trainer is not taken for it', async (t) => {
  if (process.platform === 'win32') {
    t.skip('Windows does not tell command lines');
    return;
  }
  const { pid } = await idleProcess(t, ['/somewhere/else']);
  assert.equal(await isTrainerAlive({ pid, host: hostname() }, runFolder), false);
});

test('a process that has ended is no trainer', async () => {
  assert.equal(await isTrainerAlive({ pid: await deadPid(), host: hostname() }, runFolder), false);
});

test('a process that is killed is alive before and gone after', async (t) => {
  const child = await idleProcess(t, [runFolder]);
  const trainer = { pid: child.pid, host: hostname() };
  assert.equal(await isTrainerAlive(trainer, runFolder), true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await isTrainerAlive(trainer, runFolder), false);
});

test('nothing is said about a process of another machine', async () => {
  assert.equal(await isTrainerAlive({ pid: process.pid, host: `not-${hostname()}` }, runFolder), null);
});
