/** Makes sure that a native library can be loaded, in a process of its own: one that aborts would take the run with it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { CACHE_FOLDERS } from '../../common/machine/cacheFolders.ts';
import type { ProbeResult } from '../../common/machine/probeResult.ts';

/** What is to be proved. */
export interface Candidate {
  readonly backend: string;
  /** Further words for the probe. */
  readonly args: readonly string[];
  /** The libraries: a proof holds for as long as none of them changes. */
  readonly files: readonly string[];
}

/**
 * A backend that only says that it cannot run is left to say so again, with its remedy.
 *
 * @throws {Error} How the process ended that tried the backend.
 */
export type Prove = (candidate: Candidate) => Promise<void>;

export interface ProofOptions {
  /** The probe's entry, see `probe.ts`. */
  readonly probeFile: string;
  /** Where proofs are kept, so that each library is tried once; null to try each time. */
  readonly cacheFolder: string | null;
}

/** A library that hangs while it is loaded is ended after so long; a first start on a new card compiles for minutes. */
const LIMIT_MS = 10 * 60_000;

export function createProver({ probeFile, cacheFolder }: ProofOptions): Prove {
  return async (candidate) => {
    const name = `${candidate.backend}-${fingerprint(candidate)}.json`;
    const proof = cacheFolder === null ? null : path.join(cacheFolder, CACHE_FOLDERS.proofs, name);
    if (proof !== null && isProved(proof)) {
      return;
    }
    const result = await probe(candidate, probeFile);
    if (result.ok && proof !== null) {
      keepProof(proof, result);
    }
  };
}

function keepProof(file: string, result: ProbeResult): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(result)}\n`);
  } catch {
    // A cache that cannot be written costs a proof each time, and nothing else.
  }
}

function isProved(file: string): boolean {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Partial<ProbeResult>).ok === true;
  } catch {
    return false;
  }
}

/** Changes whenever a library or the system's kernel does, whose drivers it may load. */
function fingerprint({ args, files }: Candidate): string {
  const stats = files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
  const all = JSON.stringify([args, process.arch, release(), stats]);
  return createHash('sha256').update(all).digest('hex').slice(0, 32);
}

/** @throws {Error} The process ended without a word of its own. */
async function probe({ backend, args }: Candidate, probeFile: string): Promise<ProbeResult> {
  const child = spawn(process.execPath, [probeFile, backend, ...args], {
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
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  try {
    return JSON.parse(out.trim().split('\n').at(-1) ?? '') as ProbeResult;
  } catch {
    const last = errors.trim().split('\n').at(-1) ?? '';
    throw new Error(`the process that tried it ended with ${how}${last === '' ? '' : ` (${last})`}`);
  }
}
