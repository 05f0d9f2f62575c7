/** Compute capability against the code in TensorFlow's CUDA build. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCapability } from '../../../../src/node/machine/capability.ts';
import { joinCards } from '../../../../src/node/machine/cards.ts';
import { codeFor } from '../../../../src/node/machine/cudaNeeds.ts';
import { askNvidiaSmi } from '../../../../src/node/machine/nvidiaSmi.ts';
import { exited, type MadeMachine, makeMachine, smi } from '../../../fixtures/machine.ts';

const check = async (answer: NonNullable<MadeMachine['programs']>[string]) =>
  checkCapability(joinCards(await askNvidiaSmi(makeMachine({ programs: { 'nvidia-smi': answer } })), []));

test('which cards the wheel holds code for', () => {
  const judged = ['3.7', '5.2', '6.0', '6.1', '7.0', '7.5', '8.0', '8.6', '8.9', '9.0', '10.0', '12.0'].map(
    (capability) => `${capability} ${codeFor(capability)}`,
  );
  assert.deepEqual(judged, [
    '3.7 none',
    '5.2 none',
    '6.0 ready',
    '6.1 ready',
    '7.0 ready',
    '7.5 ready',
    '8.0 ready',
    '8.6 ready',
    '8.9 ready',
    '9.0 ready',
    '10.0 compiles',
    '12.0 compiles',
  ]);
});

test('equal cards are one line', async () => {
  assert.deepEqual(await check(smi.twoRtx4090), {
    status: 'ok',
    detail: 'NVIDIA GeForce RTX 4090: 8.9 (TensorFlow needs 6.0 or newer)',
    remedy: null,
  });
});

test('a K80 is too old', async () => {
  const { status, detail } = await check(smi.k80);
  assert.deepEqual([status, detail], ['fail', 'Tesla K80: 3.7; TensorFlow needs 6.0 or newer']);
});

test('a card newer than the code works, after a long first start', async () => {
  const { status, detail } = await check(smi.rtx5090);
  assert.equal(status, 'ok');
  assert.match(detail, /12\.0, newer than TensorFlow’s code: its first start compiles for minutes, once/);
});

test('an old driver does not tell it', async () => {
  const { status, detail } = await check(smi.gtx1060);
  assert.equal(status, 'info');
  assert.match(detail, /^NVIDIA GeForce GTX 1060 6GB: not told by this driver/);
});

test('of an old card and a new one, the new one is to be used', async () => {
  const both = 'Tesla K80, 470.256.02, 11441, 11438, 38, 0, 3.7\nTesla T4, 470.256.02, 15360, 15101, 47, 0, 7.5\n';
  const { status, remedy } = await check(exited(both));
  assert.equal(status, 'warn');
  assert.match(remedy?.text ?? '', /CUDA_VISIBLE_DEVICES=1\b/);
});

test('where no card answers there is nothing to judge', async () => {
  assert.equal((await check(smi.noDriver)).status, 'info');
});
