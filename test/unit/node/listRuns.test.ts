/** Lists of runs: every state is told right, long files are not read whole, strangers are passed over. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { listRuns } from '../../../src/node/listRuns.ts';
import { isInterrupted, readRun } from '../../../src/node/readRun.ts';
import { completedRun, epochs, evaluation, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';
import { temporaryFolder } from '../support/tinyRecipe.ts';

/** A process number that no process has: above Linux's and macOS's largest. */
const NOBODY = 2 ** 22 + 1;
const launchedBy = (pid: number, host = hostname()) => ({ ...launch, pid, host });

function addRun(runs: string, name: string, events: readonly RunEvent[]): string {
  const folder = path.join(runs, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'recipe.yaml'), `name: "${name} recipe" # a comment\n`);
  writeFileSync(path.join(folder, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return folder;
}

async function statuses(t: TestContext, runs: Record<string, readonly RunEvent[]>): Promise<Record<string, string>> {
  const folder = temporaryFolder(t);
  for (const [name, events] of Object.entries(runs)) {
    addRun(folder, name, events);
  }
  return Object.fromEntries((await listRuns(folder)).map((run) => [path.basename(run.runFolder), run.status]));
}

test('a folder that does not exist has no runs', async (t) => {
  assert.deepEqual(await listRuns(path.join(temporaryFolder(t), 'none')), []);
});

test('each state is told', async (t) => {
  const training = [launchedBy(NOBODY), runStart(), ...epochs(1, 3)];
  assert.deepEqual(
    await statuses(t, {
      completed: completedRun,
      stopped: [...training, { ...runEnd, status: 'stopped' }],
      failed: [...training, { ...runEnd, status: 'failed' }],
      interrupted: training,
      elsewhere: [launchedBy(NOBODY, 'another-machine'), runStart()],
      starting: [],
    }),
    {
      completed: 'completed',
      stopped: 'stopped',
      failed: 'failed',
      interrupted: 'interrupted',
      elsewhere: 'running',
      starting: 'starting',
    },
  );
});

test('a process number that has passed to another program does not keep a run alive', async (t) => {
  assert.deepEqual(await statuses(t, { reused: [launchedBy(process.pid), runStart()] }), { reused: 'interrupted' });
});

test('the summary of a file of many megabytes has its last epoch, result and baseline', async (t) => {
  const folder = temporaryFolder(t);
  const start = runStart({ epochs: 5000, stepsPerEpoch: 20 });
  addRun(folder, 'long', [launch, start, ...epochs(1, 5000, { stepsPerEpoch: 20 }), evaluation(), runEnd]);
  const [run] = await listRuns(folder);
  assert.deepEqual([run?.epochsDone, run?.epochs, run?.status], [5000, 5000, 'completed']);
  assert.deepEqual(run?.result, { metric: 'rmse', value: 3.51, baseline: 4.816, unit: 'thousand dollars' });
});

test('a run that has not told its name is called as its recipe says', async (t) => {
  const folder = temporaryFolder(t);
  addRun(folder, 'new', []);
  assert.equal((await listRuns(folder))[0]?.name, 'new recipe');
});

test('hundreds of runs come newest first, and what is no run is passed over', async (t) => {
  const folder = temporaryFolder(t);
  const names = Array.from({ length: 300 }, (_, index) => `20261124-${String(index).padStart(6, '0')}-x`);
  for (const name of names) {
    addRun(folder, name, completedRun.slice(0, 3));
  }
  mkdirSync(path.join(folder, 'empty'));
  mkdirSync(path.join(folder, '.new-1'));
  writeFileSync(path.join(folder, 'file'), '');
  assert.deepEqual(
    (await listRuns(folder)).map((run) => path.basename(run.runFolder)),
    names.toReversed(),
  );
});

test('a run read whole is the run that was written, and a missing one is still starting', async (t) => {
  const folder = addRun(temporaryFolder(t), 'whole', completedRun);
  const run = await readRun(folder);
  assert.deepEqual([run.status, run.epochs.length, run.stepLoss.length], ['completed', 100, 900]);
  assert.equal(await isInterrupted(run, folder), false);
  assert.equal((await readRun(path.join(folder, 'none'))).status, 'starting');
});
