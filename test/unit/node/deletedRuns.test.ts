/** Deleting runs and bringing them back: all or none, never a live one, and nothing is written over. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { deleteRuns, emptyDeletions, listDeletions, restoreRuns } from '../../../src/node/deletedRuns.ts';
import { listRuns } from '../../../src/node/listRuns.ts';
import { writeManyRuns } from '../../fixtures/manyRuns.ts';
import { idleProcess } from '../../fixtures/processes.ts';
import { completedRun, launch, runStart } from '../../fixtures/runEvents.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

const NOW = new Date('2026-11-25T00:30:00.123Z');
/** Of which a tenth is moved when the kill falls. */
const COUNT = 300;
const DAY_MS = 86_400_000;
const later = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

/** A folder of runs a, b and c. */
function runsOf(t: TestContext, names = ['a', 'b', 'c']): { folder: string; at: (name: string) => string } {
  const folder = path.join(tempFolder(t), 'runs');
  const at = (name: string) => path.join(folder, name);
  for (const name of names) {
    writeRun(at(name), completedRun, `name: ${name}\n`);
  }
  return { folder, at };
}

const namesIn = async (folder: string) => (await listRuns(folder)).map((run) => path.basename(run.runFolder)).join('');

test('deleted runs are gone from the list and kept aside; undo brings back every byte', async (t) => {
  const { folder, at } = runsOf(t);
  const before = readFileSync(path.join(at('a'), 'events.jsonl'));
  const deletion = await deleteRuns([at('a'), at('c'), at('a')], NOW);
  assert.equal(await namesIn(folder), 'b');
  assert.deepEqual(await listDeletions([folder]), [deletion]);
  await restoreRuns(deletion);
  assert.equal(await namesIn(folder), 'cba');
  assert.deepEqual(readFileSync(path.join(at('a'), 'events.jsonl')), before);
  assert.deepEqual(readdirSync(folder).sort(), ['a', 'b', 'c']);
});

test('a live run is never deleted, nor are those beside it', async (t) => {
  const { folder, at } = runsOf(t);
  const { pid } = await idleProcess(t, [at('live')]);
  writeRun(at('live'), [{ ...launch, pid, host: hostname() }, runStart()]);
  await assert.rejects(deleteRuns([at('a'), at('live')], NOW), {
    code: 'run-delete',
    path: at('live'),
    message: /still training \(running\)/,
  });
  assert.equal(await namesIn(folder), 'livecba');
});

test('a run that is about to begin is live, and what is no run is refused', async (t) => {
  const { folder, at } = runsOf(t);
  writeRun(at('new'), []);
  await assert.rejects(deleteRuns([at('new')], NOW), { code: 'run-delete', message: /still training \(starting\)/ });
  mkdirSync(at('pictures'));
  await assert.rejects(deleteRuns([at('a'), at('pictures')], NOW), { code: 'run-delete', message: /is no run/ });
  await assert.rejects(deleteRuns([at('gone')], NOW), { code: 'run-delete', message: /is no run/ });
  assert.equal(existsSync(at('pictures')), true);
  assert.equal(existsSync(path.join(folder, '.deleted')), false);
});

test('where one of several cannot be moved, those before it are moved back', async (t) => {
  const { folder, at } = runsOf(t);
  const other = runsOf(t, ['x']);
  writeFileSync(path.join(other.folder, '.deleted'), 'a file in the way');
  await assert.rejects(deleteRuns([at('a'), at('b'), other.at('x')], NOW), {
    code: 'run-delete',
    path: other.at('x'),
    message: /a file stands where \.deleted belongs\. Nothing was changed/,
  });
  assert.equal(await namesIn(folder), 'cba');
  assert.deepEqual(readdirSync(folder).sort(), ['a', 'b', 'c']);
});

test('a run is not brought back over one of the same name, nor are those deleted with it', async (t) => {
  const { folder, at } = runsOf(t);
  const deletion = await deleteRuns([at('a'), at('b')], NOW);
  writeRun(at('b'), completedRun, 'name: another\n');
  await assert.rejects(restoreRuns(deletion), {
    code: 'run-delete',
    path: at('b'),
    message: /there is a folder of that name again/,
  });
  assert.equal(await namesIn(folder), 'cb');
  assert.match(readFileSync(path.join(at('b'), 'recipe.yaml'), 'utf8'), /another/);
  rmSync(at('b'), { recursive: true });
  mkdirSync(at('b'));
  await assert.rejects(restoreRuns(deletion), { code: 'run-delete' }, 'an empty folder is one too');
  rmSync(at('b'), { recursive: true });
  await restoreRuns(deletion);
  assert.equal(await namesIn(folder), 'cba');
});

