/** Runs of a tiny recipe in real trainer processes that are killed: what must be true after each kill, and at the end. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRun } from '../../src/node/createRun.ts';
import { isTrainerAlive } from '../../src/node/isTrainerAlive.ts';
import { listRuns } from '../../src/node/listRuns.ts';
import { parseEvent } from '../../src/node/parseEvent.ts';
import { isInterrupted, readRun } from '../../src/node/readRun.ts';
import { startTrainer } from '../../src/node/startTrainer.ts';
import { TINY_CSV, TINY_RECIPE } from '../fixtures/runFolders.ts';

export const TRAINER_FILE = path.resolve(import.meta.dirname, '../../dist/trainer.mjs');

/** `large` makes checkpoints of a megabyte, so that kills fall into them. */
export type Size = 'small' | 'large';

export interface Bench {
  readonly folder: string;
  readonly size: Size;
  readonly recipeFile: string;
  /** The trainer's bundle. */
  readonly trainerFile: string;
  /** What the run that nobody disturbed ended with. */
  readonly reference: Outcome;
}

interface Outcome {
  readonly weights: string;
  readonly losses: string;
  readonly epochs: string;
  readonly evaluation: string;
  readonly bytes: number;
}

export interface Kills {
  kills: number;
  /** Kills that came before the run had begun, and after its end. */
  early: number;
  late: number;
  resumes: number;
  /** Power cuts that were made up after a kill. */
  cuts: number;
  runs: number;
}

export type Chance = () => number;

export function recipeOf(size: Size): string {
  const shape = size === 'small' ? TINY_RECIPE : TINY_RECIPE.replace('units: 4', 'units: 60000');
  const train = `checkpoint: { everyEpochs: 1 }\n  validationSplit: 0.25\n  epochs: ${size === 'small' ? 60 : 12}`;
  return shape.replace('epochs: 3', train).replace('sgd: { learningRate: 0.01 }', 'adam: { learningRate: 0.001 }');
}

/** Trains once without a kill. */
export async function makeBench(folder: string, size: Size, trainerFile = TRAINER_FILE): Promise<Bench> {
  const recipeFile = path.join(folder, `${size}.recipe.yaml`);
  writeFileSync(recipeFile, recipeOf(size));
  writeFileSync(path.join(folder, 'tiny.csv'), TINY_CSV);
  const { runFolder } = await createRun({ recipeFile, now: new Date() });
  const pid = await start({ folder, recipeFile, trainerFile }, runFolder, false);
  await untilGone(pid, runFolder);
  return { folder, size, recipeFile, trainerFile, reference: await outcomeOf(runFolder) };
}

async function outcomeOf(runFolder: string): Promise<Outcome> {
  const run = await readRun(runFolder);
  assert.equal(run.status, 'completed', `${runFolder}: ${run.end?.message ?? 'no end'}`);
  const weights = readFileSync(path.join(runFolder, 'model/weights.bin'));
  return {
    weights: createHash('sha256').update(weights).digest('hex'),
    losses: JSON.stringify(Array.from({ length: run.stepLoss.length }, (_, step) => run.stepLoss.at(step))),
    epochs: JSON.stringify(run.epochs.map(({ epoch, metrics }) => [epoch, metrics])),
    evaluation: JSON.stringify(run.evaluation?.metrics),
    bytes: statSync(path.join(runFolder, 'events.jsonl')).size,
  };
}

async function start(
  { folder, recipeFile, trainerFile }: Pick<Bench, 'folder' | 'recipeFile' | 'trainerFile'>,
  runFolder: string,
  resume: boolean,
): Promise<number> {
  const engine = { cacheFolder: path.join(folder, 'cache'), tensorflowFolder: null };
  const { pid } = await startTrainer({
    runFolder,
    recipeFile,
    trainerFile,
    execPath: process.execPath,
    engine,
    resume,
  });
  return pid;
}

async function untilGone(pid: number, runFolder: string): Promise<void> {
  while ((await isTrainerAlive({ pid, host: hostname() }, runFolder)) === true) {
    await delay(5);
  }
}

/**
 * One run, killed and resumed again and again until it ends.
 *
 * @throws {AssertionError} A run that cannot be read, is not called interrupted, cannot be resumed, or ends otherwise.
 */
export async function killChain(
  bench: Bench,
  kills: Kills,
  { next, most }: { next: Chance; most: number },
): Promise<void> {
  const { runFolder } = await createRun({ recipeFile: bench.recipeFile, now: new Date() });
  kills.runs += 1;
  for (let count = 0; ; count += 1) {
    const isLast = count >= most;
    const pid = await start(bench, runFolder, count > 0);
    if (!isLast) {
      await untilMoment(bench, { runFolder, pid, next });
      endGroup(pid);
      kills.kills += 1;
    }
    await untilGone(pid, runFolder);
    const run = await readRun(runFolder);
    if (run.end !== null) {
      kills.late += isLast ? 0 : 1;
      break;
    }
    assert.ok(
      !isLast,
      `the last trainer of ${runFolder} left no end: ${readFileSync(path.join(runFolder, 'trainer.log'), 'utf8')}`,
    );
    kills.early += run.start === null ? 1 : 0;
    kills.resumes += 1;
    await checkReadable(runFolder, run.trainer !== null);
    if (next() < 0.3) {
      kills.cuts += 1;
      cutPower(runFolder, next);
      await checkReadable(runFolder, false);
    }
  }
  assert.deepEqual({ ...(await outcomeOf(runFolder)), bytes: 0 }, { ...bench.reference, bytes: 0 }, runFolder);
  assert.deepEqual(
    readdirSync(path.join(runFolder, 'checkpoints')).filter(
      (name) => !/^step-\d{9}$/.test(name) && !/^\..*\.part$/.test(name),
    ),
    [],
  );
}

