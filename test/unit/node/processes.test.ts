/** Starting a trainer, telling whether it lives, and speaking to it. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isTrainerAlive } from '../../../src/node/isTrainerAlive.ts';
import { sendControl } from '../../../src/node/sendControl.ts';
import { startTrainer } from '../../../src/node/startTrainer.ts';
import { temporaryFolder } from '../support/tinyRecipe.ts';

/** A stand-in trainer that tells its arguments and then waits to be ended. */
async function startStandIn(t: TestContext) {
  const folder = temporaryFolder(t);
  const runFolder = path.join(folder, 'the-run');
  mkdirSync(runFolder);
  const trainerFile = path.join(folder, 'standIn.mjs');
  writeFileSync(trainerFile, 'console.log(JSON.stringify(process.argv.slice(2))); setInterval(() => {}, 1000);');
  const { pid } = await startTrainer({
    runFolder,
    recipeFile: '/a/b.recipe.yaml',
    trainerFile,
    execPath: process.execPath,
    resume: true,
  });
  t.after(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The test has ended it.
    }
  });
  return { pid, runFolder };
}

/** Asks again until the answer is the one that must come; the test's own time limit ends a wait in vain. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) {
    await delay(5);
  }
}

test('a trainer gets the run folder, the recipe and the wish to resume; what it prints goes to its log', async (t) => {
  const { runFolder } = await startStandIn(t);
  const log = () => readFileSync(path.join(runFolder, 'trainer.log'), 'utf8');
  await until(() => log().endsWith('\n'));
  assert.deepEqual(JSON.parse(log()), [runFolder, '--recipe-file', '/a/b.recipe.yaml', '--resume']);
});

test('a trainer lives until it is ended', async (t) => {
  const { pid, runFolder } = await startStandIn(t);
  const trainer = { pid, host: hostname() };
  // Between fork and exec the new process still has its parent's command line.
  await until(async () => (await isTrainerAlive(trainer, runFolder)) === true);
  process.kill(pid, 'SIGKILL');
  await until(async () => (await isTrainerAlive(trainer, runFolder)) === false);
});

test('a living process that does not name the run is not its trainer', async () => {
  assert.equal(await isTrainerAlive({ pid: process.pid, host: hostname() }, '/runs/20261124-121500-x'), false);
});

test('about a trainer on another machine nothing is said', async () => {
  assert.equal(await isTrainerAlive({ pid: process.pid, host: 'another-machine' }, '/runs/x'), null);
});

test('a program that is not there is told with the remedy', async (t) => {
  const runFolder = temporaryFolder(t);
  const start = { runFolder, recipeFile: '/r', trainerFile: '/t', execPath: path.join(runFolder, 'no-node') };
  await assert.rejects(startTrainer(start), { code: 'trainer-died', message: /no-node/ });
});

test('a command is one appended line', async (t) => {
  const runFolder = temporaryFolder(t);
  const now = new Date('2026-11-24T12:00:00.000Z');
  await sendControl(runFolder, 'pause', now);
  await sendControl(runFolder, 'stop', now);
  const lines = readFileSync(path.join(runFolder, 'control.jsonl'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      { type: 'pause', at: '2026-11-24T12:00:00.000Z' },
      { type: 'stop', at: '2026-11-24T12:00:00.000Z' },
    ],
  );
});
