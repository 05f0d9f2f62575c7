/** A native library is loaded first by a process that may die of it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { proveLibrary } from '../../../src/trainer/backends/proveLibrary.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

/** A folder with a library of sorts, and a probe that notes each of its runs and then does as told. */
function makeProbe(t: TestContext, does: string) {
  const root = tempFolder(t);
  const folder = path.join(root, 'tensorflow');
  mkdirSync(folder);
  const library = path.join(folder, 'libtensorflow_cc.so.2');
  writeFileSync(library, 'library');
  const probeFile = path.join(root, 'probe.mjs');
  const notes = path.join(root, 'notes');
  writeFileSync(
    probeFile,
    `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(notes)}, process.argv.slice(2).join(' ') + '\\n');\n${does}\n`,
  );
  const prove = () => proveLibrary(folder, { probeFile, cacheFolder: path.join(root, 'cache') });
  const runs = () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []);
  return { folder, library, prove, runs };
}

const FINE = `console.log(JSON.stringify({ ok: true, backend: 'tensorflow-cpu', device: 'CPU', version: '2.21.0', startMs: 1, opMs: 1 }));`;

test('a library that works is proved once, and anew when one of its files changes', async (t) => {
  const { folder, library, prove, runs } = makeProbe(t, FINE);
  await prove();
  await prove();
  assert.deepEqual(runs(), [`tensorflow-cpu --tensorflow ${folder}`]);
  writeFileSync(library, 'another library');
  await prove();
  assert.equal(runs().length, 2);
});

test('a library that aborts takes the probe with it, and the trainer says so', async (t) => {
  const { folder, prove, runs } = makeProbe(t, `console.error('terminate called'); process.abort();`);
  const says = (error: Error) => {
    assert.ok(error.message.startsWith(`its library in ${folder} does not work`), error.message);
    assert.match(error.message, /SIGABRT|exit code/);
    return true;
  };
  await assert.rejects(prove(), says);
  await assert.rejects(prove(), says);
  assert.equal(runs().length, 2, 'a failure is not remembered');
});

test("the probe's own words are handed on", async (t) => {
  const { prove } = makeProbe(
    t,
    `console.log(JSON.stringify({ ok: false, backend: 'tensorflow-cpu', message: 'libtensorflow_cc.so.2: file too short' })); process.exitCode = 1;`,
  );
  await assert.rejects(prove(), /does not work: libtensorflow_cc\.so\.2: file too short/);
});
