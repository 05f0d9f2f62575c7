/** The trainer as a process: signals, kills, full disks. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { waitFor } from '../../fixtures/tempFolder.ts';
import { weightsOf } from './support/curveRun.ts';
import { curveCsv, lastOf, makeRun, type TestRun } from './support/testRun.ts';

const TRAINER = path.resolve(import.meta.dirname, '../../../src/trainer/trainer.ts');
const ENDLESS = {
  name: 'Endless',
  data: { csv: 'data.csv', target: 'y' },
  model: [{ dense: { units: 4, activation: 'tanh' } }, { dense: { units: 1 } }],
  train: { loss: 'meanSquaredError', epochs: 10_000_000, device: 'wasm', checkpoint: { everySeconds: 0.05 } },
};

function start(t: TestContext, { folder, recipeFile }: TestRun, { resume = false, wrap = [] as string[] } = {}) {
  const args = [process.execPath, TRAINER, folder, '--recipe-file', recipeFile, ...(resume ? ['--resume'] : [])];
  const [command = '', ...rest] = [...wrap, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, exit, errors: () => errors };
}

/** Waits until the whole lines of the run's events are as wanted. */
async function waitForEvents({ folder }: TestRun, isWanted: (events: RunEvent[]) => boolean): Promise<void> {
  const file = path.join(folder, 'events.jsonl');
  await waitFor('the events', () => {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    return isWanted(lines.map((line) => JSON.parse(line) as RunEvent));
  });
}

/** Takes the half line off that a killed trainer may have left, for readers that want whole ones. */
function repairTorn({ folder }: TestRun): void {
  const file = path.join(folder, 'events.jsonl');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.lastIndexOf('\n') + 1));
}

/** Waits until the run's events hold the text. */
async function untilWritten({ folder }: TestRun, text: string): Promise<void> {
  const file = path.join(folder, 'events.jsonl');
  await waitFor(text, () => existsSync(file) && readFileSync(file, 'utf8').includes(text));
}

test('SIGTERM stops the process politely: it evaluates, saves and exits with 0', async (t) => {
  const run = makeRun(t, JSON.stringify(ENDLESS), curveCsv(100));
  const { child, exit, errors } = start(t, run);
  await untilWritten(run, '"type":"steps"');
  child.kill('SIGTERM');
  assert.equal(await exit, 0, errors());
  const state = run.events().reduce(reduceRun, emptyRun());
  assert.deepEqual([state.status, state.evaluation?.rows, state.trainer?.pid], ['stopped', 20, child.pid]);
});

test('a killed process leaves a run that another goes on with', async (t) => {
  const run = makeRun(t, JSON.stringify(ENDLESS), curveCsv(100));
  const first = start(t, run);
  await untilWritten(run, '"type":"checkpoint"');
  first.child.kill('SIGKILL');
  await first.exit;
  const second = start(t, run, { resume: true });
  await untilWritten(run, '"type":"runResume"');
  second.child.kill('SIGTERM');
  assert.equal(await second.exit, 0, second.errors());
  const state = run.events().reduce(reduceRun, emptyRun());
  assert.equal(state.status, 'stopped');
  assert.ok((state.checkpoint?.step ?? 0) > 0);
});

test('when the disk takes no more, the process says so and what was written stays readable', async (t) => {
  if (process.platform !== 'linux') {
    t.skip('needs the file size limit of a Linux shell');
    return;
  }
  const run = makeRun(t, JSON.stringify({ ...ENDLESS, train: { ...ENDLESS.train, checkpoint: {} } }), curveCsv(100));
  const wrap = ['bash', '-c', 'ulimit -f 40; exec "$@"', 'bash'];
  const { exit, errors } = start(t, run, { wrap });
  assert.equal(await exit, 1);
  assert.match(errors(), /cannot be written: .*\(run-folder\)/);
  const state = run.events().reduce(reduceRun, emptyRun());
  assert.ok(state.stepLoss.length > 0);
});

const LONG = {
  ...{ epochs: 150, batchSize: 4, validationSplit: 0.2, device: 'wasm', loss: 'meanSquaredError', metrics: ['rmse'] },
  optimizer: { adam: { learningRate: 0.01 } },
};
const longRecipe = (checkpoint: object) =>
  JSON.stringify({
    ...ENDLESS,
    model: [{ dense: { units: 4, activation: 'tanh' } }, { dropout: { rate: 0.2 } }, { dense: { units: 1 } }],
    train: { ...LONG, checkpoint },
  });

test('killed again and again, a run goes on to the same weights, losses and metrics to the byte', async (t) => {
  const whole = makeRun(t, longRecipe({}), curveCsv(60));
  await whole.train();
  const parted = makeRun(t, longRecipe({ everySeconds: 0.02 }), curveCsv(60));
  for (let kills = 0; kills < 3; kills += 1) {
    const { child, exit } = start(t, parted, { resume: kills > 0 });
    const before = kills === 0 ? 0 : parted.events().length;
    await waitForEvents(parted, (events) => events.slice(before).filter(({ type }) => type === 'steps').length > 2);
    child.kill('SIGKILL');
    await exit;
    repairTorn(parted);
  }
  const last = start(t, parted, { resume: true });
  assert.equal(await last.exit, 0, last.errors());
  const [end, reference] = [parted, whole].map((run) => run.events().reduce(reduceRun, emptyRun()));
  assert.deepEqual(weightsOf(parted.folder), weightsOf(whole.folder));
  assert.deepEqual(end?.stepLoss, reference?.stepLoss);
  assert.deepEqual(
    end?.epochs.map(({ epoch, metrics }) => [epoch, metrics]),
    reference?.epochs.map(({ epoch, metrics }) => [epoch, metrics]),
  );
});

test('a real trainer pauses, does single steps, outlives a torn command, and goes on when it was killed in the pause', async (t) => {
  const run = makeRun(t, JSON.stringify(ENDLESS), curveCsv(100));
  const first = start(t, run);
  await untilWritten(run, '"type":"checkpoint"');
  const control = path.join(run.folder, 'control.jsonl');
  // In quick succession, and with half a line of somebody else between.
  appendFileSync(control, '{"type":"pause"}\n{"type":"resume"}\n{"type":"pause"}\n{"type":"ste');
  await untilWritten(run, '"state":"paused"');
  const pausedAt = () => run.events().reduce(reduceRun, emptyRun());
  await waitForEvents(run, (events) => events.findLast(({ type }) => type === 'state') !== undefined);
  const { step } = lastOf(run.events(), 'state') ?? { step: 0 };
  appendFileSync(control, 'p"}\n{"type":"step"}\n');
  await waitForEvents(run, () => pausedAt().stepLoss.length === step + 2);
  assert.equal(pausedAt().status, 'paused');
  first.child.kill('SIGKILL');
  await first.exit;
  const second = start(t, run, { resume: true });
  await waitForEvents(run, (events) => {
    const resumed = events.findLastIndex(({ type }) => type === 'runResume');
    return resumed >= 0 && events.slice(resumed).some(({ type }) => type === 'steps');
  });
  assert.equal(pausedAt().status, 'running');
  second.child.kill('SIGTERM');
  assert.equal(await second.exit, 0, second.errors());
  assert.equal(pausedAt().status, 'stopped');
});

test('without its arguments the process tells how it is used', async (t) => {
  const child = spawn(process.execPath, [TRAINER], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const [chunk] = await new Promise<Buffer[]>((resolve) =>
    child.stderr.once('data', (data: Buffer) => resolve([data])),
  );
  assert.match(String(chunk), /^Usage: trainer <runFolder>/);
});
