/** Unpacks chosen files of a wheel, which is a zip, and nothing that does not match the catalogue to the byte. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { SkilletError } from '../../common/errors.ts';
import type { WheelEntry } from './catalogue.ts';
import { toDiskFault } from './diskFault.ts';
import type { InstalledFile } from './manifest.ts';

export interface Unpacking {
  readonly wheelFile: string;
  readonly entries: readonly WheelEntry[];
  /** The wheel's paths are kept below it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Bytes written since the last call. */
  onBytes(bytes: number): void;
}

/** @throws {SkilletError} `runtime-download`: the wheel is damaged or not what the catalogue says; `runtime-disk`. */
export async function unpack(unpacking: Unpacking): Promise<InstalledFile[]> {
  const { wheelFile, entries, folder, signal } = unpacking;
  const wanted = new Map(entries.map((entry) => [entry.name, entry]));
  const files: InstalledFile[] = [];
  try {
    const zip = await openPromise(wheelFile, { strictFileNames: true, autoClose: false });
    try {
      // yauzl itself refuses names that are absolute or go up.
      for await (const entry of zip.eachEntry()) {
        const found = wanted.get(entry.fileName);
        if (found !== undefined) {
          wanted.delete(entry.fileName);
          files.push(await unpackEntry(zip, entry, found, unpacking));
        }
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    const fault = toDiskFault(error, folder);
    throw fault instanceof SkilletError
      ? fault
      : damaged(wheelFile, error instanceof Error ? error.message : `${error}`);
  }
  if (wanted.size > 0) {
    throw damaged(wheelFile, `${[...wanted.keys()].join(', ')} is not in it`);
  }
  return files;
}

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  wanted: WheelEntry,
  { folder, signal, onBytes }: Unpacking,
): Promise<InstalledFile> {
  const name = wanted.to ?? wanted.name;
  if (isLink(entry)) {
    throw new Error(`${entry.fileName} is a link`);
  }
  // The size is known beforehand, and yauzl gives no byte more than the entry claims: a zip bomb has no room.
  if (entry.uncompressedSize !== wanted.bytes) {
    throw new Error(`${entry.fileName} has ${entry.uncompressedSize} bytes, not ${wanted.bytes}`);
  }
  const target = path.join(folder, name);
  await mkdir(path.dirname(target), { recursive: true });
  const source = await zip.openReadStreamPromise(entry);
  await pipeline(source, checked(entry, onBytes), createWriteStream(target, { flags: 'wx' }), { signal });
  return { name, bytes: wanted.bytes };
}

/** yauzl checks sizes, but leaves the CRC to its caller. */
function checked(entry: Entry, onBytes: (bytes: number) => void): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      onBytes(chunk.length);
      done(null, chunk);
    },
    flush(done) {
      done(crc === entry.crc32 ? null : new Error(`${entry.fileName} has another checksum than it claims`));
    },
  });
}

/** The Unix mode stands in the upper half of the attributes. */
function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function damaged(wheelFile: string, why: string): SkilletError {
  return new SkilletError('runtime-download', wheelFile, {
    message: `cannot be unpacked: ${why}.`,
    remedy: 'Delete it and set up again; should it happen twice, please report it.',
  });
}
