/** The history on the command line: filter, sort, annotate, delete and bring back. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import type { RunSummary } from '../../../src/common/run/runSummary.ts';
import { cliFile, runCli } from '../../fixtures/cliProcess.ts';
import { annotationsOf, runName, runSummaries, writeManyRuns } from '../../fixtures/manyRuns.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const COUNT = 8;

/** A test in a folder with eight runs below `.skillet/runs`. */
function test(
  name: string,
  body: (t: TestContext, folder: string, at: (number: number) => string) => Promise<void>,
): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
      return;
    }
    const folder = tempFolder(t);
    const runs = path.join(folder, '.skillet/runs');
    writeManyRuns(runs, COUNT, { epochsEach: 2 });
    await body(t, folder, (number) => path.join(runs, runName(number)));
  });
}

const numbers = (stdout: string) => {
  const names = Array.from({ length: COUNT }, (_, number) => runName(number));
  return (JSON.parse(stdout) as RunSummary[]).map(({ runFolder }) => names.indexOf(path.basename(runFolder)));
};

test('runs are filtered and sorted, and the table says how many are left', async (t, folder) => {
  const made = runSummaries(COUNT);
  const units = (number: number) => Number(made[number]?.params.units);
  const { stdout } = await runCli(t, folder, 'runs', '--json', '--sort=-units', '--filter', 'units > 20');
  const told = numbers(stdout);
  assert.deepEqual(
    told.toSorted(),
    made.flatMap((_, number) => (units(number) > 20 ? number : [])),
  );
  assert.deepEqual(
    told.map(units),
    told.map(units).toSorted((a, b) => b - a),
  );
  const table = (await runCli(t, folder, 'runs', '--filter', `folder = ${runName(2)}`)).stdout;
  assert.match(table, /\n1 of 8 runs\n$/);
  assert.match((await runCli(t, folder, 'runs', '--filter', 'nothing-like-it')).stdout, /^0 of 8 runs\n$/);
});

test('a filter or an order that cannot be understood is refused by its field', async (t, folder) => {
  const filter = await runCli(t, folder, 'runs', '--filter', 'untis > 3');
  assert.deepEqual([filter.code, filter.stdout], [2, '']);
  assert.match(filter.stderr, /^untis: is no field of these runs\. .*\(run-filter\)/);
  const sort = await runCli(t, folder, 'runs', '--sort', 'untis');
  assert.equal(sort.code, 2);
  assert.match(sort.stderr, /^--sort: "untis" is no field/);
});

test('annotations are written, told, searched and taken away', async (t, folder, at) => {
  const say = (...args: string[]) => runCli(t, folder, 'annotate', ...args);
  assert.match((await say(at(1))).stdout, /: no star, tag or note\n$/);
  const written = await say(at(1), at(2), '--star', '--tag', 'wide,#slow', '--note', 'so slow');
  assert.equal(written.stdout.match(/: starred, #wide #slow, "so slow"\n/g)?.length, 2);
  assert.deepEqual(numbers((await runCli(t, folder, 'runs', '--json', '--filter', 'tag:slow')).stdout), [2, 1]);
  assert.match((await runCli(t, folder, 'runs')).stdout, / ★ #wide #slow\n/);
  const changed = await say(at(1), '--unstar', '--untag', 'slow', '--note', '', '--json');
  const { runFolder, ...said } = JSON.parse(changed.stdout);
  assert.deepEqual([runFolder, said], [at(1), { ...annotationsOf(1), tags: ['wide'] }]);
});

test('archived runs are left out unless they are asked for', async (t, folder, at) => {
  await runCli(t, folder, 'annotate', at(0), '--archive');
  const count = async (...args: string[]) =>
    numbers((await runCli(t, folder, 'runs', '--json', ...args)).stdout).length;
  assert.deepEqual(
    [await count(), await count('--all'), await count('--filter', 'is:archived')],
    [COUNT - 1, COUNT, 1],
  );
  await runCli(t, folder, 'annotate', at(0), '--unarchive');
  assert.equal(await count(), COUNT);
});

test('wrong uses are refused', async (t, folder, at) => {
  for (const [args, message] of [
    [['annotate'], /^run folder: is missing/],
    [['annotate', at(0), '--star', '--unstar'], /^--star: and --unstar are both given/],
    [['annotate', folder], /is no run/],
    [['annotate', folder, '--star'], /is no run/],
    [['delete'], /^run folder: is missing/],
    [['delete', '--undo', '--empty'], /^--undo: and --empty are both given/],
    [['delete', folder], /is no run/],
  ] as const) {
    const { code, stderr } = await runCli(t, folder, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('runs are deleted, brought back, and removed for good', async (t, folder, at) => {
  const { stdout } = await runCli(t, folder, 'delete', at(1), at(2));
  assert.match(stdout, /^Deleted .*\nDeleted .*\nTo bring back: skillet delete --undo \.skillet\/runs\n$/);
  assert.equal(existsSync(at(1)), false);
  assert.match(
    (await runCli(t, folder, 'delete', '--undo')).stdout,
    /^Brought back .*deleted \d+ s ago\nBrought back /,
  );
  assert.equal(existsSync(at(1)), true);
  await runCli(t, folder, 'delete', at(1));
  assert.equal((await runCli(t, folder, 'delete', '--empty')).stdout, '1 deleted run removed for good\n');
  assert.equal((await runCli(t, folder, 'delete', '--undo')).stdout, 'No deleted runs are kept here.\n');
});
