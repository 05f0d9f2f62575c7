/** Nothing that a script started is left when the script ends, whichever way it ends. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const module = path.resolve(import.meta.dirname, '../../../scripts/host/processGroup.mjs');
// A parent that ends only by force, and a child of its own.
const family = `require('node:child_process').spawn(process.execPath, ['-e', 'console.log(process.pid); setInterval(() => 0, 1e6)'],
  { stdio: ['ignore', 'inherit', 'inherit'] }); process.on('SIGTERM', () => 0); console.log(process.pid);`;
const script = (ending: string) => `
  import { startGroup } from ${JSON.stringify(module)};
  const group = startGroup(process.execPath, ['-e', ${JSON.stringify(family)}], {});
  let text = '';
  for await (const chunk of group.child.stdout) {
    text += chunk;
    if (text.trim().split('\\n').length === 2) break;
  }
  console.log(text.trim().replace('\\n', ' '));
  ${ending}`;

const endings: Record<string, { code: string; signal?: NodeJS.Signals }> = {
  'stops it': { code: 'await group.stop();' },
  'ends by itself': { code: 'process.exit(0);' },
  'fails with an exception': { code: "throw new Error('planned');" },
  'is interrupted': { code: 'setInterval(() => 0, 1e6);', signal: 'SIGINT' },
  'is terminated': { code: 'setInterval(() => 0, 1e6);', signal: 'SIGTERM' },
};

for (const [how, { code, signal }] of Object.entries(endings)) {
  test(`a script that ${how} leaves no process behind`, async (t) => {
    if (process.platform === 'win32') {
      t.skip('signals and process groups are those of POSIX');
      return;
    }
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script(code)]);
    const ended = once(child, 'exit');
    const [line] = await once(child.stdout, 'data');
    const members = String(line).trim().split(' ').map(Number);
    if (signal !== undefined) {
      child.kill(signal);
    }
    await ended;
    assert.equal(members.length, 2);
    assert.equal(await allGone(members), true);
  });
}

async function allGone(pids: readonly number[]) {
  const deadline = Date.now() + 20_000;
  while (pids.some(isAlive) && Date.now() < deadline) {
    await delay(20);
  }
  return !pids.some(isAlive);
}

/** A process that has ended but that nobody has collected yet (a container may have no init) counts as gone. */
function isAlive(pid: number) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || !/\) Z /.test(readProcStat(pid));
}

function readProcStat(pid: number) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ') Z ';
  }
}
