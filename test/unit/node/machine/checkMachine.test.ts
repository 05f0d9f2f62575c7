/** The whole check: its report, its text, its sentence, and what a fault in one check does to the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Check, formatReport, type MachineReport } from '../../../../src/common/machine/check.ts';
import { planChecks } from '../../../../src/common/machine/planChecks.ts';
import type { ProbeResult } from '../../../../src/common/machine/probeResult.ts';
import { checkMachine, type MachineParts } from '../../../../src/node/machine/checkMachine.ts';
import { CUDA_LIBRARIES, CUDNN_LIBRARY } from '../../../../src/node/machine/cudaNeeds.ts';
import { type MadeMachine, makeMachine, pciCards, smi } from '../../../fixtures/machine.ts';

const FOLDER = '/home/ada/.cache/skillet/runtime/linux-x64-cuda-2.20.0/tensorflow';
const runtime = { folder: FOLDER, version: '2.20.0', flavour: 'cuda', source: 'installed' } as const;
const withRuntime: Partial<MachineParts> = { runtime: { find: async () => runtime, check: async () => null } };

const DEVICES: Record<string, string> = { 'tensorflow-gpu': 'NVIDIA A100-SXM4-80GB', webgpu: 'NVIDIA A100 (Vulkan)' };

const works = async (backend: string): Promise<ProbeResult> => ({
  ok: true,
  backend,
  device: DEVICES[backend] ?? 'CPU (AMD EPYC 7B13, 8 cores)',
  version: null,
  startMs: 400,
  opMs: 1.5,
});

function parts(machine: MadeMachine = {}, part: Partial<MachineParts> = {}): MachineParts {
  return {
    sources: makeMachine(machine),
    cacheFolder: '/home/ada/.cache/skillet',
    runtime: { find: async () => null, check: async () => null },
    probe: works,
    version: '0.1.0',
    now: () => new Date('2026-11-24T12:00:00Z'),
    ...part,
  };
}

const run = (machine: MadeMachine = {}, part: Partial<MachineParts> = {}) =>
  checkMachine(parts(machine, part), () => undefined);

const lineOf = ({ checks }: MachineReport, id: string) => checks.find((check) => check.id === id);

const cudaFiles = Object.fromEntries(
  [...CUDA_LIBRARIES, CUDNN_LIBRARY].map((name) => [
    `/home/ada/.cache/skillet/runtime/linux-x64-cuda-2.20.0/nvidia/all/lib/${name}`,
    '',
  ]),
);
const gpuMachine: MadeMachine = {
  files: { ...pciCards('10de:20b2'), ...cudaFiles },
  programs: { 'nvidia-smi': smi.a100, getconf: { outcome: 'exited', code: 0, stdout: 'glibc 2.36\n', stderr: '' } },
};

test('the report of a machine with a card and all that it needs', async () => {
  assert.equal(
    formatReport(await run(gpuMachine, withRuntime)),
    `# Check of this machine

Ready: recipes train on TensorFlow on the graphics card.

Skillet 0.1.0 · linux x64 · 2026-11-24T12:00:00.000Z

## This machine

- **ok** Operating system: Debian GNU/Linux 12 (bookworm), kernel 6.1.0-37-amd64, x64
- **ok** Processor: AMD EPYC 7B13, 8 cores, AVX2
- **ok** C library: glibc 2.36
- **ok** Node.js: 24.21.0
- **ok** Memory: 24 GiB free of 32 GiB
- **ok** Disk: 107 GB free at ~/.cache/skillet

## Graphics cards

- **ok** Cards: NVIDIA A100-SXM4-80GB, 79 GiB free of 80 GiB, 34 °C, 0 % busy
- **ok** NVIDIA driver: 550.54.15 (CUDA 12 needs 525.60.13 or newer)
- **ok** Compute capability: NVIDIA A100-SXM4-80GB: 8.0 (TensorFlow needs 6.0 or newer)

## TensorFlow runtime

- **ok** TensorFlow: 2.20.0 for CUDA, in ~/.cache/skillet/runtime/linux-x64-cuda-2.20.0/tensorflow
- **ok** CUDA: 12 beside TensorFlow (TensorFlow needs CUDA 12)
- **ok** cuDNN: 9 beside TensorFlow (TensorFlow needs cuDNN 9)

## Backends

- **ok** TensorFlow, GPU: NVIDIA A100-SXM4-80GB; ready in 0.4 s, a 256 × 256 product in 1.50 ms
- **ok** TensorFlow, CPU: CPU (AMD EPYC 7B13, 8 cores); ready in 0.4 s, a 256 × 256 product in 1.50 ms
- **ok** WebGPU: NVIDIA A100 (Vulkan); ready in 0.4 s, a 256 × 256 product in 1.50 ms
- **ok** WebAssembly: CPU (AMD EPYC 7B13, 8 cores); ready in 0.4 s, a 256 × 256 product in 1.50 ms
- **ok** Plain JavaScript: CPU (AMD EPYC 7B13, 8 cores); ready in 0.4 s, a 256 × 256 product in 1.50 ms
`,
  );
});

test('the report of a machine with a card that nothing can use yet', async () => {
  const probe = async (backend: string): Promise<ProbeResult> =>
    backend === 'webgpu' ? { ok: false, backend, message: 'No adapter.' } : works(backend);
  const report = await run({ files: pciCards('10de:1c03', '8086:4680') }, { probe });
  assert.deepEqual(formatReport(report).split('\n## ')[2]?.split('\n').slice(2, 8), [
    '- **ok** Cards: NVIDIA card',
    '  - Intel card',
    '- **fail** NVIDIA driver: an NVIDIA card without its driver',
    '  - To do: Install NVIDIA’s current driver, then restart the machine. `sudo apt install nvidia-driver` <https://www.nvidia.com/en-us/drivers/>',
    '- **info** Compute capability: told by the driver, which does not answer',
    '',
  ]);
  assert.deepEqual(
    [report.isReady, report.summary],
    [
      true,
      'Ready: recipes train on WebAssembly. To train faster: Install NVIDIA’s current driver, then restart the machine.',
    ],
  );
});

test('every planned line is told once, and the report has them in their order', async () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const told: string[] = [];
    const report = await checkMachine(parts({ platform }), ({ id }) => told.push(id));
    const planned = planChecks(platform).map(({ id }) => id);
    assert.deepEqual(
      report.checks.map(({ id }) => id),
      planned,
    );
    assert.deepEqual(told.toSorted(), planned.toSorted());
  }
  assert.equal(
    planChecks('darwin').some(({ id }) => id === 'cuda' || id === 'libc'),
    false,
  );
});

test('lines are told as they are known: the machine’s before a backend has answered', { timeout: 60_000 }, async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const told: Check[] = [];
  const probe = async (backend: string) => {
    await held;
    return works(backend);
  };
  const checking = checkMachine(parts({}, { probe }), (check) => {
    told.push(check);
    // The last of those that need no probe: both TensorFlow backends are left alone here.
    if (told.length === planChecks('linux').length - 3) {
      release();
    }
  });
  await checking;
  assert.deepEqual(
    told.slice(-3).map(({ id }) => id),
    ['js', 'wasm', 'webgpu'],
  );
});

test('backends are proved one at a time, and TensorFlow is told its folder', async () => {
  const log: string[] = [];
  let running = 0;
  const probe: MachineParts['probe'] = async (backend, { tensorflowFolder }) => {
    running += 1;
    log.push(`${backend} ${running} ${tensorflowFolder === FOLDER}`);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return works(backend);
  };
  await run(gpuMachine, { ...withRuntime, probe });
  assert.deepEqual(
    log,
    ['js', 'wasm', 'webgpu', 'tensorflow-cpu', 'tensorflow-gpu'].map((backend) => `${backend} 1 true`),
  );
});

test('a check that breaks or never answers is one line; the others go on', async () => {
  const { sources } = parts();
  const report = await run(
    {},
    {
      limitMs: 20,
      sources: {
        ...sources,
        run: (command, args) => (command === 'getconf' ? new Promise(() => undefined) : sources.run(command, args)),
        freeBytes: async () => {
          throw new Error('the disk is on fire');
        },
      },
      probe: async (backend) => {
        if (backend === 'webgpu') {
          throw new Error('no process could be started');
        }
        return works(backend);
      },
    },
  );
  const odd = report.checks.filter(({ detail }) => detail.startsWith('could not be checked'));
  assert.deepEqual(
    odd.map(({ id, status, detail }) => `${status} ${id}: ${detail}`),
    [
      'warn libc: could not be checked: no answer within 0.02 s',
      'warn disk: could not be checked: the disk is on fire',
      'warn webgpu: could not be checked: no process could be started',
    ],
  );
  assert.equal(report.isReady, true);
});

test('the disk must hold what is still to be set up', async () => {
  const freeBytes = 5 * 2 ** 30;
  const bare = await run({ freeBytes });
  const withCard = await run({ ...gpuMachine, freeBytes });
  const setUp = await run({ ...gpuMachine, freeBytes }, withRuntime);
  assert.deepEqual(
    [bare, withCard, setUp].map((report) => lineOf(report, 'disk')?.status),
    ['ok', 'warn', 'ok'],
  );
});

const summaryWith = async (machine: MadeMachine, part: Partial<MachineParts>) => {
  const { isReady, summary } = await run(machine, part);
  return `${isReady}: ${summary}`;
};

test('the sentence names what recipes train on, and what would be faster', async () => {
  assert.equal(await summaryWith({}, withRuntime), 'true: Ready: recipes train on TensorFlow on the processor.');
  assert.equal(
    await summaryWith({}, { probe: async (backend) => (backend === 'webgpu' ? dead(backend) : works(backend)) }),
    'true: Ready: recipes train on WebAssembly. To train faster: Set TensorFlow up. It is fetched once, checked, and kept for all recipes.',
  );
});

test('on a system that neither TensorFlow nor WebGPU runs on, that comes before setting anything up', async () => {
  const machine = { files: { '/lib/ld-musl-x86_64.so.1': '' }, programs: { getconf: { outcome: 'absent' } } } as const;
  const probe = async (backend: string) => (backend === 'webgpu' ? dead(backend) : works(backend));
  assert.match(await summaryWith(machine, { probe }), /To train faster: Use a system with glibc/);
});

const dead = (backend: string): ProbeResult => ({ ok: false, backend, message: 'The library crashed with SIGABRT.' });

test('where no backend works the machine is not ready, and the first step is named', async () => {
  assert.equal(
    await summaryWith({}, { probe: async (backend) => dead(backend) }),
    'false: Not ready: no backend works here. First: Install Skillet again: WebAssembly and plain JavaScript are part of it and need nothing else.',
  );
  assert.match(
    await summaryWith({ nodeVersion: '18.20.4' }, { probe: async (backend) => dead(backend) }),
    /^false: .* First: Install Node 20 or newer\.$/,
  );
});
