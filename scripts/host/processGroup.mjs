/** Starts a program whose whole family of processes ends with us, however we end (short of SIGKILL). */
import { spawn, spawnSync } from 'node:child_process';

const signals = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 });

/**
 * Starts `command` as the leader of a process group of its own.
 *
 * A VS Code server leaves its extension hosts behind when it alone is told to end, so the group is ended as one.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.shell] Windows starts `npm` and `code` through its shell only.
 * @param {'exit' | 'nothing'} [options.onSignal] `nothing` is for a script that listens for signals itself.
 * @param {() => void} [options.onEnd] Runs once the group is gone, at our own exit as well; must be synchronous.
 */
export function startGroup(command, args, { cwd, env, shell, onSignal = 'exit', onEnd = () => undefined }) {
  const detached = process.platform !== 'win32';
  const child = spawn(command, args, { cwd, env, shell, detached, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Promise<number | null | Error>} */
  const exited = new Promise((resolve) => child.once('error', resolve).once('exit', resolve));
  const atExit = () => {
    killGroup(child, 'SIGKILL');
    onEnd();
  };
  process.once('exit', atExit);
  const restoreSignals = onSignal === 'exit' ? exitOnSignals() : () => undefined;

  const stop = async () => {
    killGroup(child, 'SIGTERM');
    const impatient = setTimeout(() => killGroup(child, 'SIGKILL'), 5000);
    await exited;
    clearTimeout(impatient);
    process.off('exit', atExit);
    restoreSignals();
    atExit();
  };
  return { child, exited, stop };
}

/** Makes a signal a normal exit, so that `exit` listeners run: ours here, and the one that ends a test's browser. */
function exitOnSignals() {
  const listeners = Object.entries(signals).map(([name, code]) => ({ name, listener: () => process.exit(code) }));
  for (const { name, listener } of listeners) {
    process.on(name, listener);
  }
  return () => {
    for (const { name, listener } of listeners) {
      process.off(name, listener);
    }
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function killGroup(child, signal) {
  if (child.pid === undefined) {
    return;
  }
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
