/** Comparing, restoring and exporting runs from the command line. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { cliFile, runCli } from '../../fixtures/cliProcess.ts';
import { epochs, evaluation, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';
import { TINY_RECIPE, writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

interface Made {
  readonly folder: string;
  readonly recipe: string;
}

/** A test with a recipe file that was changed since, and two runs `a` and `b`, of which `b` goes on from `a`. */
function test(name: string, body: (t: TestContext, made: Made) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
      return;
    }
    const folder = tempFolder(t);
    const recipe = path.join(folder, 'tiny.recipe.yaml');
    writeFileSync(recipe, TINY_RECIPE.replace('epochs: 3', 'epochs: 9'));
    const events = (part: Parameters<typeof runStart>[0], first: number): RunEvent[] => [
      { ...launch, recipeFile: recipe },
      runStart({ name: 'Tiny', ...part }),
      ...epochs(first, 4),
      evaluation({ metrics: { rmse: first } }),
      runEnd,
    ];
    writeRun(path.join(folder, 'a'), events({ params: { units: 4 } }, 1), TINY_RECIPE);
    const fork = { run: 'a', epoch: 2, step: 18 };
    const forked = TINY_RECIPE.replace('units: 4', 'units: 8').replace('seed: 1', 'seed: 2');
    writeRun(path.join(folder, 'b'), events({ params: { units: 8 }, fork }, 3), forked);
    await body(t, { folder, recipe });
  });
}

test('two runs are compared by result and by what differs, the fork below its parent', async (t, { folder }) => {
  const { code, stdout, stderr } = await runCli(t, folder, 'compare', 'b', 'a');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^#2 {2}units 4 {3}a\n└ #1 {2}units 8 \(from epoch 2 of a\) {3}b\n/);
  assert.match(stdout, /test rmse \(thousand dollars\) +3\.000 +1\.000 \*/);
  assert.match(stdout, /units +8 +4\n/);
  assert.match(stdout, /train\.seed +2 +1\n/);
  assert.match(stdout, /\d+ settings are equal\.\n$/);
  const read = JSON.parse((await runCli(t, folder, 'compare', 'a', 'b', '--json')).stdout);
  assert.equal(read.runs[1].results['test rmse'], 3);
  assert.ok(read.changes[0].changes.some((change: { path: string }) => change.path === 'train.seed'));
});

test('one run is no comparison, and a folder that is no run is named', async (t, { folder }) => {
  const one = await runCli(t, folder, 'compare', 'a', 'a');
  assert.equal(one.code, 2);
  assert.match(one.stderr, /2 runs are needed, not 1/);
  const none = await runCli(t, folder, 'compare', 'a', 'missing');
  assert.equal(none.code, 2);
  assert.match(none.stderr, /missing: is no run\..*\(run-unreadable\)/);
});

test('restoring shows the lines that would change, and changes them with --force alone', async (t, made) => {
  const { folder, recipe } = made;
  const before = readFileSync(recipe, 'utf8');
  const shown = await runCli(t, folder, 'restore', 'a');
  assert.equal(shown.code, 2);
  assert.match(shown.stdout, /\n- {3}epochs: 9\n\+ {3}epochs: 3\n/);
  assert.equal(readFileSync(recipe, 'utf8'), before);
  const forced = await runCli(t, folder, 'restore', 'a', '--force');
  assert.deepEqual([forced.code, forced.stderr], [0, '']);
  assert.equal(readFileSync(recipe, 'utf8'), TINY_RECIPE);
  const again = await runCli(t, folder, 'restore', 'a');
  assert.deepEqual([again.code, again.stdout], [0, "tiny.recipe.yaml is the run's recipe already.\n"]);
  const elsewhere = await runCli(t, folder, 'restore', 'a', '--out', 'new.recipe.yaml');
  assert.deepEqual([elsewhere.code, elsewhere.stdout], [0, 'Made new.recipe.yaml.\n']);
  const nowhere = await runCli(t, folder, 'restore', 'a', '--out', 'no/such/x.recipe.yaml');
  assert.match(nowhere.stderr, /\(recipe-unwritable\)/);
});

test('runs are exported in each format, and no file is written over unless it is named', async (t, { folder }) => {
  for (const [format, start] of [
    ['csv', 'run,epoch,'],
    ['json', '{\n "format": "skillet-runs"'],
    ['svg', '<svg '],
    ['html', '<!DOCTYPE html>'],
  ]) {
    const { code, stdout } = await runCli(t, folder, 'export-run', 'a', 'b', '--format', String(format));
    assert.deepEqual([code, stdout], [0, `Wrote 2-runs.${format}\n`]);
    assert.ok(readFileSync(path.join(folder, `2-runs.${format}`), 'utf8').startsWith(String(start)), format);
  }
  const twice = await runCli(t, folder, 'export-run', 'a', 'b', '--format', 'csv');
  assert.match(twice.stderr, /is there already/);
  const printed = await runCli(t, folder, 'export-run', 'b', '--format', 'csv', '--out', '-');
  // A fork begins behind its parent's epochs.
  assert.match(printed.stdout, /^epoch,loss,rmse,duration_ms\r\n3,/);
});

test('a format, a metric or a run that does not exist is refused by name', async (t, { folder }) => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await runCli(t, folder, 'export-run', ...args);
    assert.equal(code, 2);
    return stderr;
  };
  assert.match(await refused('a'), /--format: is missing/);
  assert.match(await refused('a', '--format', 'png'), /"png" is no format.*Compare Runs/);
  assert.match(
    await refused('a', '--out', 'x.svg', '--metric', 'f1'),
    /no run has a metric "f1"\. Metrics: loss, rmse\./,
  );
  assert.match(await refused('gone', '--format', 'csv'), /gone: is no run/);
  assert.match(await refused('--format', 'csv'), /no run folder is named/);
});
