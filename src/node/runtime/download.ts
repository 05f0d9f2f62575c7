/** Fetches one file to disk, goes on where an earlier attempt broke off, and keeps nothing that has another hash. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../../common/errorCodes.ts';
import { SkilletError } from '../../common/errors.ts';
import { toDiskFault } from './diskFault.ts';
import { faultText, type Retry, type Waiting, withRetries } from './waiting.ts';

export interface Download {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where it goes; until it is whole it is called `<file>.part`. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** How faults are told; those of TensorFlow's package index when absent. */
  readonly telling?: Telling;
}

export interface Telling {
  readonly code: ErrorCode;
  /** What the file is fetched from, such as `package index`, and how to name another one. */
  readonly source: string;
  readonly settings: string;
}

const PACKAGE_INDEX: Telling = {
  code: 'runtime-download',
  source: 'package index',
  settings: 'skillet.packageIndex or SKILLET_PACKAGE_INDEX',
};

export interface DownloadTools {
  readonly fetch: typeof fetch;
  readonly waiting: Waiting;
  /** The part stays when it is aborted. */
  readonly signal: AbortSignal;
  /** How long a connection may be silent; then it is taken for broken. */
  readonly silenceMs?: number;
  readonly pausesMs?: readonly number[];
  onRetry?(retry: Retry): void;
  /** Bytes of this file that are on the disk, and how many of them have just come. */
  onBytes(bytes: number, came: number): void;
}

/** The part on the disk and the hash of it, which advance together. */
interface Part {
  readonly file: string;
  hash: Hash;
  bytes: number;
}

const SILENCE_MS = 60_000;

/** A whole file of the right hash that is there already is not fetched again. */
export async function isDownloaded({
  file,
  bytes,
  sha256,
}: Pick<Download, 'file' | 'bytes' | 'sha256'>): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.size === bytes && (await hashFile(file)).digest('hex') === sha256;
}

