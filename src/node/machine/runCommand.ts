/** Runs a program of the system without a shell, within a time limit, and gives what it printed. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import type { CommandResult } from './sources.ts';

const MAX_OUTPUT_BYTES = 4 * 2 ** 20;

export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<CommandResult> {
  const { timeoutMs, signal } = options;
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        windowsHide: true,
        // Windows looks for a program in the current folder first, and a workspace may hold a file of any name.
        cwd: path.dirname(process.execPath),
        env: { ...process.env, LC_ALL: 'C' }, // Messages are recognised by their English words.
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve({ outcome: 'exited', code: 0, stdout, stderr });
        } else if (typeof error.code === 'number') {
          resolve({ outcome: 'exited', code: error.code, stdout, stderr });
        } else if (error.killed === true || error.signal != null || signal?.aborted === true) {
          resolve({ outcome: 'silent' });
        } else {
          resolve({ outcome: 'absent' });
        }
      },
    );
  });
}
