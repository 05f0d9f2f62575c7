/** When jobs are asked for, and what is made of a job that ends. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createJobList, followJob, type JobList } from '../../../src/cloud/followJobs.ts';
import type { Job } from '../../../src/common/cloud/job.ts';
import { SkilletError } from '../../../src/common/errors.ts';
import { findJobFolder, isFreeFor, makeJobFolder } from '../../../src/node/jobs/jobFolder.ts';
import { sendControl } from '../../../src/node/sendControl.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const JOB: Job = {
  ...{ provider: 'aws', region: 'us-east-1', id: 'skillet-tiny-1', name: 'tiny', state: 'running', stage: 'Training' },
  ...{ reason: null, instanceType: 'ml.m5.large', count: 1, isSpot: false, billedSeconds: null, isOurs: true },
  ...{ createdAt: null, startedAt: null, endedAt: null, resourceName: null },
};
const now = new Date('2026-11-25T12:00:00Z');

async function jobFolder(t: TestContext): Promise<string> {
  const file = path.join(tempFolder(t), 'tiny.recipe.yaml');
  return makeJobFolder({ job: JOB, name: 'Tiny', file, recipe: 'name: Tiny\n', now });
}

/** Looks that give these states, one after the other. */
function following(
  folder: string,
  states: readonly (Partial<Job> | Error)[],
  isWatched = () => true,
  collect = async () => 3,
) {
  const waits: number[] = [];
  const told: string[] = [];
  const cancelled: string[] = [];
  const left = [...states];
  const ended = followJob({
    provider: {
      async job() {
        const next = left.shift() ?? {};
        if (next instanceof Error) {
          throw next;
        }
        return { ...JOB, ...next };
      },
      collect,
      cancel: async ({ id }) => void cancelled.push(id),
    },
    ...{ job: JOB, folder, isWatched, now: () => now, signal: new AbortController().signal },
    onLook: ({ state }, bytes) => void told.push(`${state} ${bytes}`),
    onFault: (error) => void told.push((error as SkilletError).code),
    wait: async (ms) => void waits.push(ms),
  });
  return { ended, waits, told, cancelled };
}

const events = (folder: string) =>
  readFileSync(path.join(folder, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a job is looked at often while it is seen, rarely while it is not, and no more once it is over', async (t) => {
  let looks = 0;
  const { ended, waits, told } = following(
    await jobFolder(t),
    [{ state: 'pending' }, {}, {}, { state: 'completed' }],
    () => {
      looks += 1;
      return looks !== 2;
    },
  );
  assert.equal((await ended)?.state, 'completed');
  assert.deepEqual(waits, [5000, 60_000, 5000]);
  assert.deepEqual(told, ['pending 3', 'running 3', 'running 3', 'completed 3']);
});

test('a fault that passes is told and tried again; one that stays ends it', async (t) => {
  const fault = (code: 'cloud-network' | 'cloud-permission') =>
    new SkilletError(code, 'x', { message: 'm', remedy: 'r' });
  const passing = following(await jobFolder(t), [fault('cloud-network'), { state: 'stopped' }]);
  assert.equal((await passing.ended)?.state, 'stopped');
  assert.deepEqual(passing.told, ['cloud-network', 'stopped 3']);
  const staying = following(await jobFolder(t), [fault('cloud-permission')]);
  await assert.rejects(staying.ended, { code: 'cloud-permission' });
});

test('a stop that is asked for in the folder stops the job, once', async (t) => {
  const folder = await jobFolder(t);
  await sendControl(folder, 'stop', now);
  const { ended, cancelled } = following(folder, [{}, { state: 'stopping' }, { state: 'stopped' }]);
  await ended;
  assert.deepEqual(cancelled, [JOB.id]);
});

test('a stop reaches the job though its files cannot be brought', async (t) => {
  const folder = await jobFolder(t);
  await sendControl(folder, 'stop', now);
  const denied = new SkilletError('cloud-permission', 'bucket', { message: 'm', remedy: 'r' });
  const { ended, cancelled } = following(folder, [{}], undefined, () => Promise.reject(denied));
  await assert.rejects(ended, { code: 'cloud-permission' });
  assert.deepEqual(cancelled, [JOB.id]);
});

test('a run whose job ended before it says why', async (t) => {
  const folder = await jobFolder(t);
  writeFileSync(path.join(folder, 'events.jsonl'), '{"type":"launch"}\n');
  await following(folder, [{ state: 'failed', reason: 'The disk was full.' }]).ended;
  const at = now.toISOString();
  const message = 'The job ended before its run did: The disk was full.';
  assert.deepEqual(events(folder)[1], { type: 'runEnd', at, status: 'failed', message });
  await following(folder, [{ state: 'failed' }]).ended;
  assert.equal(events(folder).length, 2);
});

