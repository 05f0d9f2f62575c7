/** The last look at the layers in the terminal, and the flag that asks for looks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { layersText } from '../../../src/cli/layersText.ts';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { parseEvent } from '../../../src/node/parseEvent.ts';
import { runCli } from '../../fixtures/cliProcess.ts';
import { launch, layers, runStart } from '../../fixtures/runEvents.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { BOSTON_FILE } from '../trainer/support/toRecipe.ts';

test('the newest look is a table; a run without one has none', () => {
  const run = [launch, runStart(), layers(1), layers(2)].reduce(reduceRun, emptyRun());
  assert.deepEqual(layersText(run), [
    'layers after epoch 2 of 100: norms, outputs, dead units, share of the time forward',
    'layer   gradient  weights  smallest … largest    mean  deviation  dead  time',
    'dense1  0.005000    4.000               0 … 6  0.5000      1.500   2 %  50 %',
    'dense2   0.05000    5.000               0 … 6  0.5000      1.500   2 %  30 %',
    'dense3    0.5000    6.000              -2 … 6  0.5000      1.500     —  20 %',
  ]);
  assert.deepEqual(layersText(emptyRun()), []);
});

test('what asks for looks is known of a run until another trainer takes it', () => {
  const run = [launch, runStart(), layers(1), layers(2, { asked: true })].reduce(reduceRun, emptyRun());
  assert.equal(run.isObserved, true);
  assert.equal(reduceRun(run, launch).isObserved, false);
  assert.equal(parseEvent(JSON.stringify({ ...layers(1), asked: 'yes' })), null);
});

test('skillet train --observe keeps looks to the last epoch, and skillet show tells it', async (t) => {
  const folder = tempFolder(t);
  const runFolder = path.join(folder, 'run');
  const args = ['--epochs', '3', '--device', 'wasm', '--run-dir', runFolder, '--observe', '--quiet'];
  const { code, stderr } = await runCli(t, folder, 'train', BOSTON_FILE, ...args);
  assert.equal(code, 0, stderr);
  const looks = readFileSync(path.join(runFolder, 'events.jsonl'), 'utf8')
    .split('\n')
    .map(parseEvent)
    .flatMap((event) => (event?.type === 'layers' ? [[event.epoch, event.asked]] : []));
  assert.deepEqual([looks[0], looks.at(-1)], [[1, true], [3, true]]); // biome-ignore format: one line
  const { stdout } = await runCli(t, folder, 'show', runFolder);
  assert.match(stdout, /layers after epoch 3 of 3:.*\nlayer +gradient .*\ndense1 /);
});
