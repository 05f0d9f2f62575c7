/** The machine itself: system, processor, C library, Node, memory and disk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDisk } from '../../../../src/node/machine/disk.ts';
import { checkLibc } from '../../../../src/node/machine/libc.ts';
import { checkMemory } from '../../../../src/node/machine/memory.ts';
import { checkNode } from '../../../../src/node/machine/nodeVersion.ts';
import { checkOperatingSystem } from '../../../../src/node/machine/operatingSystem.ts';
import { checkProcessor } from '../../../../src/node/machine/processor.ts';
import { exited, type MadeMachine, makeMachine } from '../../../fixtures/machine.ts';

const GIB = 2 ** 30;

test('Linux, WSL, macOS and Windows by their names', async () => {
  const machines: MadeMachine[] = [
    {},
    { release: '5.15.153.1-microsoft-standard-WSL2' },
    { platform: 'darwin', arch: 'arm64', release: '24.1.0', programs: { sw_vers: exited('15.1\n') } },
    { platform: 'darwin', arch: 'arm64', release: '24.1.0' },
    { platform: 'win32', release: '10.0.26100' },
  ];
  const findings = await Promise.all(machines.map((machine) => checkOperatingSystem(makeMachine(machine))));
  assert.deepEqual(
    findings.map(({ status, detail }) => `${status} ${detail}`),
    [
      'ok Debian GNU/Linux 12 (bookworm), kernel 6.1.0-37-amd64, x64',
      'ok Debian GNU/Linux 12 (bookworm) in WSL, kernel 5.15.153.1-microsoft-standard-WSL2, x64',
      'ok macOS 15.1, arm64',
      'ok macOS (Darwin 24.1.0), arm64',
      'info Windows 10.0.26100, x64; there is no TensorFlow for it that Skillet can use',
    ],
  );
});

test('a system that TensorFlow has no library for is a fact', async () => {
  const { status, detail } = await checkOperatingSystem(
    makeMachine({ platform: 'darwin', arch: 'x64', release: '23.1.0' }),
  );
  assert.equal(status, 'info');
  assert.match(detail, /there is no TensorFlow for it/);
});

test('the widest vector instructions are named; without AVX TensorFlow cannot run', async () => {
  const withFlags = (flags: string) =>
    checkProcessor(makeMachine({ files: { '/proc/cpuinfo': `flags\t\t: ${flags}\n` } }));
  assert.deepEqual(
    (await Promise.all(['sse2 avx', 'sse2 avx avx2', 'sse2 avx avx2 avx512f'].map(withFlags))).map(
      ({ detail }) => detail,
    ),
    ['AVX', 'AVX2', 'AVX-512'].map((widest) => `AMD EPYC 7B13, 8 cores, ${widest}`),
  );
  const without = await withFlags('sse2 sse4_2');
  assert.deepEqual(
    [without.status, without.detail],
    ['warn', 'AMD EPYC 7B13, 8 cores, without AVX: TensorFlow cannot run on it'],
  );
});

test('a processor that does not tell its name or flags is taken as it is', async () => {
  const machine = makeMachine({ platform: 'darwin', arch: 'arm64', cpu: { model: '', cores: 1 } });
  assert.deepEqual(await checkProcessor(machine), { status: 'ok', detail: 'unnamed, 1 core', remedy: null });
});

test('glibc against what TensorFlow and WebGPU need', async () => {
  const withVersion = (text: string) => checkLibc(makeMachine({ programs: { getconf: exited(text) } }));
  const findings = await Promise.all(['glibc 2.36\n', 'glibc 2.34\n', 'glibc 2.31\n', 'glibc 2.17\n'].map(withVersion));
  assert.deepEqual(
    findings.map(({ status, detail }) => `${status} ${detail}`),
    [
      'ok glibc 2.36',
      'ok glibc 2.34',
      'info glibc 2.31; WebGPU needs 2.34',
      'warn glibc 2.17; TensorFlow needs 2.27 and WebGPU 2.34',
    ],
  );
});

test('musl is told from a version that cannot be found', async () => {
  const getconf = exited('', 1, 'getconf: GNU_LIBC_VERSION: unknown variable\n');
  const musl = { files: { '/lib/ld-musl-x86_64.so.1': '' }, programs: { getconf } };
  assert.match((await checkLibc(makeMachine(musl))).detail, /^musl; TensorFlow needs glibc 2\.27/);
  assert.equal((await checkLibc(makeMachine({ programs: { getconf } }))).status, 'info');
  assert.equal((await checkLibc(makeMachine({ programs: { getconf: { outcome: 'absent' } } }))).status, 'info');
});

test('Node of this process, or of the editor', () => {
  assert.deepEqual(checkNode(makeMachine()), { status: 'ok', detail: '24.21.0', remedy: null });
  assert.equal(
    checkNode(makeMachine({ nodeVersion: '22.19.0', electronVersion: '37.2.3' })).detail,
    '22.19.0 in Electron 37.2.3, the editor’s own',
  );
  assert.deepEqual(checkNode(makeMachine({ nodeVersion: '18.20.4' })), {
    status: 'fail',
    detail: '18.20.4; the trainer needs 20 or newer',
    remedy: { text: 'Install Node 20 or newer.', link: 'https://nodejs.org/en/download' },
  });
  const old = makeMachine({ nodeVersion: '18.20.4', electronVersion: '25.9.7' });
  assert.deepEqual(checkNode(old).remedy, { text: 'Update the editor.' });
});

test('memory, as much as a container may use', () => {
  const check = (totalGib: number, availableGib: number, limitGib: number | null) =>
    checkMemory({
      memory: {
        totalBytes: totalGib * GIB,
        availableBytes: availableGib * GIB,
        limitBytes: limitGib === null ? null : limitGib * GIB,
      },
    });
  assert.deepEqual(check(32, 24, null), { status: 'ok', detail: '24 GiB free of 32 GiB', remedy: null });
  assert.equal(check(32, 3.5, 4).detail, '3.5 GiB free of 32 GiB, of which this container may use 4.0 GiB');
  const little = check(4, 0.5, null);
  assert.deepEqual([little.status, little.detail], ['warn', '512 MiB free of 4.0 GiB']);
});

test('disk space at the cache folder, against what is still to be set up', async () => {
  const check = (freeGib: number | null, neededGib: number | null) =>
    checkDisk(makeMachine({ freeBytes: freeGib === null ? null : freeGib * GIB }), {
      cacheFolder: '/home/ada/.cache/skillet',
      neededBytes: neededGib === null ? null : neededGib * GIB,
    });
  const findings = await Promise.all([check(20, 9), check(5, 9), check(5, null), check(0.5, null), check(null, null)]);
  assert.deepEqual(
    findings.map(({ status, detail }) => `${status} ${detail}`),
    [
      'ok 21 GB free at ~/.cache/skillet',
      'warn 5.4 GB free at ~/.cache/skillet; setting up takes up to 9.7 GB',
      'ok 5.4 GB free at ~/.cache/skillet',
      'warn 537 MB free at ~/.cache/skillet; runs and checkpoints need room',
      'info free space at ~/.cache/skillet could not be found',
    ],
  );
});
