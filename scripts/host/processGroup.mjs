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
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onEnd?: () => void }} options `onEnd` must be synchronous; it runs
 *   once the group is gone, at our own exit as well.
 */
export function startGroup(command, args, { cwd, env, onEnd = () => undefined }) {
  const detached = process.platform !== 'win32';
  const child = spawn(command, args, { cwd, env, detached, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => child.once('error', resolve).once('exit', resolve));
  const atExit = () => {
    killGroup(child, 'SIGKILL');
    onEnd();
  };
  process.once('exit', atExit);
  const restoreSignals = exitOnSignals();

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

/** Makes a signal a normal exit, so that `exit` listeners run; a script that listens itself is left to do so. */
function exitOnSignals() {
  const listeners = Object.entries(signals).map(([name, code]) => {
    const listener = () => {
      if (process.listeners(/** @type {NodeJS.Signals} */ (name)).every((other) => ours.has(other))) {
        process.exit(code);
      }
    };
    ours.add(listener);
    process.on(name, listener);
    return { name, listener };
  });
  return () => {
    for (const { name, listener } of listeners) {
      process.off(name, listener);
    }
  };
}

/** The signal listeners made here, to tell them from a script's own. */
const ours = new WeakSet();

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
