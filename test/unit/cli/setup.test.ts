/** `skillet setup` as a process: plans, refusals, checks and removal. The install itself is tested below the command line, because its catalogue is pinned. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import { CATALOGUE } from '../../../src/node/runtime/catalogue.ts';
import { type Cli, cliFile, type Finished, startCliWith } from '../../fixtures/cliProcess.ts';
import { startIndex } from '../../fixtures/fakeIndex.ts';
import { writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

const platform = `${process.platform}-${process.arch}`;

interface Place {
  readonly folder: string;
  readonly cache: string;
  start(env: NodeJS.ProcessEnv, ...args: string[]): Cli;
  run(...args: string[]): Promise<Finished>;
}

function test(name: string, body: (t: TestContext, place: Place) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
      return;
    }
    if (!CATALOGUE.some((one) => one.platform === platform)) {
      t.skip(`TensorFlow is not published for ${platform}`);
      return;
    }
    const folder = tempFolder(t);
    const cache = path.join(folder, 'cache');
    const clean = { SKILLET_CACHE: cache, SKILLET_TENSORFLOW: '', SKILLET_PACKAGE_INDEX: '', PIP_INDEX_URL: '' };
    const start = (env: NodeJS.ProcessEnv, ...args: string[]) =>
      startCliWith(t, { folder, env: { ...clean, ...env } }, args);
    await body(t, { folder, cache, start, run: (...args) => start({}, ...args).finished });
  });
}

test('--dry-run shows sizes, folder, licence and files, and touches nothing', async (_t, { cache, run }) => {
  const { code, stdout, stderr } = await run('setup', '--dry-run', '--flavour', 'cpu');
  assert.deepEqual([code, stderr, existsSync(cache)], [0, '', false]);
  assert.match(stdout, new RegExp(`^TensorFlow [\\d.]+ for ${platform}, flavour cpu: trains on the processor`));
  assert.match(stdout, /\n {2}to fetch {5}\d+ MB from pypi\.org\n {2}on the disk {2}\d+ MB\n/);
  assert.ok(stdout.includes(path.join(cache, 'runtime', `${platform}-cpu-`)), stdout);
  assert.match(stdout, /licence {6}TensorFlow: Apache License 2\.0, https:/);
  assert.match(stdout, /nothing was fetched\.\n$/);
});

test('--json gives the plan as one object, with every hash', async (_t, { run }) => {
  const { code, stdout } = await run('setup', '--dry-run', '--flavour', 'cpu', '--json');
  const plan = JSON.parse(stdout);
  assert.deepEqual(
    [code, plan.platform, plan.flavour, plan.state, plan.fetchedBytes],
    [0, platform, 'cpu', 'absent', 0],
  );
  assert.match(plan.wheels[0].sha256, /^[0-9a-f]{64}$/);
});

test('the plan for cuda names what of it is under which licence of NVIDIA', async (t, { run }) => {
  if (platform !== 'linux-x64') {
    t.skip('CUDA is only for linux-x64');
    return;
  }
  const { code, stdout } = await run('setup', '--dry-run', '--flavour', 'cuda');
  assert.equal(code, 0);
  assert.match(stdout, /CUDA libraries: NVIDIA CUDA Toolkit EULA, https:\/\/docs\.nvidia\.com/);
  assert.match(stdout, /cuDNN: NVIDIA cuDNN Software License Agreement, https:\/\/docs\.nvidia\.com/);
  assert.match(stdout, /nvidia-cudnn-cu12 +9\.\d/);
});

test('an nvidia-smi on the PATH makes cuda the default', async (t, { folder, start }) => {
  if (platform !== 'linux-x64') {
    t.skip('CUDA is only for linux-x64');
    return;
  }
  writeFileSync(path.join(folder, 'nvidia-smi'), '');
  const env = { PATH: `${folder}${path.delimiter}${process.env.PATH}` };
  const { stdout } = await start(env, 'setup', '--dry-run', '--json').finished;
  assert.equal(JSON.parse(stdout).flavour, 'cuda');
});

test("a mirror is taken from the option, our variable or pip's, and its password is not told", async (_t, {
  start,
}) => {
  const host = async (env: NodeJS.ProcessEnv, ...args: string[]) =>
    JSON.parse((await start(env, 'setup', '--dry-run', '--json', ...args).finished).stdout).index;
  const env = {
    SKILLET_PACKAGE_INDEX: 'https://ada:secret@ours.example/simple',
    PIP_INDEX_URL: 'https://pip.example/',
  };
  assert.equal(await host(env, '--index', 'https://named.example:8443/simple'), 'named.example:8443');
  assert.equal(await host(env), 'ours.example');
  assert.equal(await host({ PIP_INDEX_URL: env.PIP_INDEX_URL }), 'pip.example');
});

test('without a terminal and without --yes nothing is fetched, and the remedy is told', async (_t, { cache, run }) => {
  for (const more of [[], ['--json']]) {
    const { code, stdout, stderr } = await run('setup', '--flavour', 'cpu', ...more);
    assert.deepEqual([code, stdout, existsSync(cache)], [2, '', false]);
    assert.match(stderr, /no terminal to ask on\. .*--dry-run.*--yes\. \(cli-usage\)\n$/);
  }
});

test('wrong options are refused with code 2', async (_t, { run }) => {
  const cases: [string[], RegExp][] = [
    [['--flavour', 'rocm'], /--flavour: "rocm" is no flavour/],
    [['--index', 'pypi'], /pypi: is no address of a package index/],
    [['--uninstall', '--dry-run'], /exclude each other/],
    [['--uninstall', '--flavour', 'cpu'], /--uninstall: takes no --flavour: it removes all that setup has installed/],
    [['--uninstall', '--index', 'https://mirror.example/simple'], /--uninstall: takes no --index/],
    [['now'], /'now'.* arguments\. See skillet/],
    [['--flavor', 'cpu'], /'--flavor'\. See skillet setup --help\./],
    [['--tensorflow', '.'], /: holds no TensorFlow: looked for libtensorflow_cc/],
    [['--tensorflow', 'gone'], /gone: is no folder, so no TensorFlow is in it\. Name Python's tensorflow package/],
    [['--tensorflow', ''], /--tensorflow: names no folder\./],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await run('setup', ...args);
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\(internal\)|\n {4}at /);
  }
});

test('an index with another file of that name is refused with code 1, and no runtime is left', async (t, place) => {
  const wanted = CATALOGUE.find((one) => one.platform === platform && one.flavour === 'cpu');
  const [wheel] = wanted?.wheels ?? [];
  assert.ok(wheel);
  const index = await startIndex(t, [{ wheel, data: Buffer.from('x') }], { publishedHash: 'ab'.repeat(32) });
  const { code, stderr } = await place.run('setup', '--flavour', 'cpu', '--yes', '--index', index.url);
  assert.equal(code, 1);
  assert.match(stderr, /is another file on 127\.0\.0\.1:\d+ than the one Skillet knows .*\(runtime-index\)\n$/);
  assert.deepEqual(index.requests, [`/simple/${wheel.project}/`]);
  assert.match((await place.run('setup', '--uninstall')).stdout, /nothing to remove/);
});

test('Ctrl+C cancels with code 130, keeps what was fetched and says so', async (t, { cache, start }) => {
  const wanted = CATALOGUE.find((one) => one.platform === platform && one.flavour === 'cpu');
  const [wheel] = wanted?.wheels ?? [];
  assert.ok(wheel);
  const index = await startIndex(t, [{ wheel, data: Buffer.from('x') }], {
    intercept(request, response) {
      if (request.url?.startsWith('/files/') !== true) {
        return false;
      }
      response.writeHead(200, { 'content-length': wheel.bytes });
      response.write(Buffer.alloc(100_000)); // The rest never comes.
      return true;
    },
  });
  const { child, finished } = start({}, 'setup', '--flavour', 'cpu', '--yes', '--index', index.url);
  const part = path.join(cache, 'downloads', `${wheel.file}.part`);
  await waitFor('the first bytes', () => existsSync(part) && statSync(part).size > 0);
  child.kill('SIGINT');
  const { code, stderr } = await finished;
  assert.equal(code, 130);
  assert.match(
    stderr,
    /Cancelled; nothing was installed\. What was fetched is kept: skillet setup goes on from there\./,
  );
  assert.deepEqual([existsSync(part), existsSync(path.join(cache, 'setup.lock'))], [true, false]);
  const removed = await start({}, 'setup', '--uninstall').finished;
  assert.deepEqual([removed.code, existsSync(cache)], [0, false]);
  assert.match(removed.stdout, /^Removed from .*: (100 kB|\d+ bytes) are free again\.\n$/);
});

test('a TensorFlow that does not work is told with code 1', async (_t, { folder, run }) => {
  const extension = process.platform === 'darwin' ? '2.dylib' : 'so.2';
  mkdirSync(path.join(folder, 'site/tensorflow'), { recursive: true });
  for (const name of ['cc', 'framework']) {
    writeFileSync(path.join(folder, 'site/tensorflow', `libtensorflow_${name}.${extension}`), 'no library');
  }
  const { code, stdout, stderr } = await run('setup', '--tensorflow', 'site');
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /site\/tensorflow: does not work on this machine: /);
});

test('training is refused when SKILLET_TENSORFLOW is wrong, and warned of a damaged install', async (_t, place) => {
  const { folder, cache, start } = place;
  writeTiny(folder);
  const wrong = await start({ SKILLET_TENSORFLOW: '/nowhere' }, 'train', 'tiny.recipe.yaml').finished;
  assert.equal(wrong.code, 2);
  assert.match(
    wrong.stderr,
    /^\/nowhere: is no folder, so no TensorFlow is in it.*or name none, to use the one that skillet setup installs.*\(runtime-folder\)\n$/,
  );
  assert.equal(existsSync(path.join(folder, '.skillet')), false);
  mkdirSync(path.join(cache, 'runtime', `${platform}-cpu-1.0`), { recursive: true });
  const damaged = await start({}, 'train', 'tiny.recipe.yaml').finished;
  assert.equal(damaged.code, 0);
  assert.match(
    damaged.stderr,
    /^Warning: .*This TensorFlow is damaged: its runtime\.json is gone.*\(runtime-broken\)\n$/,
  );
});
