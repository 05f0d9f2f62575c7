/** Tries one backend in a process of its own: a native library that aborts takes only that process with it. */
import { spawn } from 'node:child_process';
import type { ProbeResult } from '../../common/machine/probeResult.ts';

export interface ProbeOptions {
  readonly backend: string;
  /** Holds libtensorflow_cc; null where the backend needs none. */
  readonly tensorflowFolder: string | null;
  /** The probe's bundle. */
  readonly probeFile: string;
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A first start on a card newer than the library compiles its kernels, which takes minutes. */
const TIMEOUT_MS = 300_000;
/** How much of what a process prints is kept: its last words. */
const KEPT_LENGTH = 64_000;
/** What TensorFlow's log prints at every start, and where each of its remarks begins. */
const CHATTER = /^(WARNING: All log messages before absl|I\d{4} )/;

/** Never rejects but when it is aborted: whatever goes wrong is told in the result. */
export async function probeBackend(options: ProbeOptions): Promise<ProbeResult> {
  options.signal?.throwIfAborted();
  const end = await runProbe(options);
  options.signal?.throwIfAborted();
  const { backend } = options;
  const said = parseResult(end.stdout);
  if (said !== null && (end.why === null || !said.ok)) {
    return said;
  }
  const why = end.why ?? 'The probe ended without a result';
  const last = lastLines(end.stderr);
  return { ok: false, backend, message: last === '' ? `${why}.` : `${why}; its last words: ${last}` };
}

interface ProbeEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** Why it cannot be believed, or null where it ended well. */
  readonly why: string | null;
}

function runProbe(options: ProbeOptions): Promise<ProbeEnd> {
  const { backend, tensorflowFolder, probeFile, execPath, timeoutMs = TIMEOUT_MS, signal } = options;
  const args = [probeFile, backend, ...(tensorflowFolder === null ? [] : ['--tensorflow', tensorflowFolder])];
  const child = spawn(execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  let isLate = false;
  const kill = () => child.kill('SIGKILL');
  const limit = setTimeout(() => {
    isLate = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener('abort', kill);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] = `${said[name]}${text}`.slice(-KEPT_LENGTH);
    });
  }
  return new Promise<ProbeEnd>((resolve) => {
    child.once('error', (error) => resolve({ ...said, why: `${execPath} could not be started: ${error.message}` }));
    child.once('close', (code, died) =>
      resolve({ ...said, why: isLate ? `It was not ready after ${timeoutMs / 1000} s` : endText(code, died) }),
    );
  }).finally(() => {
    clearTimeout(limit);
    signal?.removeEventListener('abort', kill);
  });
}

function endText(code: number | null, died: NodeJS.Signals | null): string | null {
  if (died !== null) {
    const meaning =
      died === 'SIGABRT'
        ? ' (it gave up on itself)'
        : died === 'SIGILL'
          ? ' (this processor lacks an instruction that it uses)'
          : '';
    return `The library crashed with ${died}${meaning}`;
  }
  return code === 0 ? null : `The probe ended with code ${code}`;
}

/** The last line that is one; what a library prints on standard output is passed over. */
function parseResult(stdout: string): ProbeResult | null {
  for (const line of stdout.trimEnd().split('\n').reverse()) {
    try {
      const value: unknown = JSON.parse(line);
      if (isResult(value)) {
        return value;
      }
    } catch {
      // No JSON: a library's own words.
    }
  }
  return null;
}

function isResult(value: unknown): value is ProbeResult {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { ok, backend, message, device, version, startMs, opMs } = value as Record<string, unknown>;
  if (typeof backend !== 'string') {
    return false;
  }
  return ok === true
    ? typeof device === 'string' &&
        (version === null || typeof version === 'string') &&
        typeof startMs === 'number' &&
        typeof opMs === 'number'
    : ok === false && typeof message === 'string';
}

function lastLines(stderr: string): string {
  return stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !CHATTER.test(line))
    .slice(-3)
    .join(' / ')
    .slice(-600);
}
