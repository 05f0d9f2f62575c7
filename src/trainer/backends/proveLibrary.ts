/** Makes sure that a native library can be loaded, in a process of its own: one that aborts would take the run with it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE_FOLDERS } from '../../common/machine/cacheFolders.ts';
import type { ProbeResult } from '../../common/machine/probeResult.ts';

export interface ProofOptions {
  /** The probe's entry, see `probe.ts`. */
  readonly probeFile: string;
  /** Where proofs are kept, so that each library is tried once; null to try each time. */
  readonly cacheFolder: string | null;
}

/** A library that hangs while it is loaded is ended after so long; a first start on a new card compiles for minutes. */
const LIMIT_MS = 10 * 60_000;

/** @throws {Error} How the process ended that loaded the library. */
export async function proveLibrary(folder: string, { probeFile, cacheFolder }: ProofOptions): Promise<void> {
  const proof =
    cacheFolder === null ? null : path.join(cacheFolder, CACHE_FOLDERS.proofs, `${fingerprint(folder)}.json`);
  if (proof !== null && isProved(proof)) {
    return;
  }
  const result = await probe(folder, probeFile);
  if (!result.ok) {
    throw new Error(`its library in ${folder} does not work: ${result.message}`);
  }
  if (proof !== null) {
    try {
      mkdirSync(path.dirname(proof), { recursive: true });
      writeFileSync(proof, `${JSON.stringify(result)}\n`);
    } catch {
      // A cache that cannot be written costs a proof each time, and nothing else.
    }
  }
}

function isProved(file: string): boolean {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Partial<ProbeResult>).ok === true;
  } catch {
    return false;
  }
}

/** Changes whenever a file of the library does. */
function fingerprint(folder: string): string {
  const files = readdirSync(folder)
    .filter((name) => name.startsWith('libtensorflow'))
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      return [name, size, mtimeMs];
    });
  return createHash('sha256')
    .update(JSON.stringify([folder, process.arch, files]))
    .digest('hex')
    .slice(0, 32);
}

async function probe(folder: string, probeFile: string): Promise<ProbeResult> {
  const child = spawn(process.execPath, [probeFile, 'tensorflow-cpu', '--tensorflow', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    windowsHide: true,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const how = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(signal === null ? (code === 0 ? null : `exit code ${code}`) : signal),
    );
  });
  const backend = 'tensorflow-cpu';
  try {
    return JSON.parse(out.trim().split('\n').at(-1) ?? '') as ProbeResult;
  } catch {
    const last = errors.trim().split('\n').at(-1) ?? '';
    return {
      ok: false,
      backend,
      message: `the process that tried it ended with ${how ?? 'no word'}${last === '' ? '' : ` (${last})`}`,
    };
  }
}