async function checkReadable(runFolder: string, hasLaunched: boolean): Promise<void> {
  const run = await readRun(runFolder);
  const listed = (await listRuns(path.dirname(runFolder))).find((one) => one.runFolder === runFolder);
  assert.ok(listed !== undefined, `${runFolder} is not listed`);
  if (hasLaunched) {
    assert.equal(await isInterrupted(run, runFolder), true, `${runFolder} is not called interrupted`);
    assert.equal(listed.status, 'interrupted');
  }
}

/** At some size of the events, when a file of a checkpoint or the model appears, or after some time. */
async function untilMoment(
  { reference }: Bench,
  { runFolder, pid, next }: { readonly runFolder: string; readonly pid: number; readonly next: Chance },
): Promise<void> {
  const kind = next();
  const share = next();
  const file = path.join(runFolder, 'events.jsonl');
  const sizeOf = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const before = sizeOf();
  const isDue =
    kind < 0.5
      ? () => sizeOf() >= before + share * Math.max(1, reference.bytes - before)
      : kind < 0.8
        ? () => sizeOf() > before && hasDraft(runFolder)
        : kind < 0.9
          ? () => existsSync(path.join(runFolder, 'model'))
          : () => false;
  const startMs = performance.now();
  const mostMs = kind < 0.9 ? Number.POSITIVE_INFINITY : 600 * share;
  while (!isDue() && performance.now() - startMs < mostMs) {
    if ((await isTrainerAlive({ pid, host: hostname() }, runFolder)) !== true) {
      return;
    }
    await delay(1);
  }
  await delay(3 * share);
}

function hasDraft(runFolder: string): boolean {
  const folder = path.join(runFolder, 'checkpoints');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.part'));
}

/** The whole group, as it was started. */
export function endGroup(pid: number): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has gone.
    }
  }
}

/** Written to the disk before the write returns (`eventLog.ts`). */
const SYNCED = ['launch', 'runStart', 'runResume', 'checkpoint', 'evaluation', 'runEnd'];

/** How much of the events is surely on the disk: up to the last line that is synced, and all that a checkpoint stands on. */
function syncedBytes(runFolder: string, text: string): number {
  const checkpoint = newestStep(path.join(runFolder, 'checkpoints'));
  let synced = 0;
  let stepsPerEpoch = 1;
  for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
    const event = parseEvent(text.slice(from, to));
    stepsPerEpoch = event?.type === 'runStart' ? event.stepsPerEpoch : stepsPerEpoch;
    const isBehind =
      event !== null &&
      (SYNCED.includes(event.type) ||
        (event.type === 'steps' && event.first + event.loss.length <= checkpoint) ||
        (event.type === 'epochEnd' && event.epoch * stepsPerEpoch <= checkpoint));
    synced = isBehind ? to + 1 : synced;
  }
  return synced;
}

/** Of a checkpoint that is whole, or on its way: the events are synced before it is begun. */
function newestStep(folder: string): number {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Math.max(0, ...names.map((name) => Number(/step-(\d+)/.exec(name)?.[1] ?? 0)));
}

/**
 * What a power cut may leave, simulated on the files of a killed run: of the events, what comes after the last line that
 * was synced ends at any byte, or goes on with zeros or noise; of a checkpoint that is not renamed yet, files are empty,
 * short or noise. What was synced stays, and so does a rename once the event of its checkpoint is on the disk.
 */
function cutPower(runFolder: string, next: Chance): void {
  const file = path.join(runFolder, 'events.jsonl');
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    const synced = syncedBytes(runFolder, bytes.toString('latin1'));
    const kept = synced + Math.floor(next() * (bytes.length - synced + 1));
    const tail = next();
    const lost = Buffer.alloc(Math.floor(next() * 200), tail < 0.5 ? 0 : Math.floor(next() * 256));
    writeFileSync(file, tail < 0.4 ? bytes.subarray(0, kept) : Buffer.concat([bytes.subarray(0, kept), lost]));
  }
  const folder = path.join(runFolder, 'checkpoints');
  for (const draft of existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.part')) : []) {
    for (const name of readdirSync(path.join(folder, draft))) {
      const part = path.join(folder, draft, name);
      truncateSync(part, Math.floor(next() * statSync(part).size));
    }
  }
}
