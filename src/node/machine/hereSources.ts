/** The machine that Skillet runs on, as the doctor's sources. */
import { readdir, readFile, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, homedir, release, totalmem } from 'node:os';
import path from 'node:path';
import { runCommand } from './runCommand.ts';
import type { MachineSources } from './sources.ts';

/** A driver that hangs keeps nvidia-smi waiting for ever. */
const COMMAND_MS = 15_000;

export function hereSources(signal?: AbortSignal): MachineSources {
  return {
    platform: process.platform,
    arch: process.arch,
    release: release(),
    env: process.env,
    home: homedir(),
    nodeVersion: process.versions.node,
    electronVersion: process.versions.electron ?? null,
    cpu: { model: cpus()[0]?.model.trim() ?? '', cores: availableParallelism() },
    memory: memory(),
    run: (command, args) =>
      runCommand(command, args, { timeoutMs: COMMAND_MS, ...(signal === undefined ? {} : { signal }) }),
    readFile: (file) => readFile(file, 'utf8').catch(() => null),
    listFolder: (folder) =>
      readdir(folder).then(
        (names) => names.sort(),
        () => [],
      ),
    freeBytes,
  };
}

function memory(): MachineSources['memory'] {
  const totalBytes = totalmem();
  // The first releases of Node 20 have neither function; without a container's limit it is 0 or beyond all memory.
  const limit = process.constrainedMemory?.() ?? 0;
  const limitBytes = limit > 0 && limit < totalBytes ? limit : null;
  return { totalBytes, availableBytes: process.availableMemory?.() ?? freemem(), limitBytes };
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? null : freeBytes(parent);
  }
}