/** How much of a file is on the disk, by its size alone. */
export async function downloadedBytes(file: string): Promise<number> {
  const sizes = await Promise.all(
    [file, `${file}.part`].map((name) =>
      stat(name).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return Math.max(...sizes);
}

/** @throws {SkilletError} `runtime-download`, `runtime-disk`. */
export async function download(wanted: Download, tools: DownloadTools): Promise<void> {
  const toFault = (error: unknown) => toDiskFault(error, path.dirname(wanted.file));
  const part = await openPart(wanted).catch((error: unknown) => {
    throw toFault(error);
  });
  const isLeftover = part.bytes > 0;
  let furthest = part.bytes; // Starting over is no progress until it comes further than before.
  const hasAdvanced = () => {
    const advanced = part.bytes > furthest;
    furthest = Math.max(furthest, part.bytes);
    return advanced;
  };
  const attempts = { ...tools, hasAdvanced };
  const fetchAll = () =>
    withRetries(attempts, () =>
      fetchRest(wanted, part, tools).catch((error: unknown) => {
        throw toFault(error);
      }),
    );
  try {
    await fetchAll();
    // What an earlier process left may be of another file; only what was fetched whole is worth an error.
    if (isLeftover && part.hash.copy().digest('hex') !== wanted.sha256) {
      await startOver(part);
      await fetchAll();
    }
  } catch (error) {
    tools.signal.throwIfAborted();
    throw error instanceof SkilletError ? error : brokenOff(wanted, part, error);
  }
  await accept(wanted, part);
}

async function accept({ url, file, sha256, telling = PACKAGE_INDEX }: Download, part: Part): Promise<void> {
  const found = part.hash.digest('hex');
  if (found !== sha256) {
    await rm(part.file, { force: true });
    throw new SkilletError(telling.code, url, {
      message: `has the SHA-256 ${found}, not ${sha256}; it was deleted.`,
      remedy: changed(telling),
    });
  }
  await rename(part.file, file);
}

function changed({ source, settings }: Telling): string {
  return `Something between here and there changes it: try again, or use another ${source} (${settings}).`;
}

function brokenOff({ url, bytes, telling = PACKAGE_INDEX }: Download, part: Part, error: unknown): SkilletError {
  return new SkilletError(telling.code, url, {
    message: `broke off after ${part.bytes} of ${bytes} bytes: ${faultText(error)}.`,
    remedy: 'What was fetched is kept; run it again to go on from there.',
  });
}

async function openPart({ file, bytes }: Download): Promise<Part> {
  const name = `${file}.part`;
  const found = await stat(name).catch(() => null);
  if (found === null || found.size > bytes) {
    await rm(name, { force: true });
    return { file: name, hash: createHash('sha256'), bytes: 0 };
  }
  return { file: name, hash: await hashFile(name), bytes: found.size };
}

async function startOver(part: Part): Promise<void> {
  await rm(part.file, { force: true });
  part.hash = createHash('sha256');
  part.bytes = 0;
}

/** One connection. The size and the hash are pinned, so no `If-Range`: mirrors disagree about ETags of the same file. */
async function fetchRest(wanted: Download, part: Part, tools: DownloadTools): Promise<void> {
  tools.onBytes(part.bytes, 0);
  if (part.bytes === wanted.bytes) {
    return;
  }
  const silence = new AbortController();
  const silenceMs = tools.silenceMs ?? SILENCE_MS;
  const watch = setTimeout(() => silence.abort(new Error(`nothing came for ${silenceMs / 1000} s`)), silenceMs);
  try {
    const response = await tools.fetch(wanted.url, {
      headers: {
        ...wanted.headers,
        'accept-encoding': 'identity',
        ...(part.bytes > 0 ? { range: `bytes=${part.bytes}-` } : {}),
      },
      signal: AbortSignal.any([tools.signal, silence.signal]),
    });
    await preparePart(response, wanted, part);
    await append(response, wanted, part, (came) => {
      watch.refresh();
      tools.onBytes(part.bytes, came);
    });
  } finally {
    clearTimeout(watch);
  }
}

/** Makes the part end where the answer begins. */
async function preparePart(response: Response, wanted: Download, part: Part): Promise<void> {
  if (response.status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    if (Number(start) === part.bytes && (total === '*' || Number(total) === wanted.bytes)) {
      return;
    }
  }
  const { status } = response;
  if (status === 200) {
    await startOver(part); // It knows no ranges.
    return;
  }
  await response.body?.cancel();
  if (status === 206 || status === 416) {
    await startOver(part);
    throw new Error('the server gave another part than the one asked for');
  }
  if (status >= 500 || status === 429 || status === 408) {
    throw new Error(`the server answered ${status}`);
  }
  const { code, source, settings } = wanted.telling ?? PACKAGE_INDEX;
  throw new SkilletError(code, wanted.url, {
    message: `is not given: the server answered ${status}.`,
    remedy: `Check the ${source}, or use another one (${settings}).`,
  });
}

async function append(
  response: Response,
  wanted: Download,
  part: Part,
  onCame: (bytes: number) => void,
): Promise<void> {
  const handle = await open(part.file, part.bytes === 0 ? 'w' : 'a');
  let isLonger = false;
  try {
    for await (const chunk of response.body ?? []) {
      isLonger = part.bytes + chunk.length > wanted.bytes;
      if (isLonger) {
        break;
      }
      await writeWhole(handle, chunk, part.bytes);
      part.hash.update(chunk);
      part.bytes += chunk.length;
      onCame(chunk.length);
    }
  } finally {
    await handle.close();
  }
  if (isLonger) {
    await startOver(part);
    const telling = wanted.telling ?? PACKAGE_INDEX;
    throw new SkilletError(telling.code, wanted.url, {
      message: `is longer than the ${wanted.bytes} bytes that were published; it was deleted.`,
      remedy: changed(telling),
    });
  }
  if (part.bytes < wanted.bytes) {
    throw new Error('the connection ended early');
  }
}

/** A disk that fills up takes a piece of a chunk; the file is cut back to what the hash knows. */
async function writeWhole(handle: FileHandle, chunk: Uint8Array, before: number): Promise<void> {
  try {
    await handle.writeFile(chunk);
  } catch (error) {
    await handle.truncate(before).catch(() => undefined);
    throw error;
  }
}

async function hashFile(file: string): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
  }
  return hash;
}
