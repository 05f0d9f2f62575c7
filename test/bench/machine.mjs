/** Describes the machine that is measured, a line a thing. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export function describeMachine() {
  const found = cpus();
  return [
    `Processor: ${found[0]?.model.trim() ?? 'unknown'}, ${found.length} core${found.length === 1 ? '' : 's'}`,
    `Memory: ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `GPU: ${findGpus().join(', ') || 'none'}; not used here`,
    `System: ${systemName()}, ${type()} ${release()}`,
    `Node ${process.versions.node}`,
    `Load when it began: ${(loadavg()[0] ?? 0).toFixed(1)}`, // On a busy machine the numbers say less.
  ];
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
