/** Installing a runtime from an index on this machine: the whole way, and each way it can fail. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { ProbeResult } from '../../../../src/common/machine/probeResult.ts';
import { findPackage } from '../../../../src/node/runtime/catalogue.ts';
import { checkRuntime } from '../../../../src/node/runtime/checkRuntime.ts';
import { findRuntime } from '../../../../src/node/runtime/findRuntime.ts';
import { type Install, type InstallProgress, installRuntime } from '../../../../src/node/runtime/installRuntime.ts';
import { planInstall } from '../../../../src/node/runtime/planInstall.ts';
import { uninstallRuntime } from '../../../../src/node/runtime/uninstallRuntime.ts';
import { type FakeIndexOptions, startIndex } from '../../../fixtures/fakeIndex.ts';
import { type FakeWheel, fakePackage, noise } from '../../../fixtures/fakeWheel.ts';
import { deadPid } from '../../../fixtures/processes.ts';
import { tempFolder, waitFor } from '../../../fixtures/tempFolder.ts';

const PROBE: ProbeResult = {
  ok: true,
  backend: 'tensorflow-cpu',
  device: 'CPU (test)',
  version: '1.0',
  startMs: 300,
  opMs: 0.4,
};
const NAME = 'linux-x64-cpu-1.0';
const FILES = [
  'nvidia/cudnn/lib/libcudnn.so.9',
  'runtime.json',
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
];

interface Setting {
  readonly cacheFolder: string;
  readonly wheels: readonly FakeWheel[];
  readonly index: Awaited<ReturnType<typeof startIndex>>;
  readonly cancel: AbortController;
  readonly progress: InstallProgress[];
  install(part?: Partial<Install>): ReturnType<typeof installRuntime>;
}

async function setUp(t: TestContext, options: FakeIndexOptions = {}): Promise<Setting> {
  const cacheFolder = path.join(tempFolder(t), 'cache');
  const { wanted, wheels } = fakePackage();
  const index = await startIndex(t, wheels, options);
  const progress: InstallProgress[] = [];
  const cancel = new AbortController();
  return {
    cacheFolder,
    wheels,
    index,
    cancel,
    progress,
    install: async (part = {}) =>
      installRuntime({
        plan: await planInstall(cacheFolder, wanted),
        index: index.url,
        fetch,
        waiting: { now: () => performance.now(), sleep: async () => undefined },
        signal: cancel.signal,
        verify: async () => PROBE,
        freeBytes: async () => 1e12,
        date: () => new Date('2027-01-01T00:00:00.000Z'),
        onProgress: (one) => progress.push(one),
        ...part,
      }),
  };
}

/** Files below a folder, with forward slashes; folders only where they are empty. */
function tree(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true, recursive: true })
        .map((entry) => ({ entry, full: path.join(entry.parentPath, entry.name) }))
        .filter(({ entry, full }) => !entry.isDirectory() || readdirSync(full).length === 0)
        .map(({ full }) => path.relative(folder, full).replaceAll(path.sep, '/'))
        .sort()
    : [];
}

const installed = FILES.map((file) => `runtime/${NAME}/${file}`);
const find = (cacheFolder: string) => findRuntime({ cacheFolder, named: null, platform: 'linux-x64' });