test('a job that ended before its run began leaves a run that has failed, with its recipe', async (t) => {
  const folder = await jobFolder(t);
  await following(folder, [{ state: 'failed', reason: 'No such image.' }]).ended;
  const [launch, end] = events(folder);
  assert.match(launch.recipeFile, /tiny\.recipe\.yaml$/);
  assert.deepEqual([end.status, end.message], ['failed', 'The job ended before its run did: No such image.']);
});

test('what a script leaves gets no events', async (t) => {
  const file = path.join(tempFolder(t), 'train.py');
  const folder = await makeJobFolder({ job: JOB, name: 'train', file, recipe: null, now });
  await following(folder, [{ state: 'failed' }]).ended;
  assert.ok(!existsSync(path.join(folder, 'events.jsonl')));
});

test('a folder with other things in it is not free for a job; an empty one and its own are', async (t) => {
  const isFree = (folder: string, id = JOB.id) => isFreeFor({ ...JOB, id }, folder, '.collected.json');
  const own = await jobFolder(t);
  assert.deepEqual([await isFree(own), await isFree(own, 'another')], [true, false]);
  const folder = tempFolder(t);
  assert.deepEqual([await isFree(folder), await isFree(path.join(folder, 'new'))], [true, true]);
  writeFileSync(path.join(folder, 'events.jsonl'), '');
  assert.equal(await isFree(folder), false);
  writeFileSync(path.join(folder, '.collected.json'), '{}');
  assert.equal(await isFree(folder), true);
});

test('a job has one folder, which is found again by it', async (t) => {
  const file = path.join(tempFolder(t), 'tiny.recipe.yaml');
  const ask = { name: 'Tiny', file, recipe: 'name: Tiny\n', now };
  const folder = await makeJobFolder({ job: JOB, ...ask });
  assert.equal(await makeJobFolder({ job: { ...JOB }, ...ask, now: new Date(0) }), folder);
  assert.equal(await findJobFolder({ ...JOB, region: 'eu-west-1' }, [path.dirname(folder)]), null);
  mkdirSync(path.join(path.dirname(folder), 'x-job'));
  assert.equal(await findJobFolder(JOB, [path.dirname(folder)]), folder);
});

/** A list with clocks that the test moves. */
function listing(
  t: TestContext,
  pages: (region: string) => AsyncIterable<readonly Job[]>,
): { list: JobList; asked: string[] } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: string[] = [];
  const list = createJobList({
    provider: {
      jobs(region) {
        asked.push(region);
        return pages(region);
      },
    },
    regions: ['us-east-1', 'eu-west-1'],
    onChange: () => undefined,
  });
  t.after(() => list.dispose());
  return { list, asked };
}

async function* pagesOf(...pages: Job[][]): AsyncGenerator<Job[]> {
  yield* pages;
}

test('a list is asked for often while a job is live, rarely otherwise, and never while it is hidden', async (t) => {
  let state: Job['state'] = 'running';
  const { list, asked } = listing(t, () => pagesOf([{ ...JOB, state }]));
  assert.deepEqual(asked, []);
  list.show();
  await list.refresh();
  assert.equal(asked.length, 2);
  state = 'completed';
  t.mock.timers.tick(5000);
  await list.refresh();
  assert.equal(asked.length, 4);
  t.mock.timers.tick(59_000);
  assert.equal(asked.length, 4);
  t.mock.timers.tick(1000);
  await list.refresh();
  assert.equal(asked.length, 6);
  list.hide();
  t.mock.timers.tick(600_000);
  assert.equal(asked.length, 6);
});

test('a region that cannot be asked keeps what was known of it and does not keep the others', async (t) => {
  let isBroken = false;
  const { list } = listing(t, (region) => {
    if (isBroken && region === 'us-east-1') {
      throw new SkilletError('cloud-permission', region, { message: 'no', remedy: 'r' });
    }
    return pagesOf([{ ...JOB, region }]);
  });
  await list.refresh();
  isBroken = true;
  await list.refresh();
  const [broken, whole] = list.regions();
  assert.equal(broken?.jobs.length, 1);
  assert.ok(broken.fault instanceof SkilletError && broken.fault.code === 'cloud-permission');
  assert.deepEqual([whole?.jobs.length, whole?.fault], [1, null]);
});

test('of many jobs the newest are listed, and older ones when they are asked for', async (t) => {
  let pages = 0;
  const { list } = listing(t, async function* () {
    for (let page = 0; page < 10; page += 1) {
      pages += 1;
      yield Array.from({ length: 20 }, (_, at) => ({ ...JOB, id: `${page}-${at}` }));
    }
  });
  await list.refresh();
  assert.deepEqual([list.regions()[0]?.jobs.length, list.regions()[0]?.hasMore, pages], [40, true, 6]);
  await list.more('us-east-1');
  assert.equal(list.regions()[0]?.jobs.length, 80);
});
