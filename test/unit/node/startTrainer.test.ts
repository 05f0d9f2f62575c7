/** Starting the trainer: a process of its own that outlives whoever started it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { startTrainer } from '../../../src/node/startTrainer.ts';
import { endProcess, exists } from '../../fixtures/processes.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

/** In the trainer's place: says what it was given, then lives on. */
const script = `console.log(JSON.stringify({ args: process.argv.slice(2), electron: process.env.ELECTRON_RUN_AS_NODE }));
console.error('to stderr');
setInterval(() => 0, 1e6);`;

const ENGINE = { cacheFolder: '/caches/a b', tensorflowFolder: null };

function setUp(t: TestContext) {
  const runFolder = tempFolder(t);
  const trainerFile = path.join(runFolder, 'trainer.mjs');
  writeFileSync(trainerFile, script);
  const log = path.join(runFolder, 'trainer.log');
  return {
    start: {
      runFolder,
      recipeFile: '/recipes/a b.recipe.yaml',
      trainerFile,
      execPath: process.execPath,
      engine: ENGINE,
    },
    logText: () =>
      waitFor('the output', () => {
        const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
        return text.endsWith('to stderr\n') ? text : null;
      }),
  };
}

test('it gets its arguments as they are, and what it prints goes to trainer.log', async (t) => {
  const { start, logText } = setUp(t);
  const { pid } = await startTrainer(start);
  t.after(() => endProcess(pid));
  const [first = ''] = (await logText()).split('\n');
  assert.deepEqual(JSON.parse(first), {
    args: [start.runFolder, '--recipe-file', '/recipes/a b.recipe.yaml', '--cache', '/caches/a b'],
    electron: '1',
  });
});

test('it is told which TensorFlow to load', async (t) => {
  const { start, logText } = setUp(t);
  const { pid } = await startTrainer({ ...start, engine: { ...ENGINE, tensorflowFolder: '/site/tensorflow' } });
  t.after(() => endProcess(pid));
  const [first = ''] = (await logText()).split('\n');
  assert.deepEqual(JSON.parse(first).args.slice(-2), ['--tensorflow', '/site/tensorflow']);
});

test('a resumed run says so, and its output follows that of the first process', async (t) => {
  const { start, logText } = setUp(t);
  writeFileSync(path.join(start.runFolder, 'trainer.log'), 'earlier\n');
  const { pid } = await startTrainer({ ...start, resume: true });
  t.after(() => endProcess(pid));
  const [earlier, first = ''] = (await logText()).split('\n');
  assert.equal(earlier, 'earlier');
  assert.deepEqual(JSON.parse(first).args.slice(-1), ['--resume']);
});

test('it goes on when the process that started it has ended', async (t) => {
  const { start, logText } = setUp(t);
  const module = path.resolve(import.meta.dirname, '../../../src/node/startTrainer.ts');
  const starter = `import { startTrainer } from ${JSON.stringify(module)};
    console.log((await startTrainer(${JSON.stringify(start)})).pid);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', starter]);
  const pid = Number(stdout);
  t.after(() => endProcess(pid));
  await logText();
  assert.ok(exists(pid), 'the starter has ended, the trainer has not');
});

test('a program that cannot be started is told by name', async (t) => {
  const { start } = setUp(t);
  const execPath = path.join(start.runFolder, 'no-such-node');
  await assert.rejects(startTrainer({ ...start, execPath }), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'trainer-died');
    assert.ok(error.message.includes(execPath), error.message);
    return true;
  });
});

test('a run folder that is gone is told as one that cannot be written', async (t) => {
  const { start } = setUp(t);
  const runFolder = path.join(start.runFolder, 'gone');
  await assert.rejects(startTrainer({ ...start, runFolder }), { code: 'run-folder', path: runFolder });
});
