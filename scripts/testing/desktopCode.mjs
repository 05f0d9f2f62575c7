/** Finds a desktop VS Code on this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

const commands = ['code', 'code-insiders', 'codium'];

/** @returns {string | undefined} The first of VS Code's commands on the PATH that works. */
export function findCodeCommand() {
  const shell = process.platform === 'win32';
  return commands.find((command) => spawnSync(command, ['--version'], { stdio: 'ignore', shell }).status === 0);
}

/** @returns {string | undefined} The program itself: VSCODE_EXEC, or what the command on the PATH belongs to. */
export function findCodeProgram() {
  const command = findCodeCommand();
  if (process.env.VSCODE_EXEC !== undefined || command === undefined) {
    return process.env.VSCODE_EXEC;
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const script = folders.map((folder) => path.join(folder, command)).find((file) => existsSync(file));
  const bin = script === undefined ? '' : path.dirname(realpathSync(script));
  const candidates = {
    linux: [path.join(bin, '..', command)],
    darwin: [path.resolve(bin, '../../../MacOS/Electron'), path.resolve(bin, '../../../MacOS/Code')],
    win32: [path.join(bin, '../Code.exe'), path.join(bin, '../VSCodium.exe')],
  };
  const known = /** @type {Record<string, string[]>} */ (candidates)[process.platform] ?? [];
  return known.find((file) => existsSync(file));
}
