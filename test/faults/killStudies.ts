/** Studies whose process, with or without its trainers, is killed at random moments: no trial may be lost or doubled. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isTrainerAlive } from '../../src/node/isTrainerAlive.ts';
import { summarizeStudy } from '../../src/node/study/listStudies.ts';
import { readStudy } from '../../src/node/study/readStudy.ts';
import { resumeStudy, startStudy } from '../../src/node/study/startStudy.ts';
import { TINY_CSV } from '../fixtures/runFolders.ts';
import { tunedRecipe } from '../fixtures/studies.ts';
import { type Chance, endGroup, TRAINER_FILE } from './killing.ts';

export interface StudyKills {
  kills: number;
  /** Of the trainers as well. */
  withTrainers: number;
  late: number;
  studies: number;
}

const TRIALS = 6;
const TUNE = `trials: ${TRIALS}\nparallel: 2\nparams: { rate: { double: [0.0001, 0.05], scale: log } }`;

/** Numbers of the trials with their parameters and values, as a study tells them. */
type Result = readonly (readonly [number, string, number | null, string])[];

export interface StudyBench {
  readonly folder: string;
  readonly dist: string;
  /** Of the study that nobody disturbed. */
  readonly reference: Result;
}

export async function makeStudyBench(folder: string, dist = path.dirname(TRAINER_FILE)): Promise<StudyBench> {
  writeFileSync(path.join(folder, 'study.recipe.yaml'), tunedRecipe(TUNE, { epochs: 30 }));
  writeFileSync(path.join(folder, 'tiny.csv'), TINY_CSV);
  const { studyFolder, pid } = await startStudy({ ...programs(folder, dist), ...recipe(folder), now: new Date() });
  await untilGone(pid, studyFolder);
  return { folder, dist, reference: await resultOf(studyFolder) };
}

const recipe = (folder: string) => ({ recipeFile: path.join(folder, 'study.recipe.yaml') });

const programs = (folder: string, dist: string) => ({
  studyFile: path.join(dist, 'study.mjs'),
  trainerFile: path.join(dist, 'trainer.mjs'),
  execPath: process.execPath,
  engine: { cacheFolder: path.join(folder, 'cache'), tensorflowFolder: null },
});

/** @throws {AssertionError} A trial is lost or doubled, or the study cannot be read or resumed. */
export async function killStudy(
  bench: StudyBench,
  kills: StudyKills,
  { next, most }: { readonly next: Chance; readonly most: number },
): Promise<void> {
  const parts = programs(bench.folder, bench.dist);
  kills.studies += 1;
  const started = await startStudy({ ...parts, ...recipe(bench.folder), now: new Date() });
  const { studyFolder } = started;
  let { pid } = started;
  for (let count = 0; count < most; count += 1) {
    await untilMoment(studyFolder, { pid, next });
    endGroup(pid);
    kills.kills += 1;
    await untilGone(pid, studyFolder);
    const study = await readStudy(studyFolder);
    if (study.end !== null) {
      kills.late += 1;
      break;
    }
    if (next() < 0.5) {
      kills.withTrainers += 1;
      await endTrainers(studyFolder);
    }
    if (study.process === null) {
      // Killed before its first word: there is nothing to resume, and the study is begun anew.
      return;
    }
    assert.equal((await summarizeStudy(studyFolder))?.status, 'interrupted');
    ({ pid } = await resumeStudy({ ...parts, studyFolder }));
  }
  await untilGone(pid, studyFolder);
  assert.deepEqual(await resultOf(studyFolder), bench.reference, studyFolder);
  for (const { number, runFolder } of (await readStudy(studyFolder)).trials) {
    const text = readFileSync(path.join(studyFolder, runFolder, 'events.jsonl'), 'utf8');
    assert.equal(text.match(/"type":"runEnd","status":"completed"/g)?.length, 1, `trial ${number} of ${studyFolder}`);
  }
}

/** Each trial once, in order, trained to its end. */
async function resultOf(studyFolder: string): Promise<Result> {
  const { trials, end, ...study } = await readStudy(studyFolder);
  const log = readFileSync(path.join(studyFolder, 'study.log'), 'utf8');
  assert.equal(end?.status, 'completed', `${studyFolder}: ${end?.message ?? study.status} ${log}`);
  assert.deepEqual(
    trials.map(({ number }) => number),
    Array.from({ length: TRIALS }, (_, index) => index + 1),
  );
  const values = trials.map(({ number, params, value, status }) => [number, params, value, status] as const);
  // Which value a suggestion has seen depends on which trial ended first: only those before the second are fixed.
  return values.map(([number, params, value, status]) =>
    number === 1 ? [number, JSON.stringify(params), value, status] : [number, '', null, status],
  );
}

async function untilMoment(
  studyFolder: string,
  { pid, next }: { readonly pid: number; readonly next: Chance },
): Promise<void> {
  const file = path.join(studyFolder, 'study.jsonl');
  const sizeOf = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const before = sizeOf();
  const wanted = before + 40 + Math.floor(next() * 500);
  const mostMs = next() < 0.3 ? 1500 * next() : Number.POSITIVE_INFINITY;
  const startMs = performance.now();
  while (sizeOf() < wanted && performance.now() - startMs < mostMs) {
    if ((await isTrainerAlive({ pid, host: hostname() }, studyFolder)) !== true) {
      return;
    }
    await delay(1);
  }
  await delay(100 * next() ** 3);
}

async function endTrainers(studyFolder: string): Promise<void> {
  for (const { runFolder } of (await readStudy(studyFolder)).trials) {
    const folder = path.join(studyFolder, runFolder);
    const pid = Number(await readPid(folder));
    if (pid > 0 && (await isTrainerAlive({ pid, host: hostname() }, folder)) === true) {
      endGroup(pid);
      await untilGone(pid, folder);
    }
  }
}

async function readPid(folder: string): Promise<string> {
  try {
    return readFileSync(path.join(folder, 'trainer.pid'), 'utf8');
  } catch {
    return '0';
  }
}

async function untilGone(pid: number, folder: string): Promise<void> {
  while ((await isTrainerAlive({ pid, host: hostname() }, folder)) === true) {
    await delay(5);
  }
}