test('what was removed meanwhile cannot be brought back, and says so', async (t) => {
  const { folder, at } = runsOf(t);
  const deletion = await deleteRuns([at('a')], NOW);
  assert.equal(await emptyDeletions([folder], { now: NOW, keptMs: 0 }), 1);
  await assert.rejects(restoreRuns(deletion), { code: 'run-delete', message: /not among the deleted runs/ });
});

test('runs from several folders are one deletion', async (t) => {
  const [one, two] = [runsOf(t), runsOf(t, ['x', 'y'])];
  const deletion = await deleteRuns([one.at('a'), two.at('x')], NOW);
  assert.deepEqual(await listDeletions([one.folder, two.folder]), [deletion]);
  await restoreRuns(deletion);
  assert.deepEqual([await namesIn(one.folder), await namesIn(two.folder)], ['cba', 'yx']);
});

test('deletions are listed with the latest first, and removed for good once they are old enough', async (t) => {
  const { folder, at } = runsOf(t);
  await deleteRuns([at('a')], NOW);
  await deleteRuns([at('b')], later(5));
  const kept = async () =>
    (await listDeletions([folder])).flatMap((one) => one.runFolders.map((run) => path.basename(run)));
  assert.deepEqual(await kept(), ['b', 'a']);
  const week = 7 * DAY_MS;
  assert.equal(await emptyDeletions([folder], { now: later(6), keptMs: week }), 0);
  assert.equal(await emptyDeletions([folder], { now: later(8), keptMs: week }), 1);
  assert.deepEqual(await kept(), ['b']);
  assert.equal(await emptyDeletions([folder], { now: later(12), keptMs: week }), 1);
  assert.equal(existsSync(path.join(folder, '.deleted')), false);
  assert.equal(await namesIn(folder), 'c');
});

test('what others have put among the deleted runs stays', async (t) => {
  const { folder } = runsOf(t);
  const foreign = path.join(folder, '.deleted/my things');
  mkdirSync(path.join(foreign, 'precious'), { recursive: true });
  assert.deepEqual(await listDeletions([folder]), []);
  assert.equal(await emptyDeletions([folder], { now: later(1000), keptMs: 0 }), 0);
  assert.equal(existsSync(path.join(foreign, 'precious')), true);
});

test('two deletions at one moment are both kept', async (t) => {
  const { folder, at } = runsOf(t);
  await Promise.all([deleteRuns([at('a')], NOW), deleteRuns([at('b')], NOW)]);
  const [all, ...more] = await listDeletions([folder]);
  assert.deepEqual([more.length, all?.runFolders.map((run) => path.basename(run)).sort()], [0, ['a', 'b']]);
});

test('killed between two renames, a deletion leaves every run in its place or where undo finds it', async (t) => {
  const folder = path.join(tempFolder(t), 'runs');
  writeManyRuns(folder, COUNT, { epochsEach: 1 });
  const module = pathToFileURL(path.resolve(import.meta.dirname, '../../../src/node/deletedRuns.ts')).href;
  // It comes to a stand before one of its renames, so that the kill falls there on any machine.
  const code = `import fs from 'node:fs/promises';
    import { readdirSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import path from 'node:path';
    const { rename } = fs;
    let count = 0;
    fs.rename = (...places) => ++count > ${COUNT / 10} ? new Promise(() => setInterval(() => 0, 1e6)) : rename(...places);
    syncBuiltinESMExports();
    const { deleteRuns } = await import(${JSON.stringify(module)});
    const folder = process.argv[1];
    await deleteRuns(readdirSync(folder).map((name) => path.join(folder, name)), new Date());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const moved = async () => (await listDeletions([folder])).flatMap(({ runFolders }) => runFolders);
  const isOver = once(child, 'exit');
  await waitFor('the tenth part', async () => child.exitCode !== null || (await moved()).length === COUNT / 10);
  child.kill('SIGKILL');
  await isOver;
  assert.equal(child.signalCode, 'SIGKILL', 'it was killed within its work');
  const [left, aside] = [await listRuns(folder), await moved()];
  assert.ok(left.length > 0 && aside.length > 0, `${left.length} in their place, ${aside.length} aside`);
  assert.equal(left.length + aside.length, COUNT);
  for (const deletion of await listDeletions([folder])) {
    await restoreRuns(deletion);
  }
  assert.equal((await listRuns(folder)).length, COUNT);
  assert.deepEqual(await listDeletions([folder]), []);
});
