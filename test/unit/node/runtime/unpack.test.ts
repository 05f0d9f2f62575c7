/** Unpacking wheels: what is wanted, and nothing that is wrong. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { unpack } from '../../../../src/node/runtime/unpack.ts';
import { makeZip, noise, type ZipEntry } from '../../../fixtures/fakeWheel.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const library = noise(200_000);
const LIBRARY = { name: 'tensorflow/libtensorflow_cc.so.2', bytes: library.length };

function setUp(t: TestContext, entries: readonly ZipEntry[], wanted: { name: string; bytes: number; to?: string }[]) {
  const root = tempFolder(t);
  const wheelFile = path.join(root, 'a.whl');
  writeFileSync(wheelFile, makeZip(entries));
  const folder = path.join(root, 'deep', 'runtime');
  const counted: number[] = [];
  const { signal } = new AbortController();
  return {
    root,
    folder,
    counted,
    unpacking: { wheelFile, entries: wanted, folder, signal, onBytes: (bytes: number) => counted.push(bytes) },
  };
}

test('only what is wanted is unpacked, to its place', async (t) => {
  const entries = [
    { name: 'tensorflow/__init__.py', data: Buffer.from('x') },
    { name: LIBRARY.name, data: library },
    { name: 'nvidia/cuda_nvrtc/lib/libnvrtc.so.12', data: Buffer.from('rtc') },
  ];
  const wanted = [
    LIBRARY,
    { name: 'nvidia/cuda_nvrtc/lib/libnvrtc.so.12', bytes: 3, to: 'nvidia/nvrtc/lib/libnvrtc.so.12' },
  ];
  const { folder, counted, unpacking } = setUp(t, entries, wanted);
  assert.deepEqual(await unpack(unpacking), [LIBRARY, { name: 'nvidia/nvrtc/lib/libnvrtc.so.12', bytes: 3 }]);
  assert.deepEqual(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort(), [
    'nvidia',
    'nvidia/nvrtc',
    'nvidia/nvrtc/lib',
    'nvidia/nvrtc/lib/libnvrtc.so.12',
    'tensorflow',
    'tensorflow/libtensorflow_cc.so.2',
  ]);
  assert.ok(readFileSync(path.join(folder, LIBRARY.name)).equals(library));
  assert.equal(
    counted.reduce((sum, bytes) => sum + bytes, 0),
    library.length + 3,
  );
});

test('an entry that goes up or is absolute is refused', async (t) => {
  for (const name of ['../evil.so', 'tensorflow/../../evil.so', '/evil.so', 'C:/evil.so', '..\\evil.so']) {
    const { root, unpacking } = setUp(t, [{ name, data: Buffer.from('evil') }], [{ name, bytes: 4 }]);
    await assert.rejects(unpack(unpacking), { code: 'runtime-download', message: /cannot be unpacked/ }, name);
    assert.deepEqual(readdirSync(root), ['a.whl'], name);
  }
});

test('a link is refused', async (t) => {
  const link = { name: LIBRARY.name, data: Buffer.from('/etc/passwd'), mode: 0o120777 };
  const { folder, unpacking } = setUp(t, [link], [{ name: LIBRARY.name, bytes: 11 }]);
  await assert.rejects(unpack(unpacking), { code: 'runtime-download', message: /is a link/ });
  assert.equal(existsSync(path.join(folder, LIBRARY.name)), false);
});

test('an entry of another size than the catalogue says is refused before it is written', async (t) => {
  const { folder, unpacking } = setUp(t, [{ name: LIBRARY.name, data: Buffer.alloc(50_000_000) }], [LIBRARY]);
  await assert.rejects(unpack(unpacking), { message: /has 50000000 bytes, not 200000/ });
  assert.equal(existsSync(folder), false);
});

test('a bomb that claims the right size is stopped at that size', async (t) => {
  const bomb = { name: LIBRARY.name, data: Buffer.alloc(50_000_000), claimedBytes: LIBRARY.bytes };
  const { counted, unpacking } = setUp(t, [bomb], [LIBRARY]);
  await assert.rejects(unpack(unpacking), { code: 'runtime-download', message: /too many bytes/ });
  assert.ok(counted.reduce((sum, bytes) => sum + bytes, 0) <= LIBRARY.bytes);
});

test('a wrong checksum is refused', async (t) => {
  const { unpacking } = setUp(t, [{ name: LIBRARY.name, data: library, claimedCrc: 1 }], [LIBRARY]);
  await assert.rejects(unpack(unpacking), { message: /another checksum/ });
});

test('an entry that is there twice is not written twice, and one that is missing is told', async (t) => {
  const twice = [
    { name: LIBRARY.name, data: library },
    { name: LIBRARY.name, data: noise(200_000, 5) },
  ];
  const { folder, unpacking } = setUp(t, twice, [LIBRARY]);
  await unpack(unpacking);
  assert.ok(readFileSync(path.join(folder, LIBRARY.name)).equals(library));
  const missing = setUp(t, [{ name: 'other', data: library }], [LIBRARY]);
  await assert.rejects(unpack(missing.unpacking), { message: /libtensorflow_cc\.so\.2 is not in it/ });
});

test('a file that is no zip is told, and cancelling rejects', async (t) => {
  const { unpacking } = setUp(t, [{ name: LIBRARY.name, data: library }], [LIBRARY]);
  writeFileSync(`${unpacking.wheelFile}.txt`, 'no zip at all, but long enough to be looked at');
  await assert.rejects(unpack({ ...unpacking, wheelFile: `${unpacking.wheelFile}.txt` }), { code: 'runtime-download' });
  await assert.rejects(unpack({ ...unpacking, signal: AbortSignal.abort() }), { name: 'AbortError' });
});
