/** Programs are run without a shell, and never waited for for ever. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../../../src/node/machine/runCommand.ts';
import { exists } from '../../../fixtures/processes.ts';
import { tempFolder, waitFor } from '../../../fixtures/tempFolder.ts';

const node = process.execPath;
const patient = { timeoutMs: 60_000 };

test('what a program prints on both streams, and its exit code', async () => {
  const script = "process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 9";
  assert.deepEqual(await runCommand(node, ['-e', script], patient), {
    outcome: 'exited',
    code: 9,
    stdout: 'out',
    stderr: 'err',
  });
});

test('arguments are no shell words', async () => {
  const answer = await runCommand(node, ['-p', 'process.argv[1]', '$HOME; echo `id` "x"'], patient);
  assert.equal(answer.outcome === 'exited' && answer.stdout, '$HOME; echo `id` "x"\n');
});

test('a program that is not there, or is none, is absent', async (t) => {
  const file = path.join(tempFolder(t), 'nvidia-smi');
  writeFileSync(file, 'no program', { mode: 0o644 });
  assert.deepEqual(await runCommand('skillet-has-no-such-program', [], patient), { outcome: 'absent' });
  assert.deepEqual(await runCommand(file, [], patient), { outcome: 'absent' });
});

test('a program that does not end is ended', async (t) => {
  const file = path.join(tempFolder(t), 'pid');
  const script = `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => 0, 1e6)`;
  const stopped = new AbortController();
  const running = runCommand(node, ['-e', script], { timeoutMs: 60_000, signal: stopped.signal });
  const pid = await waitFor('the program', () =>
    existsSync(file) ? Number(readFileSync(file, 'utf8')) || null : null,
  );
  stopped.abort();
  assert.deepEqual(await running, { outcome: 'silent' });
  await waitFor('its end', () => !exists(pid));
  assert.deepEqual(await runCommand(node, ['-e', script], { timeoutMs: 50 }), { outcome: 'silent' });
});

test('a program that dies by a signal has said nothing', async () => {
  const answer = await runCommand(node, ['-e', "process.kill(process.pid, 'SIGKILL')"], patient);
  assert.deepEqual(answer, { outcome: 'silent' });
});
