/** Following a run from the command line leaves nothing behind, however it ends. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { followRun } from '../../../src/cli/follow.ts';
import { idleProcess } from '../../fixtures/processes.ts';
import { at, completedRun } from '../../fixtures/runEvents.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

/** Timers that keep the process going, and listeners for Ctrl+C. */
const heldOpen = () => [
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
  process.listenerCount('SIGINT'),
];

test('a run that ends gives its code', async (t) => {
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), completedRun);
  const { pid } = await idleProcess(t, [runFolder]);
  const before = heldOpen();
  assert.equal(await followRun({ runFolder, pid, format: 'quiet', since: new Date(at(0)) }), 0);
  assert.deepEqual(heldOpen(), before);
});

test('events that cannot be read end it with their error', async (t) => {
  const runFolder = tempFolder(t);
  mkdirSync(path.join(runFolder, 'events.jsonl'));
  const { pid } = await idleProcess(t, [runFolder]);
  const before = heldOpen();
  const following = followRun({ runFolder, pid, format: 'quiet', since: new Date(at(0)) });
  assert.notDeepEqual(heldOpen(), before, 'while it follows');
  await assert.rejects(following, { code: 'EISDIR' });
  assert.deepEqual(heldOpen(), before);
});

test('the end of an earlier process is not taken for that of the new one', async (t) => {
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), completedRun);
  const child = await idleProcess(t, [runFolder]);
  const following = followRun({ runFolder, pid: child.pid, format: 'quiet', since: new Date(at(60)) });
  child.kill('SIGKILL');
  assert.equal(await following, 1, 'the new one died without a word');
});
