/** The doctor's lines on a made-up terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLines, groupLine, summaryLines } from '../../../src/cli/doctorView.ts';
import type { Check } from '../../../src/common/machine/check.ts';

const driver: Check = {
  id: 'driver',
  title: 'NVIDIA driver',
  status: 'fail',
  detail: '470.182.03 is too old: CUDA 12 needs 525.60.13 or newer',
  remedy: {
    text: 'Install NVIDIA’s current driver, then restart the machine.',
    command: 'sudo apt install nvidia-driver',
    link: 'https://www.nvidia.com/en-us/drivers/',
  },
};
const pipe = { columns: null, hasColor: false };

test('in a pipe lines are whole', () => {
  assert.deepEqual(checkLines(driver, pipe), [
    '  fail  NVIDIA driver       470.182.03 is too old: CUDA 12 needs 525.60.13 or newer',
    '                            → Install NVIDIA’s current driver, then restart the machine.',
    '                              sudo apt install nvidia-driver',
    '                              https://www.nvidia.com/en-us/drivers/',
  ]);
});

test('a terminal’s lines are broken between words and stay within it', () => {
  const lines = checkLines(driver, { columns: 70, hasColor: false });
  assert.deepEqual(lines, [
    '  fail  NVIDIA driver       470.182.03 is too old: CUDA 12 needs',
    '                            525.60.13 or newer',
    '                            → Install NVIDIA’s current driver, then',
    '                              restart the machine.',
    '                              sudo apt install nvidia-driver',
    '                              https://www.nvidia.com/en-us/drivers/',
  ]);
});

test('a very narrow terminal breaks them itself', () => {
  assert.equal(checkLines(driver, { columns: 40, hasColor: false }).length, 4);
});

test('several cards are several lines', () => {
  const cards: Check = { id: 'cards', title: 'Cards', status: 'ok', detail: 'Tesla T4\nIntel card', remedy: null };
  assert.deepEqual(checkLines(cards, pipe), [
    '  ok    Cards               Tesla T4',
    '                            Intel card',
  ]);
});

test('without a command of its own, setting up is the command', () => {
  const check: Check = { ...driver, remedy: { text: 'Set TensorFlow up.', action: 'setUp' } };
  assert.equal(checkLines(check, pipe).at(-1)?.trim(), 'skillet setup');
});

test('colours only where the terminal has them, and never from what a program printed', () => {
  const loud: Check = { ...driver, detail: 'nvidia-smi: \u001b[31mred' };
  assert.deepEqual(
    [checkLines(loud, pipe)[0], groupLine('Backends', true, pipe)],
    ['  fail  NVIDIA driver       nvidia-smi: �[31mred', ['', 'Backends']],
  );
  const style = { columns: null, hasColor: true };
  assert.equal(checkLines(driver, style)[0]?.startsWith('  \u001b[31mfail\u001b[0m  NVIDIA'), true);
  assert.deepEqual(summaryLines('Ready.', style), ['', 'Ready.']);
});
