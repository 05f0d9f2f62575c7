/** Backends proved by a probe, or left alone for a reason. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { BACKEND_IDS, type BackendId } from '../../../../src/common/machine/planChecks.ts';
import type { ProbeResult } from '../../../../src/common/machine/probeResult.ts';
import { type BackendFacts, checkBackend } from '../../../../src/node/machine/backend.ts';
import { probeBackend } from '../../../../src/node/machine/probeBackend.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const runtime = { folder: '/tf', version: '2.20.0', flavour: 'cuda', source: 'installed' } as const;
const withGpu: BackendFacts = {
  platform: 'linux',
  runtime: { kind: 'whole', runtime },
  cards: { nvidia: [], others: [{ vendor: 'NVIDIA', name: null, driver: null }] },
};
const withoutGpu: BackendFacts = { ...withGpu, cards: { nvidia: [], others: [] } };

const works = (backend: string, device = 'a device'): ProbeResult => ({
  ok: true,
  backend,
  device,
  version: null,
  startMs: 312,
  opMs: 0.4213,
});
const fails = (backend: string, message: string): ProbeResult => ({ ok: false, backend, message });

const never = async (): Promise<ProbeResult> => {
  throw new Error('probed where nothing was to be tried');
};

async function inLine(id: BackendId, facts: BackendFacts, probe: () => Promise<ProbeResult>): Promise<string> {
  const { status, detail, remedy } = await checkBackend(id, facts, probe);
  return `${status} ${detail}${remedy === null ? '' : ' !'}`;
}

test('a backend that works tells its device and both times', async () => {
  for (const id of BACKEND_IDS) {
    assert.equal(
      await inLine(id, withGpu, async () => works(id)),
      'ok a device; ready in 0.3 s, a 256 × 256 product in 0.42 ms',
    );
  }
});

test('a process that dies is a fault that names the signal, even where there is no card', async () => {
  const text = 'The library crashed with SIGABRT (it gave up on itself).';
  for (const [id, facts] of [
    ['tensorflow-gpu', withGpu],
    ['tensorflow-cpu', withoutGpu],
    ['webgpu', withoutGpu],
    ['wasm', withoutGpu],
  ] as const) {
    assert.equal(await inLine(id, facts, async () => fails(id, text)), `fail ${text} !`);
  }
});

test('WebGPU that finds no adapter is a fact without a card, a warning with one', async () => {
  const none = async () => fails('webgpu', 'No adapter.');
  assert.equal(await inLine('webgpu', withoutGpu, none), 'info not here: No adapter.');
  assert.equal(await inLine('webgpu', withGpu, none), 'warn No adapter. !');
});

test('a card imitated in software is a warning', async () => {
  const line = await inLine('webgpu', withoutGpu, async () => works('webgpu', 'SwiftShader driver 5.0.0'));
  assert.match(line, /^warn SwiftShader .* imitated in software/);
});

test('what cannot work is not tried, and says why', async () => {
  const absent: BackendFacts = { ...withGpu, runtime: { kind: 'absent' } };
  const fault = { code: 'runtime-broken', path: '/tf', message: '', remedy: '' } as const;
  const damaged: BackendFacts = {
    ...withGpu,
    runtime: { kind: 'damaged', runtime, fault },
  };
  const forCpu: BackendFacts = { ...withGpu, runtime: { kind: 'whole', runtime: { ...runtime, flavour: 'cpu' } } };
  const lines = [
    await inLine('tensorflow-gpu', withoutGpu, never),
    await inLine('tensorflow-gpu', { ...withGpu, platform: 'darwin' }, never),
    await inLine('tensorflow-gpu', absent, never),
    await inLine('tensorflow-cpu', absent, never),
    await inLine('tensorflow-cpu', damaged, never),
    await inLine('tensorflow-gpu', forCpu, never),
  ];
  assert.deepEqual(lines, [
    'info not here: no NVIDIA card',
    'info not on this system: TensorFlow uses NVIDIA cards on Linux alone',
    'info not tried: TensorFlow is not set up',
    'info not tried: TensorFlow is not set up',
    'info not tried: TensorFlow has a fault, see above',
    'info not tried: this TensorFlow is the build for the processor',
  ]);
});

test('TensorFlow that cannot be used is a fault with a remedy', async () => {
  const finding = await checkBackend('tensorflow-gpu', withGpu, async () =>
    fails('tensorflow-gpu', 'no device is registered'),
  );
  assert.deepEqual([finding.status, finding.remedy?.action], ['fail', 'setUp']);
  const named: BackendFacts = { ...withGpu, runtime: { kind: 'whole', runtime: { ...runtime, source: 'named' } } };
  const ofNamed = await checkBackend('tensorflow-cpu', named, async () => fails('tensorflow-cpu', 'it does not start'));
  assert.equal(ofNamed.remedy?.action, 'openSettings');
});

/** A stand-in for the probe's bundle that ends in its own way. */
async function withScript(t: TestContext, script: string, timeoutMs = 60_000): Promise<string> {
  const probeFile = path.join(tempFolder(t), 'probe.mjs');
  writeFileSync(probeFile, script);
  const options = { backend: 'webgpu', tensorflowFolder: null, probeFile, execPath: process.execPath, timeoutMs };
  return inLine('webgpu', withoutGpu, () => probeBackend(options));
}

test('a real process that aborts, one that never ends and one that breaks are faults; one that says no is not', async (t) => {
  assert.match(
    await withScript(t, "process.kill(process.pid, 'SIGABRT'); setInterval(() => 0, 1e6)"),
    /^fail .*SIGABRT/,
  );
  assert.match(await withScript(t, 'setInterval(() => 0, 1e6)', 100), /^fail It was not ready after 0\.1 s/);
  assert.match(await withScript(t, 'process.exitCode = 7'), /^fail The probe ended with code 7/);
  assert.match(await withScript(t, ''), /^fail The probe ended without a result/);
  const no = `console.log('${JSON.stringify({ ok: false, backend: 'webgpu', message: 'No adapter.' })}')`;
  assert.equal(await withScript(t, no), 'info not here: No adapter.');
});
