/** The memory beside the runs: it makes lists quick and never wrong. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunSummary } from '../../../src/common/run/runSummary.ts';
import { annotateRun } from '../../../src/node/annotateRun.ts';
import { listRuns } from '../../../src/node/listRuns.ts';
import { runName, writeManyRuns } from '../../fixtures/manyRuns.ts';
import { deadPid, endProcess, idleProcess } from '../../fixtures/processes.ts';
import { at, completedRun, epochs, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';
import { toLines, writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

const COUNT = 12;
/** That a file's clock shows: the clocks of some disks tick slowly. */
const MOMENT = new Date(Date.UTC(2026, 10, 25));
/** Every run that is read anew is remembered anew. */
const always = { cacheFrom: 1 };
const never = { cacheFrom: Number.POSITIVE_INFINITY };

function runsOf(t: TestContext): string {
  const folder = path.join(tempFolder(t), 'runs');
  writeManyRuns(folder, COUNT, { epochsEach: 3 });
  return folder;
}

const indexOf = (folder: string) => path.join(folder, '.index.jsonl');
const eventsOf = (folder: string, number: number) => path.join(folder, runName(number), 'events.jsonl');

/** Makes each remembered name tell whether it came from the memory. */
function mark(folder: string): void {
  const text = readFileSync(indexOf(folder), 'utf8');
  writeFileSync(indexOf(folder), text.replaceAll(/"summary":\{"name":"[^"]*"/g, '"summary":{"name":"remembered"'));
}

const fromMemory = (runs: readonly RunSummary[]) => runs.filter(({ name }) => name === 'remembered').length;

/** What the memory says is what the files say. */
async function assertTrue(folder: string): Promise<void> {
  assert.deepEqual(await listRuns(folder, always), await listRuns(folder, never));
}

test('a list is remembered, and the second one is taken from the memory', async (t) => {
  const folder = runsOf(t);
  const first = await listRuns(folder, always);
  assert.equal(first.length, COUNT);
  assert.deepEqual(await listRuns(folder, always), first);
  mark(folder);
  assert.equal(fromMemory(await listRuns(folder, always)), COUNT);
});

test('few runs leave no file behind', async (t) => {
  const folder = runsOf(t);
  await listRuns(folder);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('.')),
    [],
  );
});

const changes: Readonly<Record<string, (folder: string) => void>> = {
  'an event more': (folder) =>
    appendFileSync(
      eventsOf(folder, 3),
      toLines([
        { ...launch, at: at(9) },
        { ...runEnd, status: 'stopped' },
      ]),
    ),
  'a file cut short': (folder) => truncateSync(eventsOf(folder, 3), 400),
  'other events of the same length': (folder) => {
    const file = eventsOf(folder, 3);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"seed":3', '"seed":7'));
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
  },
  'an event more within one tick of the clock': (folder) => {
    const file = eventsOf(folder, 3);
    appendFileSync(file, toLines([{ ...launch, at: at(9) }]));
    utimesSync(file, MOMENT, MOMENT);
  },
  'events that went away': (folder) => rmSync(eventsOf(folder, 3)),
  'a run that went away': (folder) => rmSync(path.join(folder, runName(3)), { recursive: true }),
  'a new run': (folder) => {
    writeRun(path.join(folder, '29991231-000000-new'), completedRun);
  },
  'one run in the place of another': (folder) => {
    rmSync(path.join(folder, runName(3)), { recursive: true });
    renameSync(path.join(folder, runName(4)), path.join(folder, runName(3)));
  },
  'a first note': (folder) =>
    writeFileSync(path.join(folder, runName(3), 'annotations.json'), '{"version":1,"note":"first"}'),
};

for (const [what, change] of Object.entries(changes)) {
  test(`${what} is seen, and only that run is read`, async (t) => {
    const folder = runsOf(t);
    utimesSync(eventsOf(folder, 3), MOMENT, MOMENT);
    const before = await listRuns(folder, always);
    mark(folder);
    change(folder);
    const after = await listRuns(folder, always);
    assert.ok(fromMemory(after) >= COUNT - 2, `${fromMemory(after)} of ${COUNT} remembered`);
    rmSync(indexOf(folder));
    const truth = await listRuns(folder, never);
    assert.notDeepEqual(truth, before);
    const names = new Map(truth.map(({ runFolder, name }) => [runFolder, name]));
    const told = after.map((run) =>
      run.name === 'remembered' ? { ...run, name: names.get(run.runFolder) ?? run.name } : run,
    );
    assert.deepEqual(told, truth);
    await assertTrue(folder);
  });
}

test('annotations that are changed, replaced by as many letters at the same time, or removed are seen', async (t) => {
  const folder = runsOf(t);
  const run = path.join(folder, runName(3));
  const file = path.join(run, 'annotations.json');
  const noteOf = async () =>
    (await listRuns(folder, always)).find(({ runFolder }) => runFolder === run)?.annotations.note;
  await annotateRun(run, { note: 'abc' });
  utimesSync(file, MOMENT, MOMENT);
  assert.equal(await noteOf(), 'abc');
  await annotateRun(run, { note: 'xyz' });
  utimesSync(file, MOMENT, MOMENT);
  assert.equal(await noteOf(), 'xyz');
  writeFileSync(file, 'no json at all');
  assert.equal(await noteOf(), '');
  rmSync(file);
  assert.equal(await noteOf(), '');
  await assertTrue(folder);
});

