/** The command line as scripts use it: what it prints, and the exit codes. Runs the built one, with the real trainer. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { writeTinyRecipe } from '../support/tinyRecipe.ts';
import { tinyCsv, tinyRecipe } from '../support/tinyText.ts';

const cli = path.resolve(import.meta.dirname, '../../../dist/cli.mjs');
const longRecipe = tinyRecipe.replace('epochs: 3', 'epochs: 1000000, checkpoint: { everyEpochs: 5 }');

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: string[], cwd: string): { child: ChildProcess; ended: Promise<Outcome> } {
  const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) };
}

const run = (recipeFile: string, ...args: string[]) => start(args, path.dirname(recipeFile)).ended;

function onlyRun(recipeFile: string): string {
  const runs = path.join(path.dirname(recipeFile), '.skillet/runs');
  const [name, ...others] = readdirSync(runs);
  assert.ok(name !== undefined && others.length === 0, 'not exactly one run');
  return path.join(runs, name);
}

function eventsOf(runFolder: string): RunEvent[] {
  const file = path.join(runFolder, 'events.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Starts a run without end and waits until it trains; its trainer ends with the test. */
async function startLong(t: TestContext) {
  const recipeFile = writeTinyRecipe(t, { recipe: longRecipe });
  const started = start(['train', 'tiny.recipe.yaml'], path.dirname(recipeFile));
  const runs = path.join(path.dirname(recipeFile), '.skillet/runs');
  while (!existsSync(runs) || readdirSync(runs).filter((name) => !name.startsWith('.')).length === 0) {
    await delay(10);
  }
  const runFolder = onlyRun(recipeFile);
  while (!eventsOf(runFolder).some((event) => event.type === 'checkpoint')) {
    await delay(10);
  }
  const launch = eventsOf(runFolder)[0];
  assert.ok(launch?.type === 'launch');
  t.after(() => {
    started.child.kill('SIGKILL');
    try {
      process.kill(launch.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return { recipeFile, runFolder, pid: launch.pid, ...started };
}

test('a trained recipe exits with 0 and leaves the run and the model', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const { code, out, err } = await run(recipeFile, 'train', 'tiny.recipe.yaml');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /the network +\d/);
  assert.ok(existsSync(path.join(onlyRun(recipeFile), 'model/model.json')));
});

test('--json prints exactly the events of the run', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const { code, out } = await run(recipeFile, 'train', 'tiny.recipe.yaml', '--json');
  assert.equal(code, 0);
  assert.equal(out, readFileSync(path.join(onlyRun(recipeFile), 'events.jsonl'), 'utf8'));
});

test('parameters, seed, epochs, device and the folder can be given', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const args = [
    '--param',
    'units=7',
    '--seed',
    '3',
    '--epochs',
    '2',
    '--device',
    'wasm',
    '--run-dir',
    'here',
    '--quiet',
  ];
  const { code, out } = await run(recipeFile, 'train', 'tiny.recipe.yaml', ...args);
  assert.deepEqual([code, out], [0, '']);
  const begun = eventsOf(path.join(path.dirname(recipeFile), 'here')).find((event) => event.type === 'runStart');
  assert.ok(begun?.type === 'runStart');
  assert.deepEqual([begun.params.units, begun.seed, begun.epochs, begun.backend.name], [7, 3, 2, 'wasm']);
});

test('a faulty recipe exits with 2 and names file, line, field and remedy', async (t) => {
  const recipeFile = writeTinyRecipe(t, { recipe: tinyRecipe.replace('batchSize', 'batchsize') });
  const { code, err } = await run(recipeFile, 'train', 'tiny.recipe.yaml');
  assert.equal(code, 2);
  assert.match(err, /^tiny\.recipe\.yaml:7:51 train\.batchsize: .*Did you mean batchSize\?.*\(recipe-unknown-key\)\n$/);
});

/** CSV text that is refused → the code and a word of the message. */
const BAD_DATA: Record<string, [string, RegExp]> = {
  'text in a number column': [tinyCsv.replace('\n3,', '\nthree,'), /three.*\(data-not-a-number\)/],
  'a ragged row': [tinyCsv.replace('\n3,', '\n3,3,'), /\(data-ragged\)/],
  'no rows': ['a,b,y\n', /\(data-empty\)/],
  nothing: ['', /\(data-empty\)/],
  'no target column': [tinyCsv.replace('a,b,y', 'a,b,z'), /data\.target.*\(data-unknown-column\)/],
  'an empty field': [tinyCsv.replace('\n3,', '\n,'), /\(data-missing-value\)/],
};

