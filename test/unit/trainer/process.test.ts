/** The trainer as a process: signals, kills, full disks. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { curveCsv, makeRun, type TestRun } from './support/testRun.ts';

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

/** Waits until the run's events hold the text. */
async function untilWritten({ folder }: TestRun, text: string): Promise<void> {
  const file = path.join(folder, 'events.jsonl');
  const deadline = Date.now() + 20_000;
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes(text)) {
    assert.ok(Date.now() < deadline, `${text} was not written in 20 s`);
    await setTimeout(20);
  }
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

test('without its arguments the process tells how it is used', async (t) => {
  const child = spawn(process.execPath, [TRAINER], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const [chunk] = await new Promise<Buffer[]>((resolve) =>
    child.stderr.once('data', (data: Buffer) => resolve([data])),
  );
  assert.match(String(chunk), /^Usage: trainer <runFolder>/);
});
