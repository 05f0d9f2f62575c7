/** A whole run, from its folder. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { isInterrupted, readRun, readRunEpochs } from '../../../src/node/readRun.ts';
import { deadPid, idleProcess } from '../../fixtures/processes.ts';
import { completedRun, epochs, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

test('a run on disk is the fold of its events, however long, without a torn tail', async (t) => {
  const events = [launch, runStart({ epochs: 3000 }), ...epochs(1, 3000), runEnd];
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), events);
  appendFileSync(path.join(runFolder, 'events.jsonl'), '{"type":"log","at":"2027');
  const run = await readRun(runFolder);
  assert.equal(run.stepLoss.length, 27_000);
  assert.deepEqual(run, events.reduce(reduceRun, emptyRun()));
});

test('read without its steps, a run is the same but for these', async (t) => {
  const events = [launch, runStart(), ...epochs(1, 20), runEnd];
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), events);
  const { stepLoss, stepMetrics, stepsPerSecond } = emptyRun();
  assert.deepEqual(await readRunEpochs(runFolder), {
    ...(await readRun(runFolder)),
    stepLoss,
    stepMetrics,
    stepsPerSecond,
  });
});

test('a folder without events is a run that is starting', async (t) => {
  assert.deepEqual(await readRun(tempFolder(t)), emptyRun());
});

test('events that cannot be read are told as such', async (t) => {
  const folder = tempFolder(t);
  mkdirSync(path.join(folder, 'events.jsonl'));
  await assert.rejects(readRun(folder), { name: 'SkilletError', code: 'run-unreadable', path: folder });
});

test('a run is interrupted when it has no end and its process is gone', async (t) => {
  const runFolder = path.join(tempFolder(t), 'run');
  const host = hostname();
  const dead = await deadPid();
  const fold = (trainer: { pid: number; host: string }) => reduceRun(emptyRun(), { ...launch, ...trainer });
  assert.equal(await isInterrupted(fold({ pid: dead, host }), runFolder), true);
  assert.equal(await isInterrupted(reduceRun(fold({ pid: dead, host }), runEnd), runFolder), false);
  assert.equal(await isInterrupted(fold({ pid: dead, host: `not-${host}` }), runFolder), false);
  assert.equal(await isInterrupted(emptyRun(), runFolder), false);
  const { pid } = await idleProcess(t, [runFolder]);
  assert.equal(await isInterrupted(fold({ pid, host }), runFolder), false);
  assert.equal(await isInterrupted(completedRun.reduce(reduceRun, emptyRun()), runFolder), false);
});