for (const [what, [csv, message]] of Object.entries(BAD_DATA)) {
  test(`data with ${what} exits with 2 and says so`, async (t) => {
    const { code, out, err } = await run(writeTinyRecipe(t, { csv }), 'train', 'tiny.recipe.yaml');
    assert.equal(code, 2, out + err);
    assert.match(out + err, message);
  });
}

test('more test rows than rows exits with 2', async (t) => {
  const recipeFile = writeTinyRecipe(t, { recipe: tinyRecipe.replace('rows: 8', 'rows: 41') });
  const { code, out } = await run(recipeFile, 'train', 'tiny.recipe.yaml');
  assert.equal(code, 2);
  assert.match(out, /41.*40.*\(data-split\)/);
});

test('an unknown option, command or file exits with 2', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  for (const args of [
    ['train', 'tiny.recipe.yaml', '--foo'],
    ['bake'],
    ['train', 'gone.recipe.yaml'],
    ['train'],
    ['train', 'tiny.recipe.yaml', '--epochs', 'many'],
    ['show', '.'],
    ['resume', '.'],
  ]) {
    const { code, err } = await run(recipeFile, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, /\((cli-usage|recipe-unreadable|run-unreadable|run-not-resumable)\)\n$/);
  }
});

test('a folder that cannot be written exits with 2', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const { code, err } = await run(recipeFile, 'train', 'tiny.recipe.yaml', '--out', 'tiny.csv/runs');
  assert.equal(code, 2);
  assert.match(err, /\(run-folder\)/);
});

test('a loss that explodes exits with 1 and names the layer', async (t) => {
  const recipe = tinyRecipe.replace('batchSize: 8', 'batchSize: 8, optimizer: { sgd: { learningRate: 1e30 } }');
  const { code, out } = await run(writeTinyRecipe(t, { recipe }), 'train', 'tiny.recipe.yaml');
  assert.equal(code, 1);
  assert.match(out, /model\[\d\]\.dense.*\(run-not-finite\)/);
});

test('check and runs and show say what is there without training', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  assert.equal((await run(recipeFile, 'check', 'tiny.recipe.yaml')).code, 0);
  assert.match((await run(recipeFile, 'runs')).out, /^No runs in /);
  await run(recipeFile, 'train', 'tiny.recipe.yaml', '--quiet');
  const [listed] = JSON.parse((await run(recipeFile, 'runs', '--json')).out);
  assert.deepEqual([listed.name, listed.status, listed.epochsDone], ['Tiny', 'completed', 3]);
  assert.match((await run(recipeFile, 'runs')).out, /Tiny +completed +3\/3 +rmse/);
  assert.match((await run(recipeFile, 'show', onlyRun(recipeFile))).out, /the network/);
  writeFileSync(recipeFile, tinyRecipe.replace('units: 1', 'units: 0'));
  assert.equal((await run(recipeFile, 'check', 'tiny.recipe.yaml')).code, 2);
});

test('Ctrl+C stops at the next step, exits with 3, and the run can be resumed', async (t) => {
  const { child, ended, runFolder } = await startLong(t);
  child.kill('SIGINT');
  const { code, err } = await ended;
  assert.equal(code, 3);
  assert.match(err, /Stopping at the next step/);
  assert.equal(eventsOf(runFolder).at(-1)?.type, 'runEnd');
});

test('a killed trainer exits with 1 and the way to go on, which goes on', async (t) => {
  const { pid, ended, runFolder, recipeFile } = await startLong(t);
  process.kill(pid, 'SIGKILL');
  const { code, err } = await ended;
  assert.equal(code, 1);
  assert.ok(err.includes(`skillet resume ${runFolder}`), err);
  const before = eventsOf(runFolder).filter((event) => event.type === 'epochEnd').length;
  assert.ok(before >= 5);
  const resumed = start(['resume', runFolder], path.dirname(recipeFile));
  while (!eventsOf(runFolder).some((event) => event.type === 'runResume')) {
    await delay(10);
  }
  assert.equal((await run(recipeFile, 'stop', runFolder)).code, 0);
  assert.equal((await resumed.ended).code, 3);
});

test('a detached run goes on by itself, and a run that trains is not resumed', async (t) => {
  const recipeFile = writeTinyRecipe(t, { recipe: longRecipe });
  const { code, out } = await run(recipeFile, 'train', 'tiny.recipe.yaml', '--detach');
  assert.equal(code, 0);
  const runFolder = out.trim();
  while (!eventsOf(runFolder).some((event) => event.type === 'runStart')) {
    await delay(10);
  }
  assert.equal((await run(recipeFile, 'resume', runFolder)).code, 2);
  assert.equal((await run(recipeFile, 'stop', runFolder)).code, 0);
  while (eventsOf(runFolder).at(-1)?.type !== 'runEnd') {
    await delay(10);
  }
  rmSync(runFolder, { recursive: true });
});
