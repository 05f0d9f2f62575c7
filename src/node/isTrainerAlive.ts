/** Tells whether the process that writes a run still lives. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * A process number alone can have passed to another program; so the command line must name the run folder too.
 *
 * @returns Null when the run belongs to another machine, about which nothing can be said here.
 */
export async function isTrainerAlive(
  trainer: { readonly pid: number; readonly host: string },
  runFolder: string,
): Promise<boolean | null> {
  if (trainer.host !== hostname()) {
    return null;
  }
  if (!exists(trainer.pid)) {
    return false;
  }
  const command = await commandLine(trainer.pid);
  // It may have gone between the two looks, and then has no command line either.
  return command === null ? exists(trainer.pid) : namesFolder(command, path.basename(runFolder));
}

/** A whole argument that ends in the folder's name: `…/x` must not pass for `…/x-2`. */
function namesFolder(command: string, name: string): boolean {
  // Linux parts arguments with zeros; ps joins them with spaces, which names may hold too.
  const args = command.includes('\0') ? command.split('\0') : [command, ...command.split(' ')];
  return (
    args.some((arg) => path.basename(arg) === name) ||
    (!command.includes('\0') && command.includes(`${path.sep}${name} `))
  );
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Null where the system does not tell. A process that has ended but was not collected by its parent has an empty line. */
async function commandLine(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  }
  if (process.platform === 'win32') {
    return null;
  }
  return promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
