/** What a list says of runs, without reading them whole. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import type { RunSummary } from '../../../src/common/run/runSummary.ts';
import { listRuns, summarizeRun } from '../../../src/node/listRuns.ts';
import { deadPid, idleProcess } from '../../fixtures/processes.ts';
import { at, completedRun, epochs, evaluation, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';
import { toLines, writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

async function summaryOf(runFolder: string): Promise<RunSummary> {
  const summary = await summarizeRun(runFolder);
  assert.ok(summary !== null, `${runFolder} is no run`);
  return summary;
}

test('a folder that is not there, or is a file, has no runs', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'file'), '');
  assert.deepEqual(await listRuns(path.join(folder, 'gone')), []);
  assert.deepEqual(await listRuns(path.join(folder, 'file')), []);
  assert.deepEqual(await listRuns(folder), []);
});

test('a completed run is summed up with its result and the best baseline', async (t) => {
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), completedRun);
  assert.deepEqual(await summaryOf(runFolder), {
    runFolder,
    name: 'Boston housing',
    recipeFile: '/recipes/boston-housing.recipe.yaml',
    params: { units: 64, learningRate: 0.001 },
    status: 'completed',
    startedAt: at(0),
    lastAt: at(2.1),
    epochsDone: 100,
    epochs: 100,
    result: { metric: 'rmse', value: 3.51, baseline: 4.816, better: 'lower', unit: 'thousand dollars' },
    backend: 'wasm',
    seed: 0,
    problem: null,
    annotations: { starred: false, tags: [], note: '', archived: false },
  });
});

test('the best baseline is the greatest where more is better, and none where there is none', async (t) => {
  const folder = tempFolder(t);
  const accuracy = (value: number) => ({ name: 'x', label: 'x', metrics: { accuracy: value } });
  const better = evaluation({
    primary: { metric: 'accuracy', better: 'higher' },
    metrics: { accuracy: 0.9 },
    baselines: [accuracy(0.4), accuracy(0.6), accuracy(0.5)],
  });
  const first = writeRun(path.join(folder, 'a'), [launch, runStart(), better, runEnd]);
  assert.equal((await summaryOf(first)).result?.baseline, 0.6);
  const second = writeRun(path.join(folder, 'b'), [launch, runStart(), evaluation({ baselines: [] }), runEnd]);
  assert.equal((await summaryOf(second)).result?.baseline, null);
});

test('each end has its status, and a failure its first sentence', async (t) => {
  const folder = tempFolder(t);
  const problem = { code: 'run-not-finite', path: 'loss', message: 'became NaN.', remedy: 'Lower it.' } as const;
  const ends: [RunEvent, string, string | null][] = [
    [{ ...runEnd, status: 'stopped', message: 'Stopped by you.' }, 'stopped', null],
    [{ ...runEnd, status: 'failed', message: 'It failed.' }, 'failed', 'It failed.'],
    [{ ...runEnd, status: 'failed', message: 'It failed.', problems: [problem] }, 'failed', 'became NaN.'],
  ];
  for (const [index, [end, status, message]] of ends.entries()) {
    const summary = await summaryOf(
      writeRun(path.join(folder, String(index)), [launch, runStart(), ...epochs(1, 5), end]),
    );
    assert.deepEqual([summary.status, summary.problem, summary.epochsDone], [status, message, 5]);
  }
});

test('a run without an end is running while its process lives, else interrupted; elsewhere it is believed', async (t) => {
  const folder = tempFolder(t);
  const started = [runStart(), ...epochs(1, 3)];
  const alive = path.join(folder, 'alive');
  const { pid } = await idleProcess(t, [alive]);
  writeRun(alive, [{ ...launch, pid, host: hostname() }, ...started]);
  assert.equal((await summaryOf(alive)).status, 'running');
  const paused: RunEvent = { type: 'state', at: at(1), state: 'paused', step: 27 };
  appendFileSync(path.join(alive, 'events.jsonl'), toLines([paused]));
  assert.equal((await summaryOf(alive)).status, 'paused');
  const dead = writeRun(path.join(folder, 'dead'), [{ ...launch, pid: await deadPid(), host: hostname() }, ...started]);
  assert.equal((await summaryOf(dead)).status, 'interrupted');
  const far = writeRun(path.join(folder, 'far'), [{ ...launch, host: `not-${hostname()}` }, ...started]);
  assert.equal((await summaryOf(far)).status, 'running');
});

test('a run that has told nothing yet has the name in its recipe', async (t) => {
  const folder = tempFolder(t);
  const silent = await summaryOf(writeRun(path.join(folder, 'silent'), null, 'name: "My run" # mine\n'));
  assert.deepEqual([silent.name, silent.status, silent.startedAt], ['My run', 'starting', null]);
  const nameless = await summaryOf(writeRun(path.join(folder, 'nameless'), [], 'data: {}\n'));
  assert.equal(nameless.name, 'nameless');
});

/** Far more than the two ends that are read. */
const longRun: readonly RunEvent[] = [launch, runStart({ epochs: 9000 }), ...epochs(1, 9000), evaluation(), runEnd];