test('it fetches, unpacks, tries it, and leaves the runtime and nothing else', async (t) => {
  const { cacheFolder, install, progress, wheels } = await setUp(t);
  let tried = '';
  const { runtime, probe } = await install({
    verify: async (folder) => {
      tried = folder;
      assert.deepEqual(readdirSync(folder).sort(), ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']);
      return PROBE;
    },
  });
  assert.deepEqual(tree(cacheFolder), installed);
  assert.deepEqual([await find(cacheFolder), probe], [runtime, PROBE]);
  assert.notEqual(tried, runtime.folder, 'it was tried before it was put into its place');
  assert.equal(await checkRuntime(runtime), null);
  assert.deepEqual(JSON.parse(readFileSync(path.join(runtime.folder, '../runtime.json'), 'utf8')), {
    platform: 'linux-x64',
    flavour: 'cpu',
    version: '1.0',
    files: [
      { name: 'tensorflow/libtensorflow_cc.so.2', bytes: 400_000 },
      { name: 'tensorflow/libtensorflow_framework.so.2', bytes: 90_000 },
      { name: 'nvidia/cudnn/lib/libcudnn.so.9', bytes: 50_000 },
    ],
    installedAt: '2027-01-01T00:00:00.000Z',
  });
  assert.deepEqual([...new Set(progress.map(({ stage }) => stage))], ['fetch', 'unpack', 'verify']);
  const last = (stage: string) => progress.findLast((one) => one.stage === stage);
  const total = wheels.reduce((sum, { data }) => sum + data.length, 0);
  assert.deepEqual([last('fetch')?.doneBytes, last('fetch')?.totalBytes], [total, total]);
  assert.deepEqual([last('unpack')?.doneBytes, last('unpack')?.totalBytes], [540_000, 540_000]);
});

test('wheels that are there already are not asked for: a machine without the network can be given them', async (t) => {
  const { cacheFolder, install, index, wheels } = await setUp(t);
  mkdirSync(path.join(cacheFolder, 'downloads'), { recursive: true });
  for (const { wheel, data } of wheels) {
    writeFileSync(path.join(cacheFolder, 'downloads', wheel.file), data);
  }
  await install();
  assert.deepEqual([index.requests, tree(cacheFolder)], [[], installed]);
});

test('an index that publishes another hash is refused before anything is fetched', async (t) => {
  const { cacheFolder, install, index } = await setUp(t, { publishedHash: 'ab'.repeat(32) });
  await assert.rejects(install(), { code: 'runtime-index', message: /another file on 127\.0\.0\.1/ });
  assert.deepEqual([index.sentBytes(), tree(cacheFolder)], [0, ['downloads', 'runtime']]);
});

test('an index that publishes no hash will do, because ours is checked', async (t) => {
  const { install } = await setUp(t, { format: 'html', publishedHash: null });
  await install();
  const other = await setUp(t, {
    publishedHash: null,
    content: (file) => (/^nvidia/.test(file) ? noise(9) : undefined),
  });
  await assert.rejects(other.install(), { code: 'runtime-download' });
});

test('an index without the project or the file is told', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  const { wheels } = fakePackage();
  const older = wheels.map((one) => ({ ...one, wheel: { ...one.wheel, file: 'older.whl' } }));
  const empty = await startIndex(t, []);
  await assert.rejects(install({ index: empty.url }), { code: 'runtime-index', message: /404/ });
  const lagging = await startIndex(t, older);
  await assert.rejects(install({ index: lagging.url }), { code: 'runtime-index', message: /is not on 127\.0\.0\.1/ });
  assert.equal(await find(cacheFolder), null);
});

test('an index that cannot be reached is told with its host and without a password', async (t) => {
  const { install, index } = await setUp(t);
  const url = index.url.replace('://', '://ada:secret@');
  const failing: typeof fetch = async () => {
    throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') });
  };
  await assert.rejects(install({ index: url, fetch: failing }), (error: Error & { code?: string; path?: string }) => {
    assert.deepEqual([error.code, error.path], ['runtime-index', new URL(url).host]);
    assert.equal(error.message, 'cannot be reached: getaddrinfo ENOTFOUND.');
    return true;
  });
});

test('too little room is refused before anything is fetched, with what is needed and what is free', async (t) => {
  const { cacheFolder, install, index } = await setUp(t);
  await assert.rejects(install({ freeBytes: async () => 100_000_000 }), {
    code: 'runtime-disk',
    path: cacheFolder,
    message: 'needs 257 MB, and 100 MB are free.',
  });
  assert.deepEqual(index.requests, []);
});

test('cancelled while fetching, nothing half-made is left, and a later run fetches only the rest', async (t) => {
  const { cacheFolder, install, index, cancel, wheels } = await setUp(t);
  const size = wheels[0]?.data.length ?? 0;
  await assert.rejects(
    install({
      onProgress: ({ doneBytes }) => {
        if (doneBytes > 0 && doneBytes < size) {
          cancel.abort();
        }
      },
    }),
    { name: 'AbortError' },
  );
  assert.deepEqual(tree(path.join(cacheFolder, 'runtime')), []);
  const kept = readFileSync(path.join(cacheFolder, 'downloads', `${wheels[0]?.wheel.file}.part`)).length;
  assert.ok(kept > 0 && kept < size);
  const before = index.requests.length;
  await install({ signal: new AbortController().signal });
  assert.ok(index.requests.slice(before).includes(`/files/${wheels[0]?.wheel.file} bytes=${kept}-`));
  assert.deepEqual(tree(cacheFolder), installed);
});

