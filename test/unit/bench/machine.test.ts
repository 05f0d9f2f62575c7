/** What the benchmark says of the machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeMachine, sampleBusy } from '../../bench/machine.mjs';

test('the machine is told by processor, memory, GPU, system and Node, none of them empty', () => {
  const lines = describeMachine().map((line) => /^(\w+)[: ]+(\S.*)$/.exec(line)?.[1]);
  assert.deepEqual(lines, ['Processor', 'Memory', 'GPU', 'System', 'Node']);
});

test('the share of the processor that is in use lies between none and all', () => {
  const share = sampleBusy(30);
  assert.ok(share >= 0 && share <= 1, `${share}`);
});