test('a long run gives its start, its last epoch and its result', async (t) => {
  const runFolder = writeRun(path.join(tempFolder(t), 'long'), longRun);
  assert.ok(toLines(longRun).length > 2_000_000);
  const { name, status, epochsDone, epochs: wanted, result, startedAt, lastAt } = await summaryOf(runFolder);
  assert.deepEqual(
    [name, status, epochsDone, wanted, result?.value, startedAt, lastAt],
    ['Boston housing', 'completed', 9000, 9000, 3.51, at(0), runEnd.at],
  );
});

test('a long run that is still written gives the last whole epoch', async (t) => {
  const runFolder = writeRun(path.join(tempFolder(t), 'long'), longRun.slice(0, -2));
  appendFileSync(path.join(runFolder, 'events.jsonl'), '{"type":"epochEnd","at":"2026');
  assert.equal((await summaryOf(runFolder)).epochsDone, 9000);
});

test('a long run that was resumed in its middle belongs to the process that resumed it', async (t) => {
  const runFolder = path.join(tempFolder(t), 'resumed');
  const host = hostname();
  const { pid } = await idleProcess(t, [runFolder]);
  const { backend } = runStart();
  writeRun(runFolder, [
    { ...launch, pid: await deadPid(), host },
    runStart({ epochs: 20_000 }),
    ...epochs(1, 5000),
    { ...launch, at: at(50), pid, host },
    { type: 'runResume', at: at(50), epoch: 4990, step: 44_910, backend: { ...backend, name: 'cpu' } },
    ...epochs(4991, 10_000),
  ]);
  const { status, epochsDone, backend: name, startedAt } = await summaryOf(runFolder);
  assert.deepEqual([status, epochsDone, name, startedAt], ['running', 10_000, 'cpu', at(0)]);
});

test('a long run that was stopped early and then resumed is not taken for stopped', async (t) => {
  const host = hostname();
  const runFolder = writeRun(path.join(tempFolder(t), 'resumed'), [
    { ...launch, pid: await deadPid(), host },
    runStart({ epochs: 20_000 }),
    ...epochs(1, 5),
    { ...runEnd, status: 'stopped' },
    { type: 'log', at: at(1), message: 'x'.repeat(1 << 17) },
    { ...launch, at: at(50), pid: await deadPid(), host },
    { type: 'runResume', at: at(50), epoch: 5, step: 45, backend: runStart().backend },
    ...epochs(6, 10_000),
  ]);
  assert.equal((await summaryOf(runFolder)).status, 'interrupted');
});

test('several hundred runs are listed, the newest first', async (t) => {
  const folder = tempFolder(t);
  const names = Array.from({ length: 300 }, (_, index) => `20261124-${String(90_000 + index).padStart(6, '0')}-run`);
  for (const name of names) {
    writeRun(path.join(folder, name), [launch, runStart(), runEnd]);
  }
  const runs = await listRuns(folder);
  assert.deepEqual(
    runs.map(({ runFolder }) => path.basename(runFolder)),
    names.toReversed(),
  );
  assert.ok(runs.every(({ status }) => status === 'completed'));
});

test('what is no run is passed over', async (t) => {
  const folder = tempFolder(t);
  writeRun(path.join(folder, 'run'), completedRun);
  writeRun(path.join(folder, '.new-draft'), null);
  mkdirSync(path.join(folder, 'pictures'));
  writeFileSync(path.join(folder, 'notes.txt'), 'x');
  const spoiled = path.join(folder, 'garbage');
  writeRun(spoiled, null);
  writeFileSync(path.join(spoiled, 'events.jsonl'), Buffer.alloc(1000, 0xff));
  const runs = await listRuns(folder);
  assert.deepEqual(
    runs.map(({ runFolder, status }) => `${path.basename(runFolder)} ${status}`),
    ['run completed', 'garbage starting'],
  );
  assert.equal(await summarizeRun(path.join(folder, 'pictures')), null);
  assert.equal(await summarizeRun(path.join(folder, 'gone')), null);
});

test('a run whose trainer never said a word is starting at first, and then interrupted', async (t) => {
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), []);
  assert.equal((await summaryOf(runFolder)).status, 'starting');
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path.join(runFolder, 'recipe.yaml'), longAgo, longAgo);
  assert.equal((await summaryOf(runFolder)).status, 'interrupted');
});
