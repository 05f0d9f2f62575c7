/** A backend tried in a process of its own: its result, its crash, its silence. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { probeBackend } from '../../../../src/node/machine/probeBackend.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const RESULT = {
  ok: true,
  backend: 'tensorflow-cpu',
  device: 'CPU (test)',
  version: '2.21.0',
  startMs: 300,
  opMs: 0.5,
};

/** A probe of this text. */
function setUp(t: TestContext, script: string) {
  const probeFile = path.join(tempFolder(t), 'probe.mjs');
  writeFileSync(probeFile, script);
  return { backend: 'tensorflow-cpu', tensorflowFolder: null, probeFile, execPath: process.execPath };
}

const printing = (value: object) => `console.log(${JSON.stringify(JSON.stringify(value))});`;

test('the last line that is a result counts, whatever the library prints around it', async (t) => {
  const options = setUp(t, `console.log('loading {'); console.log('{"a":1}'); ${printing(RESULT)} console.log('bye');`);
  assert.deepEqual(await probeBackend(options), RESULT);
});

test('it is told the backend and the TensorFlow, and runs as a plain Node', async (t) => {
  const script = `console.log(JSON.stringify({ ok: false, backend: process.argv[2],
    message: [...process.argv.slice(3), process.env.ELECTRON_RUN_AS_NODE].join(' ') }));`;
  const options = { ...setUp(t, script), tensorflowFolder: '/site packages/tensorflow' };
  assert.deepEqual(await probeBackend(options), {
    ok: false,
    backend: 'tensorflow-cpu',
    message: '--tensorflow /site packages/tensorflow 1',
  });
});

test('a death by signal is told by name with the last words', async (t) => {
  if (process.platform === 'win32') {
    t.skip('Windows has no signals');
    return;
  }
  const options = setUp(
    t,
    `console.error('first'); console.error('Check failed: no CUDA'); process.kill(process.pid, 'SIGABRT'); setInterval(() => 0, 1e6);`,
  );
  const result = await probeBackend(options);
  assert.equal(result.ok, false);
  assert.match(result.ok ? '' : result.message, /crashed with SIGABRT .*last words: first \/ Check failed: no CUDA$/);
});

test("remarks of TensorFlow's log are no last words", async (t) => {
  const remarks = [
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
    'I0000 00:00:1795551810.474006   28005 port.cc:153] oneDNN custom operations are on.',
  ];
  const printed = [...remarks, 'cannot open it', ...remarks].map((line) => `console.error(${JSON.stringify(line)});`);
  const result = await probeBackend(setUp(t, `${printed.join(' ')} process.exitCode = 7;`));
  assert.equal(result.ok ? '' : result.message, 'The probe ended with code 7; its last words: cannot open it');
});

test('a result is not believed when the process then crashes', async (t) => {
  if (process.platform === 'win32') {
    t.skip('Windows has no signals');
    return;
  }
  const options = setUp(t, `${printing(RESULT)} process.kill(process.pid, 'SIGSEGV'); setInterval(() => 0, 1e6);`);
  const result = await probeBackend(options);
  assert.match(result.ok ? '' : result.message, /SIGSEGV/);
});

test('an exit code, and an end without a word, are failures', async (t) => {
  const coded = await probeBackend(setUp(t, `console.error('cannot open it'); process.exitCode = 7;`));
  assert.deepEqual(coded, {
    ok: false,
    backend: 'tensorflow-cpu',
    message: 'The probe ended with code 7; its last words: cannot open it',
  });
  const silent = await probeBackend(setUp(t, ''));
  assert.deepEqual(silent, {
    ok: false,
    backend: 'tensorflow-cpu',
    message: 'The probe ended without a result.',
  });
});

test("the probe's own refusal is kept, even with an exit code", async (t) => {
  const refusal = { ok: false, backend: 'tensorflow-gpu', message: 'No NVIDIA card.' };
  assert.deepEqual(await probeBackend(setUp(t, `${printing(refusal)} process.exitCode = 1;`)), refusal);
});

test('one that never ends is ended at the limit', async (t) => {
  const result = await probeBackend({ ...setUp(t, 'setInterval(() => 0, 1e6)'), timeoutMs: 300 });
  assert.deepEqual(result, { ok: false, backend: 'tensorflow-cpu', message: 'It was not ready after 0.3 s.' });
});

test('a program that cannot be started is told, and an abort rejects', async (t) => {
  const options = setUp(t, 'setInterval(() => 0, 1e6)');
  const missing = await probeBackend({ ...options, execPath: path.join(path.dirname(options.probeFile), 'no-node') });
  assert.match(missing.ok ? '' : missing.message, /no-node could not be started/);
  const cancel = new AbortController();
  const probing = probeBackend({ ...options, signal: cancel.signal });
  cancel.abort();
  await assert.rejects(probing, { name: 'AbortError' });
});