test('cancelled while unpacking or while it is tried, nothing but the wheels is left', async (t) => {
  for (const stage of ['unpack', 'verify']) {
    const { cacheFolder, install, cancel, wheels } = await setUp(t);
    const onProgress = (progress: InstallProgress) => {
      if (progress.stage === stage) {
        cancel.abort();
      }
    };
    await assert.rejects(install({ onProgress }), { name: 'AbortError' }, stage);
    assert.deepEqual(tree(cacheFolder), [...wheels.map(({ wheel }) => `downloads/${wheel.file}`).sort(), 'runtime']);
  }
});

test('a library that aborts is not installed; its words are told, and the wheels are kept', async (t) => {
  const { cacheFolder, install, wheels } = await setUp(t);
  const verify = async (): Promise<ProbeResult> => ({
    ok: false,
    backend: 'tensorflow-cpu',
    message: 'The library crashed with SIGILL; its last words: needs AVX2',
  });
  await assert.rejects(install({ verify }), {
    code: 'runtime-broken',
    message: /not installed: The library crashed with SIGILL; its last words: needs AVX2/,
    remedy: /wasm or webgpu/,
  });
  assert.deepEqual(tree(cacheFolder), [...wheels.map(({ wheel }) => `downloads/${wheel.file}`).sort(), 'runtime']);
});

test('an installed library that no longer works is told so, with how to fetch it anew', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  await install();
  const verify = async (): Promise<ProbeResult> => ({ ok: false, backend: 'tensorflow-cpu', message: 'It is torn.' });
  await assert.rejects(install({ plan: await planInstall(cacheFolder, fakePackage().wanted), verify }), {
    code: 'runtime-broken',
    message: 'is installed, but does not work here: It is torn.',
    remedy: /skillet setup --uninstall\) and set up again/,
  });
  assert.deepEqual(tree(cacheFolder), installed);
});

test('a wheel that cannot be unpacked leaves nothing in the runtime folder', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  const { wanted } = fakePackage();
  const [first, ...more] = wanted.wheels;
  assert.ok(first);
  const entries = [{ name: 'tensorflow/libtensorflow_cc.so.2', bytes: 1 }];
  const plan = await planInstall(cacheFolder, { ...wanted, wheels: [...more, { ...first, entries }] });
  await assert.rejects(install({ plan }), { code: 'runtime-download', message: /cannot be unpacked/ });
  assert.deepEqual(tree(path.join(cacheFolder, 'runtime')), []);
});

test('a damaged runtime is replaced, a whole one only tried again and made the one in use', async (t) => {
  const { cacheFolder, install, index } = await setUp(t);
  const { runtime } = await install();
  truncateSync(path.join(runtime.folder, 'libtensorflow_cc.so.2'), 5);
  assert.equal((await checkRuntime(runtime))?.code, 'runtime-broken');
  assert.equal((await planInstall(cacheFolder, fakePackage().wanted)).state, 'damaged');
  await install();
  assert.deepEqual([await checkRuntime(runtime), tree(cacheFolder)], [null, installed]);
  const before = index.requests.length;
  const later = new Date('2027-02-02T00:00:00.000Z');
  await install({ date: () => later });
  assert.equal(index.requests.length, before);
  assert.equal(await checkRuntime(runtime), null);
  const manifest = JSON.parse(readFileSync(path.join(runtime.folder, '../runtime.json'), 'utf8'));
  assert.equal(manifest.installedAt, later.toISOString());
});

test('two setups at once: the second is refused and does not harm the first', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  const refused: unknown[] = [];
  await install({
    verify: async () => {
      await install().catch((error) => refused.push(error));
      return PROBE;
    },
  });
  assert.deepEqual(
    refused.map((error) => (error as { code: string }).code),
    ['runtime-busy'],
  );
  assert.deepEqual(tree(cacheFolder), installed);
});

test('what a killed setup left, its lock and its half-made folder, is cleared away', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  mkdirSync(path.join(cacheFolder, 'setup.lock'), { recursive: true });
  const owner = { pid: await deadPid(), host: hostname(), token: 'dead' };
  writeFileSync(path.join(cacheFolder, 'setup.lock/owner.json'), JSON.stringify(owner));
  mkdirSync(path.join(cacheFolder, 'runtime/.new-1-1/tensorflow'), { recursive: true });
  writeFileSync(path.join(cacheFolder, 'runtime/.new-1-1/tensorflow/half'), 'x');
  await install();
  assert.deepEqual(tree(cacheFolder), installed);
});

