/** The NVIDIA driver: each state it can be in, and the remedy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBusCards } from '../../../../src/node/machine/busCards.ts';
import { joinCards } from '../../../../src/node/machine/cards.ts';
import { checkDriver } from '../../../../src/node/machine/driver.ts';
import { askNvidiaSmi } from '../../../../src/node/machine/nvidiaSmi.ts';
import { exited, type MadeMachine, makeMachine, pciCards, smi } from '../../../fixtures/machine.ts';

async function check(machine: MadeMachine) {
  const sources = makeMachine(machine);
  const answer = await askNvidiaSmi(sources);
  return checkDriver(sources, answer, joinCards(answer, await findBusCards(sources)));
}

const PRESENT = pciCards('10de:1c03');
const UBUNTU = { '/etc/os-release': 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\n' };
const KERNEL_535 = {
  '/proc/driver/nvidia/version':
    'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version:  gcc version 12.2.0\n',
};
const CURRENT = 'Install NVIDIA’s current driver, then restart the machine.';
const LINK = 'https://www.nvidia.com/en-us/drivers/';

test('a driver that CUDA 12 runs on is fine', async () => {
  assert.deepEqual(await check({ programs: { 'nvidia-smi': smi.t4 } }), {
    status: 'ok',
    detail: '535.183.01 (CUDA 12 needs 525.60.13 or newer)',
    remedy: null,
  });
});

test('a driver that is too old is a fault, mended by the distribution’s own package', async () => {
  assert.deepEqual(await check({ files: UBUNTU, programs: { 'nvidia-smi': smi.gtx1060 } }), {
    status: 'fail',
    detail: '470.182.03 is too old: CUDA 12 needs 525.60.13 or newer',
    remedy: { text: CURRENT, command: 'sudo ubuntu-drivers install', link: LINK },
  });
});

test('525.60.11 is too old by one part', async () => {
  const answer = exited('Tesla T4, 525.60.11, 15360, 15101, 47, 0, 7.5\n');
  assert.equal((await check({ programs: { 'nvidia-smi': answer } })).status, 'fail');
});

test('no newer driver is asked for where it would not help: a K80', async () => {
  const { status, remedy } = await check({ programs: { 'nvidia-smi': smi.k80 } });
  assert.deepEqual([status, remedy], ['info', null]);
});

test('without a card no driver is needed', async () => {
  assert.deepEqual(await check({}), { status: 'info', detail: 'no NVIDIA card, so none is needed', remedy: null });
  assert.equal((await check({ programs: { 'nvidia-smi': smi.noDevices } })).status, 'info');
  assert.equal((await check({ programs: { 'nvidia-smi': smi.noDriver } })).status, 'info');
});

test('a card without its driver is told from no card', async () => {
  assert.deepEqual(await check({ files: PRESENT }), {
    status: 'fail',
    detail: 'an NVIDIA card without its driver',
    remedy: { text: CURRENT, command: 'sudo apt install nvidia-driver', link: LINK },
  });
});

test('where no package is known the remedy is NVIDIA’s own page', async () => {
  const files = { ...PRESENT, '/etc/os-release': 'NAME=Void\nID=void\n' };
  assert.deepEqual((await check({ files })).remedy, { text: CURRENT, link: LINK });
});

test('a driver that runs, but whose card cannot be reached, is a container’s', async () => {
  const { status, detail, remedy } = await check({ files: { ...PRESENT, ...KERNEL_535 } });
  assert.deepEqual(
    [status, detail],
    ['fail', '535.183.01 runs on this machine, but the card cannot be reached from here'],
  );
  assert.match(remedy?.text ?? '', /--gpus all/);
});

test('a kernel module that is not loaded', async () => {
  const { status, detail, remedy } = await check({ files: PRESENT, programs: { 'nvidia-smi': smi.noDriver } });
  assert.deepEqual(
    [status, detail, remedy?.command],
    ['fail', 'installed, but its kernel module is not loaded', 'sudo modprobe nvidia'],
  );
});

test('in WSL, where the bus shows no card, a driver that is not loaded is a fault all the same', async () => {
  const release = '5.15.153.1-microsoft-standard-WSL2';
  assert.equal((await check({ release, programs: { 'nvidia-smi': smi.noDriver } })).status, 'fail');
});

test('kernel module and libraries of different versions: both are named, and a restart helps', async () => {
  assert.deepEqual(await check({ files: KERNEL_535, programs: { 'nvidia-smi': smi.mismatch } }), {
    status: 'fail',
    detail: 'it was updated while the machine ran (running 535.183.01, installed 550.90)',
    remedy: { text: 'Restart the machine.', command: 'sudo reboot' },
  });
});

test('the open kernel module’s version is found too', async () => {
  const open = {
    '/proc/driver/nvidia/version':
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  560.35.03  Release Build\n',
  };
  const { detail } = await check({ files: open, programs: { 'nvidia-smi': smi.mismatch } });
  assert.match(detail, /running 560\.35\.03/);
});

test('a card that has dropped off, a driver that hangs, and a container that lost its cards', async () => {
  const findings = await Promise.all(
    [smi.lost, smi.silent, smi.lostInContainer].map((answer) => check({ programs: { 'nvidia-smi': answer } })),
  );
  assert.deepEqual(
    findings.map(({ status, remedy }) => [status, remedy?.command ?? remedy?.text]),
    [
      ['fail', 'sudo reboot'],
      ['fail', 'sudo reboot'],
      ['fail', 'The container has lost its cards; restart it.'],
    ],
  );
});

test('Windows has its own oldest driver, and tells the version without nvidia-smi', async () => {
  const onWindows = (DriverVersion: string, Name = 'NVIDIA GeForce RTX 4090') =>
    check({
      platform: 'win32',
      programs: {
        powershell: exited(JSON.stringify({ Name, DriverVersion, PNPDeviceID: 'PCI\\VEN_10DE&DEV_2684' })),
      },
    });
  assert.equal((await onWindows('31.0.15.5161')).detail, '551.61 (CUDA 12 needs 528.33 or newer)');
  assert.deepEqual(await onWindows('31.0.15.2690'), {
    status: 'fail',
    detail: '526.90 is too old: CUDA 12 needs 528.33 or newer',
    remedy: { text: CURRENT, link: LINK },
  });
  assert.equal(
    (await onWindows('10.0.22621.1', 'Microsoft Basic Display Adapter')).detail,
    'an NVIDIA card without its driver',
  );
});
