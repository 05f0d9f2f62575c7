/** Finding the TensorFlow to train with: named by a person, or installed; whole, damaged or wrong. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkRuntime } from '../../../../src/node/runtime/checkRuntime.ts';
import { findEngine, namedTensorflow } from '../../../../src/node/runtime/findEngine.ts';
import { findRuntime } from '../../../../src/node/runtime/findRuntime.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const platform = 'linux-x64';

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

const PACKAGE = { 'tensorflow/libtensorflow_cc.so.2': 'library', 'tensorflow/libtensorflow_framework.so.2': 'core' };

/** As an install leaves it. */
function install(cacheFolder: string, name: string, manifest: object): string {
  const folder = path.join(cacheFolder, 'runtime', name);
  const files = Object.entries(PACKAGE).map(([file, text]) => ({ name: file, bytes: text.length }));
  write(folder, { ...PACKAGE, 'runtime.json': JSON.stringify({ platform, version: '2.21.0', files, ...manifest }) });
  return path.join(folder, 'tensorflow');
}

test('where nothing is installed and nothing named, there is none', async (t) => {
  assert.equal(await findRuntime({ cacheFolder: tempFolder(t), named: null, platform }), null);
});

test('of two flavours the one installed last is taken, and those of another platform are left alone', async (t) => {
  const cacheFolder = tempFolder(t);
  install(cacheFolder, 'linux-x64-cuda-2.21.0', { flavour: 'cuda', installedAt: '2027-01-01T00:00:00.000Z' });
  const folder = install(cacheFolder, 'linux-x64-cpu-2.21.0', {
    flavour: 'cpu',
    installedAt: '2027-01-02T00:00:00.000Z',
  });
  install(cacheFolder, 'linux-arm64-cpu-2.21.0', { flavour: 'cpu', installedAt: '2027-01-03T00:00:00.000Z' });
  assert.deepEqual(await findRuntime({ cacheFolder, named: null, platform }), {
    folder,
    version: '2.21.0',
    flavour: 'cpu',
    source: 'installed',
  });
});

test('a half-made or removed runtime is none', async (t) => {
  const cacheFolder = tempFolder(t);
  install(cacheFolder, '.new-123', { flavour: 'cpu', installedAt: '2027-01-01T00:00:00.000Z' });
  assert.equal(await findRuntime({ cacheFolder, named: null, platform }), null);
});

test('a package, its site-packages and its virtual environment name the same TensorFlow', async (t) => {
  const venv = tempFolder(t);
  const site = path.join(venv, 'lib/python3.12/site-packages');
  write(site, { ...PACKAGE, 'tensorflow_cpu-2.20.0.dist-info/METADATA': '' });
  for (const named of [venv, site, path.join(site, 'tensorflow')]) {
    assert.deepEqual(await findRuntime({ cacheFolder: '/nowhere', named, platform }), {
      folder: path.join(site, 'tensorflow'),
      version: '2.20.0',
      flavour: 'cpu',
      source: 'named',
    });
  }
});

test("NVIDIA's libraries beside a package make it one for CUDA; without them nothing is claimed", async (t) => {
  const site = tempFolder(t);
  write(site, { ...PACKAGE, 'tensorflow-2.21.0.dist-info/METADATA': '' });
  assert.equal((await findRuntime({ cacheFolder: '/nowhere', named: site, platform }))?.flavour, 'unknown');
  write(site, { 'nvidia/cudnn/lib/libcudnn.so.9': '' });
  assert.equal((await findRuntime({ cacheFolder: '/nowhere', named: site, platform }))?.flavour, 'cuda');
});

test('a named folder without TensorFlow is refused, with what was looked for and where', async (t) => {
  const named = tempFolder(t);
  write(named, { 'tensorflow/libtensorflow_cc.so.2': 'alone' });
  await assert.rejects(
    findRuntime({ cacheFolder: '/nowhere', named, platform }),
    (error: Error & { code?: string; path?: string }) => {
      assert.deepEqual([error.code, error.path], ['runtime-folder', named]);
      assert.match(error.message, /libtensorflow_cc\.so\.2 and libtensorflow_framework\.so\.2 in /);
      assert.ok(error.message.includes(path.join(named, 'tensorflow')), error.message);
      return true;
    },
  );
});

test('macOS has other names, and Windows none', async (t) => {
  const named = tempFolder(t);
  write(named, { 'libtensorflow_cc.2.dylib': '', 'libtensorflow_framework.2.dylib': '' });
  assert.equal((await findRuntime({ cacheFolder: '/nowhere', named, platform: 'darwin-arm64' }))?.folder, named);
  await assert.rejects(findRuntime({ cacheFolder: '/nowhere', named, platform: 'win32-x64' }), {
    code: 'runtime-folder',
    remedy: /wasm or webgpu/,
  });
});

test('a whole runtime has no problem; a file cut short, gone, or a lost manifest is told', async (t) => {
  const cacheFolder = tempFolder(t);
  const folder = install(cacheFolder, 'linux-x64-cpu-2.21.0', {
    flavour: 'cpu',
    installedAt: '2027-01-01T00:00:00.000Z',
  });
  const check = async () => {
    const runtime = await findRuntime({ cacheFolder, named: null, platform });
    assert.ok(runtime);
    return checkRuntime(runtime);
  };
  assert.equal(await check(), null);
  truncateSync(path.join(folder, 'libtensorflow_cc.so.2'), 3);
  const cut = await check();
  assert.deepEqual([cut?.code, cut?.path], ['runtime-broken', path.dirname(folder)]);
  assert.match(cut?.message ?? '', /libtensorflow_cc\.so\.2 has 3 bytes, not 7/);
  assert.match(cut?.remedy ?? '', /skillet setup/);
  rmSync(path.join(folder, 'libtensorflow_cc.so.2'));
  assert.match((await check())?.message ?? '', /libtensorflow_cc\.so\.2 is gone/);
  writeFileSync(path.join(folder, '../runtime.json'), '{"platform":');
  assert.match((await check())?.message ?? '', /runtime\.json is gone or unreadable/);
});

test('a trainer gets the TensorFlow that is whole, and none when it is damaged', async (t) => {
  const cacheFolder = tempFolder(t);
  const folder = install(cacheFolder, 'linux-x64-cpu-2.21.0', {
    flavour: 'cpu',
    installedAt: '2027-01-01T00:00:00.000Z',
  });
  const machine = { platform: 'linux', arch: 'x64', env: { SKILLET_CACHE: cacheFolder }, home: '/home/ada' } as const;
  assert.deepEqual(await findEngine(machine), { engine: { cacheFolder, tensorflowFolder: folder }, problem: null });
  rmSync(path.join(folder, 'libtensorflow_framework.so.2'));
  const { engine, problem } = await findEngine(machine);
  assert.deepEqual([engine, problem?.code], [{ cacheFolder, tensorflowFolder: null }, 'runtime-broken']);
});

test('the setting goes before SKILLET_TENSORFLOW, and ~ is the home folder', () => {
  const machine = {
    platform: 'linux',
    arch: 'x64',
    env: { SKILLET_TENSORFLOW: '/env/tf' },
    home: '/home/ada',
  } as const;
  assert.equal(namedTensorflow(machine), '/env/tf');
  assert.equal(namedTensorflow({ ...machine, tensorflowPath: '~/venv' }), '/home/ada/venv');
  assert.equal(namedTensorflow({ ...machine, env: {}, tensorflowPath: '' }), null);
});
