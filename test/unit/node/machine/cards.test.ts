/** Graphics cards of every vendor and system, as one line each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBusCards } from '../../../../src/node/machine/busCards.ts';
import { checkCards, joinCards } from '../../../../src/node/machine/cards.ts';
import { askNvidiaSmi } from '../../../../src/node/machine/nvidiaSmi.ts';
import { exited, type MadeMachine, makeMachine, pciCards, smi } from '../../../fixtures/machine.ts';

async function check(machine: MadeMachine) {
  const sources = makeMachine(machine);
  return checkCards(joinCards(await askNvidiaSmi(sources), await findBusCards(sources)));
}

const PCI_IDS = `# a comment
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t744c  Navi 31 [Radeon RX 7900 XT/7900 XTX]
\t\t1002 0e3b  a board
10de  NVIDIA Corporation
\t1c03  GP106 [GeForce GTX 1060 6GB]
`;

test('no card is a fact, no fault', async () => {
  // A virtual machine's picture adapter, and a server's: neither computes.
  const finding = await check({ files: pciCards('1234:1111', '1a03:2000') });
  assert.deepEqual(finding, { status: 'info', detail: 'none found; recipes train on the processor', remedy: null });
});

test('cards of NVIDIA are told with their memory, heat and load, those of others by the bus', async () => {
  const finding = await check({
    files: { ...pciCards('10de:20b2', '8086:4680'), '/usr/share/misc/pci.ids': PCI_IDS },
    programs: { 'nvidia-smi': smi.a100 },
  });
  assert.deepEqual(finding, {
    status: 'ok',
    detail: 'NVIDIA A100-SXM4-80GB, 79 GiB free of 80 GiB, 34 °C, 0 % busy\nIntel card',
    remedy: null,
  });
});

test('what nvidia-smi does not tell is left out', async () => {
  const { detail } = await check({ programs: { 'nvidia-smi': smi.h100WithMig } });
  assert.equal(detail, 'NVIDIA H100 80GB HBM3, 80 GiB, 31 °C');
});

test('a card whose memory another program holds is a warning', async () => {
  const { status, remedy } = await check({ programs: { 'nvidia-smi': smi.twoRtx4090 } });
  assert.deepEqual([status, remedy?.command], ['warn', 'nvidia-smi']);
});

test('a card that is too hot is a warning', async () => {
  const hot = exited('Tesla T4, 535.183.01, 15360, 15101, 91, 100, 7.5\n');
  assert.equal((await check({ programs: { 'nvidia-smi': hot } })).status, 'warn');
});

test('cards without a driver are found on the bus, with their names where the list of names is there', async () => {
  const files = pciCards('10de:1c03', '1002:744c');
  assert.equal((await check({ files })).detail, 'NVIDIA card\nAMD card');
  assert.equal(
    (await check({ files: { ...files, '/usr/share/hwdata/pci.ids': PCI_IDS } })).detail,
    'NVIDIA GP106 [GeForce GTX 1060 6GB]\nAMD Navi 31 [Radeon RX 7900 XT/7900 XTX]',
  );
});

test('other devices of the same vendors are no cards', async () => {
  const folder = '/sys/bus/pci/devices/0000:00:1f.3';
  const audio = {
    [`${folder}/class`]: '0x040300\n',
    [`${folder}/vendor`]: '0x8086\n',
    [`${folder}/device`]: '0x7ad0\n',
  };
  assert.equal((await check({ files: audio })).status, 'info');
});

test('an Apple chip and the two cards of an Intel Mac are found by system_profiler', async () => {
  const onMac = (list: object[]) => ({
    platform: 'darwin' as const,
    programs: { system_profiler: exited(JSON.stringify({ SPDisplaysDataType: list })) },
  });
  const apple = {
    _name: 'Apple M2 Pro',
    sppci_model: 'Apple M2 Pro',
    sppci_cores: '19',
    spdisplays_vendor: 'sppci_vendor_Apple',
  };
  assert.equal((await check(onMac([apple]))).detail, 'Apple M2 Pro, 19 cores');
  const intel = {
    _name: 'kHW_IntelUHDGraphics630Item',
    sppci_model: 'Intel UHD Graphics 630',
    spdisplays_vendor: 'Intel',
  };
  const amd = {
    _name: 'kHW_AMDRadeonPro5300MItem',
    sppci_model: 'AMD Radeon Pro 5300M',
    spdisplays_vendor: 'sppci_vendor_amd',
  };
  assert.equal((await check(onMac([intel, amd]))).detail, 'Intel UHD Graphics 630\nAMD Radeon Pro 5300M');
});

const onWindows = (list: unknown): MadeMachine => ({
  platform: 'win32',
  programs: { powershell: exited(JSON.stringify(list)) },
});

test('Windows tells one card as an object, several as a list', async () => {
  const intel = {
    Name: 'Intel(R) Iris(R) Xe Graphics',
    DriverVersion: '31.0.101.5186',
    PNPDeviceID: 'PCI\\VEN_8086&DEV_9A49',
  };
  const remote = {
    Name: 'Microsoft Remote Display Adapter',
    DriverVersion: '10.0.22621.1',
    PNPDeviceID: 'SWD\\REMOTEDISPLAYENUM\\X',
  };
  assert.equal((await check(onWindows(intel))).detail, 'Intel(R) Iris(R) Xe Graphics, driver 31.0.101.5186');
  assert.equal((await check(onWindows([remote, intel]))).detail, 'Intel(R) Iris(R) Xe Graphics, driver 31.0.101.5186');
});

test('on Windows, NVIDIA’s own version is in the last digits of the system’s; a stopgap driver is none', async () => {
  const rtx = { Name: 'NVIDIA GeForce RTX 4090', DriverVersion: '31.0.15.5161', PNPDeviceID: 'PCI\\VEN_10DE&DEV_2684' };
  const basic = {
    Name: 'Microsoft Basic Display Adapter',
    DriverVersion: '10.0.22621.1',
    PNPDeviceID: 'PCI\\VEN_10DE&DEV_2684',
  };
  const cards = await findBusCards(makeMachine(onWindows([rtx, basic])));
  assert.deepEqual(cards, [
    { vendor: 'NVIDIA', name: 'NVIDIA GeForce RTX 4090', driver: '551.61' },
    { vendor: 'NVIDIA', name: null, driver: null },
  ]);
});

test('what is no JSON, or a program that fails, gives no cards', async () => {
  const broken = [exited('Get-CimInstance : Access denied'), exited('[1, null, {}]'), exited('', 1), smi.silent];
  for (const answer of broken) {
    assert.deepEqual(await findBusCards(makeMachine({ platform: 'win32', programs: { powershell: answer } })), []);
    assert.deepEqual(
      await findBusCards(makeMachine({ platform: 'darwin', programs: { system_profiler: answer } })),
      [],
    );
  }
});
