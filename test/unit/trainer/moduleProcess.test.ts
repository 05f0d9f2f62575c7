/** A module that holds the thread, ends the process or leaves work running: the trainer's process ends, and the run says why. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { curveCsv, makeRun } from './support/testRun.ts';

const TRAINER = path.resolve(import.meta.dirname, '../../../src/trainer/trainer.ts');
const RECIPE = {
  name: 'Module',
  data: { csv: 'data.csv', target: 'y' },
  model: { module: './model.mjs' },
  train: { loss: 'meanSquaredError', epochs: 1, device: 'wasm' },
};

/** Trains with this module in a process of its own, and gives what is left of it. */
async function trainWith(t: TestContext, code: string, limitSeconds = 60) {
  const run = makeRun(t, JSON.stringify(RECIPE), curveCsv(30));
  writeFileSync(path.join(path.dirname(run.recipeFile), 'model.mjs'), code);
  const args = [TRAINER, run.folder, '--recipe-file', run.recipeFile, '--module-limit', String(limitSeconds)];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const exit = await new Promise<number | null>((resolve) => child.once('exit', (code_) => resolve(code_)));
  const state = run.events().reduce(reduceRun, emptyRun());
  return { exit, state, problem: state.problems[0], hasModel: existsSync(path.join(run.folder, 'model')) };
}

const MODEL = 'tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] })';

test('a build that never returns is ended, and the run says so on the module', async (t) => {
  const { state, problem, hasModel } = await trainWith(t, 'export function build() { for (;;) {} }', 0.5);
  assert.deepEqual(
    [state.status, problem?.code, problem?.path, hasModel],
    ['failed', 'recipe-module', 'model.module', false],
  );
  assert.match(problem?.message ?? '', /not given a model within 0\.5 seconds/);
  assert.equal(problem?.range?.line, 1);
});

test('a module that never finishes loading is ended too', async (t) => {
  const { state, problem } = await trainWith(t, 'for (;;) {}', 0.5);
  assert.deepEqual([state.status, problem?.code], ['failed', 'recipe-module']);
});

test('a module that ends the process fails the run, whatever its exit code', async (t) => {
  for (const code of ['process.exit(0);', 'export function build() { process.exit(0); }']) {
    const { exit, state, problem } = await trainWith(t, code);
    assert.deepEqual(
      [exit, state.status, problem?.code, problem?.path],
      [1, 'failed', 'recipe-module', 'model.module'],
    );
    assert.match(problem?.message ?? '', /has ended the process/);
  }
});

test('work that a module leaves running does not keep the process', async (t) => {
  const code = `setInterval(() => {}, 1000);\nexport function build(tf) { return ${MODEL}; }`;
  const { exit, state } = await trainWith(t, code);
  assert.deepEqual([exit, state.status], [0, 'completed']);
});
