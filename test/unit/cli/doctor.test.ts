/** `skillet doctor` as people run it, with a made-up nvidia-smi on the PATH and a probe that answers for the backends. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import type { MachineReport } from '../../../src/common/machine/check.ts';
import { cliFile, type Finished } from '../../fixtures/cliProcess.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const WORKS =
  "console.log(JSON.stringify({ ok: true, backend: process.argv[2], device: 'CPU (made up)', version: null, startMs: 320, opMs: 0.75 }))";
const A100 = "echo 'NVIDIA A100-SXM4-80GB, 550.54.15, 81920, 81050, 34, 0, 8.0'";
const OLD_DRIVER = `case "$1" in
*compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2;;
*) echo 'NVIDIA GeForce GTX 1060 6GB, 470.182.03, 6078, 5900, 45, 2';;
esac`;

interface Made {
  /** Shell lines of nvidia-smi; without them there is none. */
  readonly nvidiaSmi?: string;
  readonly probe?: string;
  readonly env?: Record<string, string>;
}

/** The command line looks for its probe beside itself, so a copy of it takes the stand-in. */
async function doctor(
  t: TestContext,
  { nvidiaSmi, probe = WORKS, env = {} }: Made,
  ...args: string[]
): Promise<Finished> {
  const folder = tempFolder(t);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  copyFileSync(cliFile, path.join(folder, 'cli.mjs'));
  writeFileSync(path.join(folder, 'probe.mjs'), probe);
  if (nvidiaSmi !== undefined) {
    writeFileSync(path.join(bin, 'nvidia-smi'), `#!/bin/sh\n${nvidiaSmi}\n`, { mode: 0o755 });
  }
  const child = spawn(process.execPath, [path.join(folder, 'cli.mjs'), 'doctor', ...args], {
    env: { PATH: bin, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, ...said };
}

function test(name: string, body: (t: TestContext) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
    } else if (process.platform !== 'linux') {
      t.skip('the made-up nvidia-smi is a shell script, and its place on the PATH is Linux’s');
    } else {
      await body(t);
    }
  });
}

const lineOf = (report: MachineReport, id: string) => {
  const check = report.checks.find((one) => one.id === id);
  return `${check?.status} ${check?.detail}`;
};

test('each line has its word, its title and what was found; the sentence comes last', async (t) => {
  const { code, stdout, stderr } = await doctor(t, { nvidiaSmi: A100 });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^This machine\n {2}\w+ +Operating system {4}\S/);
  assert.match(stdout, /^ {2}ok {4}Cards {15}NVIDIA A100-SXM4-80GB, 79 GiB free of 80 GiB, 34 °C, 0 % busy$/m);
  assert.match(stdout, /^ {2}ok {4}NVIDIA driver {7}550\.54\.15 \(CUDA 12 needs 525\.60\.13 or newer\)$/m);
  assert.match(stdout, /^ {2}ok {4}WebAssembly {9}CPU \(made up\); ready in 0\.3 s, a 256 × 256 product in 0\.75 ms$/m);
  assert.match(stdout, /\n\nReady: recipes train on WebGPU\. To train faster: .*\n$/);
  assert.equal(stdout.includes('\u001b'), false);
});

test('what to do stands below its line', async (t) => {
  const { stdout } = await doctor(t, { nvidiaSmi: OLD_DRIVER });
  assert.match(
    stdout,
    / {2}fail {2}NVIDIA driver {7}470\.182\.03 is too old: .*\n {28}→ Install NVIDIA’s current driver/,
  );
  assert.match(stdout, / {2}warn {2}TensorFlow {10}not set up.*\n {28}→ Set TensorFlow up.*\n {30}skillet setup\n/);
});

test('--json prints the report', async (t) => {
  const { code, stdout } = await doctor(t, { nvidiaSmi: A100 }, '--json');
  const report = JSON.parse(stdout) as MachineReport;
  assert.equal(code, 0);
  assert.deepEqual(
    [lineOf(report, 'node'), lineOf(report, 'tensorflow-cpu'), report.isReady],
    [`ok ${process.versions.node}`, 'info not tried: TensorFlow is not set up', true],
  );
});

test('--report prints it as Markdown', async (t) => {
  const { stdout } = await doctor(t, {}, '--report');
  assert.match(stdout, /^# Check of this machine\n\nReady: .*\n\nSkillet \d/);
  assert.match(stdout, /\n- \*\*ok\*\* Plain JavaScript: CPU \(made up\)/);
});

test('the failures of nvidia-smi reach the report', async (t) => {
  const nvidiaSmi =
    "echo 'Failed to initialize NVML: Driver/library version mismatch'; echo 'NVML library version: 550.90'; exit 18";
  const { code, stdout } = await doctor(t, { nvidiaSmi }, '--json');
  assert.equal(code, 0);
  assert.match(lineOf(JSON.parse(stdout), 'driver'), /^fail it was updated while the machine ran/);
});

test('code 1 when no backend works; a process that dies is told by its signal', async (t) => {
  const { code, stdout } = await doctor(t, { probe: 'process.abort()' }, '--json');
  const report = JSON.parse(stdout) as MachineReport;
  assert.equal(code, 1);
  assert.match(lineOf(report, 'wasm'), /^fail The library crashed with SIGABRT/);
  assert.match(report.summary, /^Not ready: no backend works here\. First: Install Skillet again/);
});

test('a folder that is named as TensorFlow’s but holds none is a fault with its remedy', async (t) => {
  const { code, stdout } = await doctor(t, { env: { SKILLET_TENSORFLOW: '/skillet-has-no-such-folder' } }, '--json');
  const { checks, isReady, summary } = JSON.parse(stdout) as MachineReport;
  const check = checks.find(({ id }) => id === 'runtime');
  assert.deepEqual([code, isReady], [1, false], 'skillet train refuses it too');
  assert.match(summary, /^Not ready: the TensorFlow that is named is not there\. First: Name Python's tensorflow/);
  assert.deepEqual([check?.status, check?.remedy?.action], ['fail', 'openSettings']);
});

test('options that contradict each other, or are none, are refused', async (t) => {
  assert.equal((await doctor(t, {}, '--json', '--report')).code, 2);
  assert.equal((await doctor(t, {}, '--jsn')).code, 2);
});
