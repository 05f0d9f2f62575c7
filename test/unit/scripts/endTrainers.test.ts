/** Which processes are ended with a test: its trainers, and never one that has only got the number of one. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { endTrainers } from '../../../scripts/testing/endTrainers.mjs';
import { exists, idleProcess } from '../../fixtures/processes.ts';
import { launch } from '../../fixtures/runEvents.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

test('trainers of the runs are ended; a process of another machine, or with the number of a past trainer, is not', async (t) => {
  const folder = tempFolder(t);
  const runs = path.join(folder, 'project/.skillet/runs');
  const [own, past, elsewhere] = ['own', 'past', 'elsewhere'].map((name) => path.join(runs, `20261125-${name}`));
  const trainer = await idleProcess(t, [own ?? '']);
  const [stranger, namesake] = [await idleProcess(t, ['x']), await idleProcess(t, [elsewhere ?? ''])];
  writeRun(own ?? '', [{ ...launch, pid: trainer.pid, host: hostname() }]);
  writeRun(past ?? '', [{ ...launch, pid: stranger.pid, host: hostname() }]);
  writeRun(elsewhere ?? '', [{ ...launch, pid: namesake.pid, host: `not-${hostname()}` }]);
  const ended = once(trainer, 'exit');
  endTrainers(folder);
  assert.deepEqual((await ended)[1], 'SIGKILL');
  assert.deepEqual([exists(stranger.pid), exists(namesake.pid)], [true, true]);
});
