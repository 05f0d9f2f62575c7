/** Starts a Node process that outlives the editor and the terminal that asked for it, and prints into a file. */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';

export interface Detached {
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
  readonly args: readonly string[];
  /** What it prints is added to this file. */
  readonly logFile: string;
  /** Makes the error of a file that cannot be written. */
  toFolderFault(error: Error): Error;
  /** Makes the error of a process that cannot be started. */
  toStartFault(message: string): Error;
}

/** Settles once the process exists. */
export async function spawnDetached({ execPath, args, logFile, ...faults }: Detached): Promise<{ pid: number }> {
  const log = await open(logFile, 'a').catch((error: Error) => {
    throw faults.toFolderFault(error);
  });
  try {
    const child = spawn(execPath, [...args], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('spawn', () => resolve(child.pid ?? 0));
      child.once('error', reject);
    });
    child.unref();
    return { pid };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw faults.toStartFault(`could not be started with ${execPath}: ${why}.`);
  } finally {
    await log.close();
  }
}
