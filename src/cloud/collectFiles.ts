/** Brings files of a job into a folder: only what is new, so that a run can be looked at while it is trained elsewhere. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SkilletError } from '../common/errors.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';

/** A file where a provider keeps it. */
export interface RemoteFile {
  /** Where it belongs in the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Another one for other contents. */
  readonly tag: string;
}

export interface RemoteFiles {
  list(signal: AbortSignal): Promise<readonly RemoteFile[]>;
  /**
   * The file from a byte on. `isExact`: null where it is not the listed one any more.
   */
  read(
    file: RemoteFile,
    how: { readonly from: number; readonly isExact: boolean },
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array> | null>;
}

/** What the folder's own side writes, and what only the machine far away needs. */
const LEFT_OUT = [
  new RegExp(
    `^(${[RUN_FILES.control, RUN_FILES.annotations, RUN_FILES.reserve].map((name) => name.replaceAll('.', '\\.')).join('|')})$`,
  ),
  /^trainer\.lock/,
  /^\.job\.json$/,
  /\.sagemaker-upload(ing|ed)$/,
  /(^|\/)\.collected(-[0-9a-f]+)?(\.json)?$/,
];

/** In the folder: what has been brought into it. */
export const COLLECTED_FILE = '.collected.json';
/** So much of what is there already is read again, to know that the file far away still begins like it. */
const OVERLAP_BYTES = 4096;
const NEWLINE = 10;

/** @returns How many bytes came. @throws {SkilletError} `cloud-job`: a name leads out of the folder. `cloud-file`. */
export async function collectFiles(remote: RemoteFiles, folder: string, signal: AbortSignal): Promise<number> {
  const listed = await remote.list(signal);
  const wanted = listed.filter((file) => !LEFT_OUT.some((name) => name.test(file.path)));
  const targets = wanted.map((file) => ({ file, target: placeIn(folder, file.path) }));
  await mkdir(folder, { recursive: true });
  const memory = await readMemory(folder);
  // Events last: what they speak of is there by then.
  targets.sort((a, b) => Number(isEvents(a.file)) - Number(isEvents(b.file)) || (a.file.path < b.file.path ? -1 : 1));
  let bytes = 0;
  for (const { file, target } of targets) {
    signal.throwIfAborted();
    if (memory[file.path] === file.tag && (await sizeOf(target)) !== null) {
      continue;
    }
    const came = isEvents(file)
      ? await collectLines(remote, { file, target }, signal)
      : await collectWhole(remote, { file, target, isExact: true }, signal);
    if (came !== null) {
      bytes += came;
      memory[file.path] = file.tag;
      await writeMemory(folder, memory);
    }
  }
  if (targets.some(({ file }) => isEvents(file)) && (await sizeOf(path.join(folder, RUN_FILES.control))) === null) {
    await writeFile(path.join(folder, RUN_FILES.control), '');
  }
  return bytes;
}

const isEvents = (file: RemoteFile) => file.path === RUN_FILES.events;

/** @throws {SkilletError} `cloud-job`. */
function placeIn(folder: string, name: string): string {
  const parts = name.split('/');
  const isSafe = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0:]/.test(part));
  if (!isSafe) {
    throw new SkilletError('cloud-job', name, {
      message: "is a file of the job whose name leads out of the run's folder, so nothing was brought.",
      remedy: 'Look at who can write to the storage of your jobs.',
    });
  }
  return path.join(folder, ...parts);
}

interface Collecting {
  readonly file: RemoteFile;
  readonly target: string;
}

/** Written aside and put in place whole. */
async function collectWhole(
  remote: RemoteFiles,
  { file, target, isExact }: Collecting & { readonly isExact: boolean },
  signal: AbortSignal,
): Promise<number | null> {
  const content = await remote.read(file, { from: 0, isExact }, signal);
  if (content === null) {
    return null; // It has just been changed: the next look brings it.
  }
  await mkdir(path.dirname(target), { recursive: true });
  const name = createHash('sha256').update(`${file.path} ${file.tag}`).digest('hex').slice(0, 16);
  const aside = path.join(path.dirname(target), `.collected-${name}`);
  try {
    const sink = createWriteStream(aside);
    await pipeline(Readable.from(isEvents(file) ? wholeLines(content) : content), sink, { signal });
    await rename(aside, target);
    return sink.bytesWritten;
  } catch (error) {
    await rm(aside, { force: true });
    throw toFileError(error, target);
  }
}

/** Adds to the file what has come behind its end, whole lines only: somebody may be reading it. */
async function collectLines(
  remote: RemoteFiles,
  { file, target }: Collecting,
  signal: AbortSignal,
): Promise<number | null> {
  const size = await sizeOf(target);
  if (size === null || size === 0 || file.bytes < size) {
    return file.bytes === 0 ? null : collectWhole(remote, { file, target, isExact: false }, signal);
  }
  const overlap = Math.min(size, OVERLAP_BYTES);
  const content = await remote.read(file, { from: size - overlap, isExact: false }, signal);
  if (content === null) {
    return null;
  }
  const known = await readTail(target, { size, overlap });
  let seen = 0;
  let came = 0;
  for await (const lines of wholeLines(content, {
    after: overlap,
    onStart: (start) => (seen = Number(start.equals(known))),
  })) {
    if (seen === 0) {
      break; // It is another file by now.
    }
    await appendFile(target, lines).catch((error: unknown) => {
      throw toFileError(error, target);
    });
    came += lines.length;
  }
  return seen === 0 ? collectWhole(remote, { file, target, isExact: false }, signal) : came;
}

interface Skipping {
  /** Bytes at the beginning that are given to `onStart` and to nobody else. */
  readonly after: number;
  onStart(start: Buffer): void;
}

/** The pieces of a content, each up to its last line break; a line that is not whole is left out. */
async function* wholeLines(content: AsyncIterable<Uint8Array>, skipping?: Skipping): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let isStarted = skipping === undefined;
  for await (const piece of content) {
    rest = Buffer.concat([rest, piece]);
    if (!isStarted && skipping !== undefined) {
      if (rest.length < skipping.after) {
        continue;
      }
      skipping.onStart(rest.subarray(0, skipping.after));
      rest = rest.subarray(skipping.after);
      isStarted = true;
    }
    const end = rest.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield rest.subarray(0, end);
      rest = Buffer.from(rest.subarray(end));
    } else if (skipping !== undefined && isStarted) {
      yield Buffer.alloc(0); // So that what begins otherwise is seen at once.
    }
  }
}

async function readTail(file: string, { size, overlap }: { size: number; overlap: number }): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(overlap), 0, overlap, size - overlap);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number | null> {
  return (await stat(file).catch(() => null))?.size ?? null;
}

async function readMemory(folder: string): Promise<Record<string, string>> {
  const text = await readFile(path.join(folder, COLLECTED_FILE), 'utf8').catch(() => '{}');
  try {
    return JSON.parse(text);
  } catch {
    return {}; // Then all is looked at again.
  }
}

async function writeMemory(folder: string, memory: Readonly<Record<string, string>>): Promise<void> {
  const aside = path.join(folder, `${COLLECTED_FILE}.part`);
  await writeFile(aside, JSON.stringify(memory));
  await rename(aside, path.join(folder, COLLECTED_FILE));
}

function toFileError(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined || !/^E[A-Z]+$/.test(code)
    ? error
    : new SkilletError('cloud-file', file, {
        message: `cannot be written: ${message}.`,
        remedy: 'Free some space, or collect into another folder.',
      });
}