test('a run that was training is interrupted once its process is gone, though its files have not changed', async (t) => {
  const folder = runsOf(t);
  const run = path.join(folder, '29991231-000000-live');
  const { pid } = await idleProcess(t, [run]);
  writeRun(run, [{ ...launch, pid, host: hostname() }, runStart(), ...epochs(1, 3)]);
  const statusOf = async () => (await listRuns(folder, always)).find(({ runFolder }) => runFolder === run)?.status;
  assert.equal(await statusOf(), 'running');
  assert.equal(await statusOf(), 'running');
  endProcess(pid);
  await waitFor('the run to be interrupted', async () => (await statusOf()) === 'interrupted');
  mark(folder);
  assert.equal(await statusOf(), 'interrupted');
});

test('an interrupted run is remembered, and one that has told nothing is asked again', async (t) => {
  const folder = runsOf(t);
  writeRun(path.join(folder, '29991231-000000-dead'), [
    { ...launch, pid: await deadPid(), host: hostname() },
    runStart(),
  ]);
  const silent = writeRun(path.join(folder, '29991231-000001-silent'), []);
  await listRuns(folder, always);
  mark(folder);
  assert.equal(fromMemory(await listRuns(folder, always)), COUNT + 1);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path.join(silent, 'recipe.yaml'), longAgo, longAgo);
  assert.equal((await listRuns(folder, always))[0]?.status, 'interrupted');
});

test('a damaged memory is passed over line by line, and one of another kind whole', async (t) => {
  const folder = runsOf(t);
  const truth = await listRuns(folder, always);
  const whole = readFileSync(indexOf(folder), 'utf8');
  const [head, ...lines] = whole.trimEnd().split('\n');
  const damages = [
    '',
    '\0'.repeat(500),
    'null\n',
    whole.replace('"version":1', '"version":99'),
    whole.slice(0, whole.length / 2),
    [head, ...lines.map((line, index) => (index % 2 === 0 ? line.slice(1) : line))].join('\n'),
    [head, '{}', 'null', '[]', '{"name":3}', '{"name":"x","stamp":null}'].join('\n'),
    [head, ...lines.map((line) => line.replace(/"epochsDone":\d+/, '"epochsDone":"many"'))].join('\n'),
    [head, ...lines.map((line) => line.replace(/"seed":\d+,/, ''))].join('\n'),
    [head, ...lines.map((line) => line.replace(/"annotations":\{[^}]*\}/, '"annotations":null'))].join('\n'),
  ];
  for (const text of damages) {
    writeFileSync(indexOf(folder), text);
    assert.deepEqual(await listRuns(folder, always), truth, text.slice(0, 80));
  }
  mark(folder);
  writeFileSync(indexOf(folder), readFileSync(indexOf(folder), 'utf8').replace('"version":1', '"version":2'));
  assert.equal(fromMemory(await listRuns(folder, always)), 0, 'of a later version, with lines like ours');
  rmSync(indexOf(folder));
  mkdirSync(indexOf(folder));
  assert.deepEqual(await listRuns(folder, always), truth, 'a folder in its place');
});

test('a memory cut off at any byte leaves a list that is true', async (t) => {
  const folder = runsOf(t);
  const truth = await listRuns(folder, always);
  const whole = readFileSync(indexOf(folder));
  for (let length = 0; length < whole.length; length += 97) {
    writeFileSync(indexOf(folder), whole.subarray(0, length));
    assert.deepEqual(await listRuns(folder, always), truth, `${length} bytes`);
  }
});

test('many who list and write at once all get the truth, and leave one whole memory', async (t) => {
  const folder = runsOf(t);
  const truth = await listRuns(folder, never);
  const lists = await Promise.all(Array.from({ length: 8 }, () => listRuns(folder, always)));
  for (const list of lists) {
    assert.deepEqual(list, truth);
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('.')),
    ['.index.jsonl'],
  );
  mark(folder);
  assert.equal(fromMemory(await listRuns(folder, always)), COUNT);
});

test('a draft that a dead process left is cleared away once it is old, and a fresh one is left alone', async (t) => {
  const folder = runsOf(t);
  const [old, fresh] = ['.index-1-1.tmp', '.index-2-2.tmp'].map((name) => path.join(folder, name)) as [string, string];
  writeFileSync(old, 'x');
  writeFileSync(fresh, 'x');
  const longAgo = new Date(Date.now() - 7_200_000);
  utimesSync(old, longAgo, longAgo);
  await listRuns(folder, always);
  assert.deepEqual([existsSync(old), existsSync(fresh)], [false, true]);
});

test('a project that was moved keeps its memory, and its runs have their new place', async (t) => {
  const folder = runsOf(t);
  await listRuns(folder, always);
  mark(folder);
  const moved = path.join(tempFolder(t), 'moved');
  renameSync(folder, moved);
  const runs = await listRuns(moved, always);
  assert.equal(fromMemory(runs), COUNT);
  assert.ok(runs.every(({ runFolder }) => path.dirname(runFolder) === moved));
});
