/** A few of the kills of `npm run faults`: a run is killed and resumed until it ends, with the same weights to the byte. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { readRun } from '../../../src/node/readRun.ts';
import { tailRun } from '../../../src/node/tailRun.ts';
import { type Kills, killChain, makeBench, TRAINER_FILE } from '../../faults/killing.ts';
import { cliFile, eventsText, runFolders, startCli } from '../../fixtures/cliProcess.ts';
import { TINY_RECIPE, writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';
import { generateNumbers } from '../common/language/randomRecipe.ts';

test('killed four times at random moments, a run is readable each time and ends as if nothing had been', async (t) => {
  if (!existsSync(TRAINER_FILE)) {
    t.skip('dist/trainer.mjs is not built: npm run build');
    return;
  }
  const bench = await makeBench(tempFolder(t), 'small');
  const kills: Kills = { kills: 0, early: 0, late: 0, resumes: 0, cuts: 0, runs: 0 };
  await killChain(bench, kills, { next: generateNumbers(3), most: 4 });
});

test('a trainer goes on when the command line that started it is killed, and a new reader follows it to its end', async (t) => {
  if (!existsSync(cliFile)) {
    t.skip('dist/cli.mjs is not built: npm run build');
    return;
  }
  const folder = tempFolder(t);
  writeTiny(folder, TINY_RECIPE.replace('epochs: 3', 'epochs: 1500'));
  const cli = startCli(t, folder, 'train', 'tiny.recipe.yaml');
  const runFolder = await waitFor('the first epoch', () =>
    runFolders(folder).find((run) => eventsText(run).includes('"type":"epochEnd"')),
  );
  cli.child.kill('SIGKILL');
  await cli.finished;
  assert.equal((await readRun(runFolder)).end, null, 'the trainer had ended before');
  const follow = new AbortController();
  const run = emptyRun();
  await tailRun(runFolder, {
    signal: follow.signal,
    onEvents(events) {
      events.reduce(reduceRun, run);
      if (run.end !== null) {
        follow.abort();
      }
    },
  });
  assert.deepEqual([run.status, run.epochs.length], ['completed', 1500]);
});
