/** Fetches the wheels of a runtime, after the index has said of each that it is the one we know. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { Wheel } from './catalogue.ts';
import { type Download, download, isDownloaded } from './download.ts';
import { fileRequest, listFiles } from './packageIndex.ts';
import { faultText, type Retry, type Waiting, withRetries } from './waiting.ts';

export interface WheelSource {
  /** The address of the package index. */
  readonly index: string;
  readonly fetch: typeof fetch;
  readonly waiting: Waiting;
  readonly signal: AbortSignal;
  readonly silenceMs?: number;
  onRetry?(retry: Retry): void;
}

export interface WheelFetch extends WheelSource {
  readonly wheels: readonly Wheel[];
  readonly folder: string;
  /** Bytes of all wheels that are on the disk, and how many have come since the beginning. */
  onBytes(bytes: number, came: number): void;
}

/**
 * Whole wheels that are there already are not asked for, so a machine without the network can be given them.
 *
 * @returns The wheels' files, in order.
 * @throws {SkilletError} `runtime-index`, `runtime-download`, `runtime-disk`.
 */
export async function fetchWheels(job: WheelFetch): Promise<string[]> {
  const { wheels, folder, onBytes } = job;
  await mkdir(folder, { recursive: true });
  const files = wheels.map((wheel) => path.join(folder, wheel.file));
  const downloads: (Download | null)[] = [];
  for (const wheel of wheels) {
    job.signal.throwIfAborted();
    const file = path.join(folder, wheel.file);
    downloads.push((await isDownloaded({ ...wheel, file })) ? null : await locate(wheel, file, job));
  }
  let before = wheels.reduce((sum, wheel, at) => sum + (downloads[at] === null ? wheel.bytes : 0), 0);
  let cameInAll = 0;
  onBytes(before, cameInAll);
  for (const wanted of downloads.filter((one) => one !== null)) {
    await download(wanted, {
      ...job,
      onBytes: (bytes, came) => {
        cameInAll += came;
        onBytes(before + bytes, cameInAll);
      },
    });
    before += wanted.bytes;
  }
  return files;
}

async function locate(wheel: Wheel, file: string, source: WheelSource): Promise<Download> {
  const { index, signal } = source;
  const { project } = wheel;
  const listed = await withRetries(source, () => listFiles({ ...source, project })).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof SkilletError ? error : unreachable(index, error);
  });
  const found = listed.find(({ name }) => name === wheel.file);
  if (found === undefined) {
    throw new SkilletError('runtime-index', wheel.file, {
      message: `is not on ${hostOf(index)}.`,
      remedy: 'Use another package index (skillet.packageIndex or SKILLET_PACKAGE_INDEX); a mirror may lag behind.',
    });
  }
  if ((found.sha256 ?? wheel.sha256) !== wheel.sha256 || (found.bytes ?? wheel.bytes) !== wheel.bytes) {
    throw new SkilletError('runtime-index', wheel.file, {
      message: `is another file on ${hostOf(index)} than the one Skillet knows (SHA-256 ${found.sha256}, not ${wheel.sha256}).`,
      remedy: 'Nothing was fetched. Use another package index (skillet.packageIndex or SKILLET_PACKAGE_INDEX).',
    });
  }
  return { ...fileRequest(index, found.url), file, bytes: wheel.bytes, sha256: wheel.sha256 };
}

function unreachable(index: string, error: unknown): SkilletError {
  return new SkilletError('runtime-index', hostOf(index), {
    message: `cannot be reached: ${faultText(error)}.`,
    remedy:
      'Check the network, or name a mirror (skillet.packageIndex or SKILLET_PACKAGE_INDEX); docs/setup.md says how to do without.',
  });
}

/** Without a password that may stand in the address. */
const hostOf = (index: string) => new URL(index).host;
