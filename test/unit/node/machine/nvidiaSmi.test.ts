/** nvidia-smi's answers are read as cards, and its failures told apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askNvidiaSmi, type SmiAnswer } from '../../../../src/node/machine/nvidiaSmi.ts';
import { exited, type MadeMachine, makeMachine, smi } from '../../../fixtures/machine.ts';

const ask = (answer: NonNullable<MadeMachine['programs']>[string]) =>
  askNvidiaSmi(makeMachine({ programs: { 'nvidia-smi': answer } }));

/** Cards in one line each: name, driver, MiB in all and free, capability, °C, % busy. */
function inLines(answer: SmiAnswer): string[] {
  assert.equal(answer.kind, 'cards');
  const mib = (bytes: number | null) => (bytes === null ? null : bytes / 2 ** 20);
  return answer.kind !== 'cards'
    ? []
    : answer.cards.map((card) =>
        [
          card.name,
          card.driver,
          mib(card.totalBytes),
          mib(card.freeBytes),
          card.capability,
          card.celsius,
          card.busyPercent,
        ].join(' | '),
      );
}

test('an A100 is read', async () => {
  assert.deepEqual(inLines(await ask(smi.a100)), ['NVIDIA A100-SXM4-80GB | 550.54.15 | 81920 | 81050 | 8.0 | 34 | 0']);
});

test('two RTX 4090 are two cards', async () => {
  assert.deepEqual(inLines(await ask(smi.twoRtx4090)), [
    'NVIDIA GeForce RTX 4090 | 555.42.02 | 24564 | 24111 | 8.9 | 41 | 3',
    'NVIDIA GeForce RTX 4090 | 555.42.02 | 24564 | 1200 | 8.9 | 66 | 98',
  ]);
});

test('[N/A], [Not Supported] and the like are what is not told', async () => {
  assert.deepEqual(inLines(await ask(smi.h100WithMig)), ['NVIDIA H100 80GB HBM3 | 560.35.03 | 81559 |  | 9.0 | 31 | ']);
  assert.deepEqual(inLines(await ask(smi.k80))[0], 'Tesla K80 | 470.256.02 | 11441 | 11438 | 3.7 | 38 | ');
});

test('a driver that does not know compute_cap is asked again without it', async () => {
  assert.deepEqual(inLines(await ask(smi.gtx1060)), [
    'NVIDIA GeForce GTX 1060 6GB | 470.182.03 | 6078 | 5900 |  | 45 | 2',
  ]);
});

test('a comma in a name and Windows line ends do no harm', async () => {
  const answer = await ask(exited('NVIDIA Thing, Max-Q, 550.1, 8192, 8000, 40, 0, 8.9\r\n'));
  assert.deepEqual(inLines(answer), ['NVIDIA Thing, Max-Q | 550.1 | 8192 | 8000 | 8.9 | 40 | 0']);
});

test('each failure is told apart', async () => {
  const answers = await Promise.all(
    [smi.noDriver, smi.mismatch, smi.noDevices, smi.silent, exited('No devices were found\n', 0), exited('')].map(ask),
  );
  assert.deepEqual(answers, [
    { kind: 'noDriver' },
    { kind: 'mismatch', library: '550.90' },
    { kind: 'noDevices' },
    { kind: 'silent' },
    { kind: 'noDevices' },
    { kind: 'noDevices' },
  ]);
});

test('a lost card and a failure that is not known keep their words, on whichever stream they came', async () => {
  const [lost, inContainer, unknown, mute] = await Promise.all(
    [smi.lost, smi.lostInContainer, exited('', 12, 'Something\n else'), exited('', 127)].map(ask),
  );
  assert.equal(lost?.kind, 'lost');
  assert.deepEqual(
    [inContainer, unknown, mute],
    [
      { kind: 'failed', text: 'Failed to initialize NVML: Unknown Error' },
      { kind: 'failed', text: 'Something else' },
      { kind: 'failed', text: 'exit code 127' },
    ],
  );
});

test('it is looked for where WSL and Windows keep it, on Windows by its own folder alone', async () => {
  const asked: string[] = [];
  const listen = (platform: 'linux' | 'win32', env: Record<string, string>) => ({
    ...makeMachine({ platform, env }),
    run: async (command: string) => {
      asked.push(command);
      return { outcome: 'absent' } as const;
    },
  });
  assert.deepEqual(await askNvidiaSmi(listen('linux', {})), { kind: 'absent' });
  assert.deepEqual(await askNvidiaSmi(listen('win32', { SystemRoot: 'D:\\Windows' })), { kind: 'absent' });
  assert.deepEqual(asked, [
    'nvidia-smi',
    '/usr/lib/wsl/lib/nvidia-smi',
    'D:\\Windows\\System32\\nvidia-smi.exe',
    'C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvidia-smi.exe',
  ]);
});
