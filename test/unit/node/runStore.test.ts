/** Runs held in memory: what changed is looked at again, and nothing else. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { annotateRun } from '../../../src/node/annotateRun.ts';
import { listRuns, summarizeRun } from '../../../src/node/listRuns.ts';
import { createRunStore } from '../../../src/node/runStore.ts';
import { runName, writeManyRuns } from '../../fixtures/manyRuns.ts';
import { completedRun } from '../../fixtures/runEvents.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const COUNT = 6;

/** A store over real folders that counts what it reads. */
function storeOver(t: TestContext) {
  const home = tempFolder(t);
  const [one, two] = [path.join(home, 'one'), path.join(home, 'two')];
  writeManyRuns(one, COUNT, { epochsEach: 2 });
  writeManyRuns(two, COUNT, { epochsEach: 2 });
  const read: string[] = [];
  const store = createRunStore({
    listRuns(folder) {
      read.push(path.basename(folder));
      return listRuns(folder);
    },
    summarizeRun(folder) {
      read.push(path.basename(folder));
      return summarizeRun(folder);
    },
  });
  const reads = () => read.splice(0);
  return { store, reads, one, two, at: (number: number) => path.join(one, runName(number)) };
}

test('a folder is read once, and one that is no longer wanted is dropped', async (t) => {
  const { store, reads, one, two } = storeOver(t);
  assert.equal((await store.setFolders([one])).changed.length, COUNT);
  assert.deepEqual(reads(), ['one']);
  assert.equal((await store.setFolders([one, two])).changed.length, COUNT);
  assert.deepEqual(reads(), ['two']);
  assert.equal((await store.list()).length, 2 * COUNT);
  assert.equal((await store.setFolders([two])).gone.length, COUNT);
  assert.deepEqual(reads(), []);
  assert.equal((await store.list()).length, COUNT);
});

test('a run that changed is looked at alone, and the list is another one only then', async (t) => {
  const { store, reads, one, at } = storeOver(t);
  await store.setFolders([one]);
  const before = await store.list();
  reads();
  assert.deepEqual(await store.lookAt([at(2)]), { changed: [], gone: [] });
  assert.equal(await store.list(), before);
  await annotateRun(at(2), { starred: true });
  const { changed } = await store.lookAt([at(2), at(2)]);
  assert.deepEqual(
    changed.map(({ runFolder }) => runFolder),
    [at(2)],
  );
  assert.deepEqual(reads(), [runName(2), runName(2)]);
  const after = await store.list();
  assert.notEqual(after, before);
  assert.equal(after.find(({ runFolder }) => runFolder === at(2))?.annotations.starred, true);
});

test('a new run stands first, one that is gone is dropped, and one elsewhere is none of ours', async (t) => {
  const { store, one, two, at } = storeOver(t);
  await store.setFolders([one]);
  const fresh = writeRun(path.join(one, '29991231-000000-new'), completedRun);
  rmSync(at(3), { recursive: true });
  const { changed, gone } = await store.lookAt([fresh, at(3), path.join(two, runName(1))]);
  assert.deepEqual([changed.map(({ runFolder }) => runFolder), gone], [[fresh], [at(3)]]);
  const runs = await store.list();
  assert.deepEqual([runs[0]?.runFolder, runs.length], [fresh, COUNT]);
});

test('looking at all tells what changed behind its back', async (t) => {
  const { store, one, at } = storeOver(t);
  await store.setFolders([one]);
  assert.deepEqual(await store.lookAtAll(), { changed: [], gone: [] });
  await annotateRun(at(1), { note: 'x' });
  rmSync(at(0), { recursive: true });
  const { changed, gone } = await store.lookAtAll();
  assert.deepEqual([changed.map(({ annotations }) => annotations.note), gone], [['x'], [at(0)]]);
});

test('looks that overlap end with what is on the disk', async (t) => {
  const { store, one, at } = storeOver(t);
  const looks = [store.setFolders([one]), store.lookAtAll()];
  await annotateRun(at(1), { note: 'last' });
  await Promise.all([...looks, store.lookAt([at(1)]), store.lookAtAll()]);
  assert.equal((await store.list()).find(({ runFolder }) => runFolder === at(1))?.annotations.note, 'last');
});

test('a folder that cannot be read does not stop the looks after it', async () => {
  let isBroken = true;
  const store = createRunStore({
    listRuns: async () => {
      if (isBroken) {
        throw new Error('broken');
      }
      return [];
    },
    summarizeRun: async () => null,
  });
  await assert.rejects(store.setFolders(['/x']), /broken/);
  isBroken = false;
  assert.deepEqual(await store.lookAtAll(), { changed: [], gone: [] });
});
