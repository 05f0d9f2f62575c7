/** Describes the machine that is measured, a line a thing. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

export function describeMachine() {
  const found = cpus();
  return [
    `Processor: ${found[0]?.model.trim() ?? 'unknown'}, ${found.length} core${found.length === 1 ? '' : 's'}`,
    `Memory: ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `GPU: ${findGpus().join(', ') || 'none'}; not used here`,
    `System: ${systemName()}, ${type()} ${release()}`,
    `Node ${process.versions.node}`,
  ];
}

/** Share of the processors' time that went to other programs while this one sleeps for `ms`; from 0 to 1. */
export function sampleBusy(ms = 1000) {
  const before = sumTimes();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  const after = sumTimes();
  return (after.busy - before.busy) / Math.max(1, after.all - before.all);
}

function sumTimes() {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}

function findGpus() {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim().split('\n').filter(Boolean) : [];
}

function systemName() {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform; // Only Linux has the file.
  }
}
