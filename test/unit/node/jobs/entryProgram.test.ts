/** The program by which a job begins, run for real in a folder that stands for the container's. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { RunEvent } from '../../../../src/common/run/events.ts';
import { bundleRecipe, bundleScript } from '../../../../src/node/jobs/makeBundle.ts';
import { readRun } from '../../../../src/node/readRun.ts';
import { endProcess } from '../../../fixtures/processes.ts';
import { tempFolder, waitFor } from '../../../fixtures/tempFolder.ts';
import { tinyCsv, tinyRecipe } from '../../../fixtures/tinyRecipe.ts';
import { trainerBundle } from '../../../fixtures/trainToEnd.ts';

const LONG = tinyRecipe.replace('epochs: 3', 'epochs: 1000000, checkpoint: { everyEpochs: 5 }');

function test(name: string, body: (t: TestContext) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(trainerBundle)) {
      t.skip('dist/trainer.mjs is not built: npm run build');
    } else if (process.platform !== 'linux') {
      t.skip('the program is for Linux containers');
    } else {
      await body(t);
    }
  });
}

interface Container {
  readonly folder: string;
  readonly run: string;
  start(env?: Record<string, string>): Promise<Started>;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; output: string }>;
}

/** What a container has on its PATH; Node only where it is asked for. */
function container(t: TestContext, bundle: string, programs: readonly string[] = ['node']): Container {
  const folder = tempFolder(t);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const own =
    'bash mkdir mktemp rm cp tail head grep sed tar gzip sha512sum uname chmod dirname cat sleep curl wget python3';
  for (const name of own.split(' ')) {
    const found = ['/usr/bin', '/bin', '/usr/local/bin']
      .map((at) => path.join(at, name))
      .find((file) => existsSync(file));
    if (found !== undefined) {
      symlinkSync(found, path.join(bin, name));
    }
  }
  if (programs.includes('node')) {
    symlinkSync(process.execPath, path.join(bin, 'node'));
  }
  const ml = path.join(folder, 'ml');
  return {
    folder: ml,
    run: path.join(ml, 'checkpoints/run'),
    async start(env = {}) {
      const child = spawn('/bin/bash', [path.join(bundle, 'entry.sh')], {
        env: { PATH: bin, HOME: folder, TMPDIR: folder, SKILLET_ML: ml, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      t.after(() => endProcess(child.pid ?? 0));
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      return { child, ended: once(child, 'close').then(([code]) => ({ code, output })) };
    },
  };
}

async function recipeBundle(t: TestContext, recipe: string): Promise<{ bundle: string; recipeFile: string }> {
  const folder = tempFolder(t);
  const recipeFile = path.join(folder, "it's.recipe.yaml");
  writeFileSync(recipeFile, recipe);
  writeFileSync(path.join(folder, 'tiny.csv'), tinyCsv);
  const bundle = tempFolder(t);
  await bundleRecipe({
    ...{ recipeFile, folder: bundle, trainerFile: trainerBundle, version: '9.9.9' },
    cacheFolder: path.join(folder, 'cache'),
  });
  return { bundle, recipeFile };
}

const events = (run: string): RunEvent[] =>
  existsSync(path.join(run, 'events.jsonl'))
    ? readFileSync(path.join(run, 'events.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line))
    : [];

test('a recipe is trained to its end in the folder that is kept, and says where it came from', async (t) => {
  const { bundle, recipeFile } = await recipeBundle(t, tinyRecipe);
  const { run, folder, start } = container(t, bundle);
  const { code, output } = await (await start()).ended;
  assert.equal(code, 0, output);
  const launch = events(run).find((event) => event.type === 'launch');
  assert.deepEqual([launch?.recipeFile, launch?.skillet], [recipeFile, '9.9.9']);
  assert.equal((await readRun(run)).end?.status, 'completed');
  assert.ok(
    readdirSync(path.join(folder, 'model')).includes('model.json'),
    'the model is not where the service takes it',
  );
  const lines = events(run).length;
  const again = await (await start()).ended;
  assert.deepEqual([again.code, events(run).length], [0, lines]);
  assert.match(again.output, /trained to its end already/);
});

test('a stop ends the run as stopped with a checkpoint, and the next machine goes on from it', async (t) => {
  const { bundle } = await recipeBundle(t, LONG);
  const { run, start } = container(t, bundle);
  const epochs = () => events(run).filter((event) => event.type === 'epochEnd').length;
  const first = await start();
  await waitFor('some epochs', () => epochs() > 10);
  first.child.kill('SIGTERM');
  const { code, output } = await first.ended;
  assert.equal(code, 143, output);
  assert.equal((await readRun(run)).end?.status, 'stopped');
  const before = epochs();
  const second = await start();
  await waitFor('more epochs', () => epochs() > before + 5);
  second.child.kill('SIGTERM');
  assert.equal((await second.ended).code, 143);
  const resume = events(run).find((event) => event.type === 'runResume');
  assert.ok(resume !== undefined, 'it began anew');
});

test('a machine that is taken away without a word leaves a run that the next one goes on with', async (t) => {
  const { bundle } = await recipeBundle(t, LONG);
  const { run, start } = container(t, bundle);
  const first = await start();
  const launched = await waitFor('a checkpoint', () =>
    events(run).some((event) => event.type === 'checkpoint') ? events(run).find(({ type }) => type === 'launch') : null,
  );
  endProcess(first.child.pid ?? 0);
  endProcess(launched.type === 'launch' ? launched.pid : 0);
  await first.ended;
  const second = await start();
  await waitFor('the run to go on', () => events(run).some((event) => event.type === 'runResume'));
  second.child.kill('SIGTERM');
  assert.equal((await second.ended).code, 143);
});

test('a recipe whose run fails says why where the service looks for it', async (t) => {
  const { bundle } = await recipeBundle(
    t,
    tinyRecipe.replace('device: js', 'device: js, optimizer: { sgd: { learningRate: 1e30 } }'),
  );
  const { folder, run, start } = container(t, bundle);
  const { code, output } = await (await start()).ended;
  assert.equal(code, 1, output);
  const said = events(run).findLast((event) => event.type === 'runEnd');
  assert.ok(said?.type === 'runEnd' && said.status === 'failed');
  const told = readFileSync(path.join(folder, 'output/failure'), 'utf8').trim();
  assert.ok(told.length > 20 && said.message.includes(told.slice(0, 40)), `${told} | ${said.message}`);
});

test('a container without Node.js fetches the one that is named, and no other', async (t) => {
  const { bundle } = await recipeBundle(t, tinyRecipe);
  const made = tempFolder(t);
  mkdirSync(path.join(made, 'package/bin'), { recursive: true });
  writeFileSync(path.join(made, 'package/bin/node'), `#!/bin/bash\nexec ${process.execPath} "$@"\n`);
  const archive = path.join(made, 'node.tgz');
  execFileSync('tar', ['-czf', archive, '-C', made, 'package']);
  const SKILLET_NODE_URL = pathToFileURL(archive).href;
  const SKILLET_NODE_SHA512 = createHash('sha512').update(readFileSync(archive)).digest('hex');
  const good = container(t, bundle, []);
  const { code, output } = await (await good.start({ SKILLET_NODE_URL, SKILLET_NODE_SHA512 })).ended;
  assert.equal(code, 0, output);
  const bad = container(t, bundle, []);
  const refused = await (await bad.start({ SKILLET_NODE_URL })).ended;
  assert.equal(refused.code, 1);
  assert.match(readFileSync(path.join(bad.folder, 'output/failure'), 'utf8'), /^Node\.js could not be fetched/);
});

test('a script runs among its files with its arguments, and its end is told; a stop reaches it', async (t) => {
  const folder = tempFolder(t);
  const scriptFile = path.join(folder, 'train me.sh');
  writeFileSync(scriptFile, 'cat data.txt; printf "%s|" "$@"; echo done > "$SKILLET_RUN/result.txt"; exit 7\n');
  writeFileSync(path.join(folder, 'data.txt'), 'the data\n');
  const bundle = tempFolder(t);
  await bundleScript({ scriptFile, language: 'shell', args: ["it's", 'a $b'], folder: bundle });
  const { run, start } = container(t, bundle);
  const { code, output } = await (await start()).ended;
  assert.deepEqual([code, output], [7, "the data\nit's|a $b|"]);
  assert.equal(readFileSync(path.join(run, 'result.txt'), 'utf8'), 'done\n');
  writeFileSync(scriptFile, 'trap "echo told; exit 0" TERM; echo ready; while true; do sleep 0.05; done\n');
  rmSync(bundle, { recursive: true });
  await bundleScript({ scriptFile, language: 'shell', args: [], folder: bundle });
  const other = container(t, bundle);
  const begun = await other.start();
  await once(begun.child.stdout ?? begun.child, 'data');
  begun.child.kill('SIGTERM');
  const stopped = await begun.ended;
  assert.deepEqual([stopped.code, stopped.output], [143, 'ready\ntold\n']);
});

test('an image without the language of a script is told', async (t) => {
  const folder = tempFolder(t);
  const scriptFile = path.join(folder, 'fit.R');
  writeFileSync(scriptFile, 'print(1)\n');
  const bundle = tempFolder(t);
  await bundleScript({ scriptFile, language: 'r', args: [], folder: bundle });
  const { folder: ml, start } = container(t, bundle);
  assert.equal((await (await start()).ended).code, 1);
  assert.match(readFileSync(path.join(ml, 'output/failure'), 'utf8'), /no Rscript/);
});