test('a lock of another machine is kept while it gives signs of life, and taken over after', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  const owner = { pid: 1, host: 'another-machine', token: 'alive' };
  const ownerFile = path.join(cacheFolder, 'setup.lock/owner.json');
  mkdirSync(path.dirname(ownerFile), { recursive: true });
  writeFileSync(ownerFile, JSON.stringify(owner));
  await assert.rejects(install(), { code: 'runtime-busy', message: /process 1 on another-machine/ });
  const before = new Date(Date.now() - 120_000);
  utimesSync(ownerFile, before, before);
  await install();
  assert.deepEqual(tree(cacheFolder), installed);
});

test('a lock whose process has ended but still has a number is taken over', async (t) => {
  if (process.platform !== 'linux') {
    t.skip('only Linux tells such a process from a living one');
    return;
  }
  const { cacheFolder, install } = await setUp(t);
  // `sleep` collects no child. A shell might, so the child lives until the shell has become `sleep`.
  const parent = spawn('sh', ['-c', '(read word <&3) & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  t.after(() => parent.kill('SIGKILL'));
  const [said] = await once(parent.stdout as Readable, 'data');
  const pid = Number(String(said).trim());
  const status = (of: number | undefined) => readFileSync(`/proc/${of}/stat`, 'utf8');
  await waitFor('sleep', () => status(parent.pid).includes('(sleep)'));
  (parent.stdio[3] as Writable).end('end\n');
  await waitFor('its end', () => /\) Z /.test(status(pid)));
  const ownerFile = path.join(cacheFolder, 'setup.lock/owner.json');
  mkdirSync(path.dirname(ownerFile), { recursive: true });
  writeFileSync(ownerFile, JSON.stringify({ pid, host: hostname(), token: 'undead' }));
  await install();
  assert.deepEqual(tree(cacheFolder), installed);
});

test('a cache folder that cannot be made is told as such', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  writeFileSync(cacheFolder, 'a file');
  await assert.rejects(install(), { code: 'runtime-disk', remedy: /SKILLET_CACHE/ });
});

test('uninstalling removes all that setup brought, tells its size, and nothing else', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  const named = path.join(tempFolder(t), 'site-packages');
  mkdirSync(named);
  writeFileSync(path.join(named, 'theirs'), 'x'.repeat(1000));
  await install();
  const manifestBytes = readFileSync(path.join(cacheFolder, 'runtime', NAME, 'runtime.json')).length;
  mkdirSync(path.join(cacheFolder, 'downloads'));
  writeFileSync(path.join(cacheFolder, 'downloads/left.whl.part'), 'x'.repeat(77));
  symlinkSync(named, path.join(cacheFolder, 'runtime', NAME, 'link'));
  writeFileSync(path.join(cacheFolder, 'timings.json'), '{}');
  assert.deepEqual(await uninstallRuntime(cacheFolder), { freedBytes: 540_000 + manifestBytes + 77 });
  assert.deepEqual([tree(cacheFolder), tree(named)], [['timings.json'], ['theirs']]);
});

test('uninstalling takes an empty cache folder along, and has nothing to do where there is none', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  await install();
  // What the trainer has found out about the library goes with it.
  for (const name of ['proofs', 'verdicts']) {
    mkdirSync(path.join(cacheFolder, name));
    writeFileSync(path.join(cacheFolder, name, 'a.json'), '{}');
  }
  assert.ok((await uninstallRuntime(cacheFolder)).freedBytes > 540_000);
  assert.equal(existsSync(cacheFolder), false);
  assert.deepEqual(await uninstallRuntime(cacheFolder), { freedBytes: 0 });
  assert.equal(existsSync(cacheFolder), false);
});

test('uninstalling waits for nobody: while a setup is at work it is refused', async (t) => {
  const { cacheFolder, install } = await setUp(t);
  await install({
    verify: async () => {
      await assert.rejects(uninstallRuntime(cacheFolder), { code: 'runtime-busy' });
      return PROBE;
    },
  });
  assert.deepEqual(tree(cacheFolder), installed);
});

test('platforms without TensorFlow are told what trains there', () => {
  for (const platform of ['linux-ia32', 'win32-x64', 'darwin-x64', 'linux-x64-musl']) {
    assert.throws(() => findPackage(platform, 'cpu'), {
      code: 'runtime-platform',
      path: platform,
      remedy: /device: wasm .*device: webgpu/,
    });
  }
  assert.throws(() => findPackage('darwin-arm64', 'cuda'), { code: 'runtime-platform', remedy: /flavour cpu/ });
});
