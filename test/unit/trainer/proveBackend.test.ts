/** A native library is loaded first by a process that may die of it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createProver } from '../../../src/trainer/backends/proveBackend.ts';
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
  const prover = createProver({ probeFile, cacheFolder: path.join(root, 'cache') });
  const prove = () => prover({ backend: 'tensorflow-cpu', args: ['--tensorflow', folder], files: [library] });
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
  const { prove, runs } = makeProbe(t, `console.error('terminate called'); process.abort();`);
  const says = /the process that tried it ended with (SIGABRT|exit code)/;
  await assert.rejects(prove(), says);
  await assert.rejects(prove(), says);
  assert.equal(runs().length, 2, 'a failure is not remembered');
});

test('a backend that says itself that it cannot run is left to say so again, and asked anew each time', async (t) => {
  const { prove, runs } = makeProbe(
    t,
    `console.log(JSON.stringify({ ok: false, backend: 'tensorflow-cpu', message: 'file too short' })); process.exitCode = 1;`,
  );
  await prove();
  await prove();
  assert.equal(runs().length, 2);
});
