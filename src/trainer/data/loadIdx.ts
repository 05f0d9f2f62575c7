/** Reads images and labels in the IDX format, as MNIST is published: a big-endian header, then bytes. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SkilletError } from '../../common/errors.ts';
import type { FileFingerprint } from '../../common/run/events.ts';
import { fingerprintOf } from './fingerprint.ts';
import { isGzip } from './gzip.ts';

/** One file to read. */
export interface IdxFile {
  /** Absolute path. */
  readonly path: string;
  /** Field of the recipe, for messages. */
  readonly field: string;
  /** As a person knows it: the path in the recipe, or the published name. */
  readonly name: string;
}

export interface IdxImages {
  readonly count: number;
  /** [height, width, channels] */
  readonly shape: readonly [number, number, number];
  /** [count, height, width, channels], row-major. */
  readonly pixels: Uint8Array;
  readonly file: FileFingerprint;
}

export interface IdxLabels {
  /** [count] */
  readonly labels: Uint8Array;
  readonly file: FileFingerprint;
}

/** The last byte of the magic number is how many dimensions follow, the third what each value is: 8 is a byte. */
const LABELS = 0x0801;
const GREY_IMAGES = 0x0803;
const COLOUR_IMAGES = 0x0804;
/** As much as the largest table that is taken. */
const MOST_BYTES = 5e8;

/** @throws {SkilletError} `data-not-found`, `data-damaged`, `data-format`. */
export async function loadIdxImages(file: IdxFile): Promise<IdxImages> {
  const { bytes, fingerprint } = await readWhole(file);
  const magic = magicOf(bytes);
  if (magic !== GREY_IMAGES && magic !== COLOUR_IMAGES) {
    throw wrongMagic(file, magic, `images (${GREY_IMAGES}, or ${COLOUR_IMAGES} with channels)`);
  }
  const [count = 0, height = 0, width = 0, channels = 1] = dimensionsOf(bytes, magic & 0xff);
  const pixels = bytes.subarray(4 + 4 * (magic & 0xff));
  refuseOtherLength(file, pixels.length, count * height * width * channels, `${count} images`);
  return { count, shape: [height, width, channels], pixels, file: fingerprint };
}

/** @throws {SkilletError} `data-not-found`, `data-damaged`, `data-format`. */
export async function loadIdxLabels(file: IdxFile): Promise<IdxLabels> {
  const { bytes, fingerprint } = await readWhole(file);
  const magic = magicOf(bytes);
  if (magic !== LABELS) {
    throw wrongMagic(file, magic, `labels (${LABELS})`);
  }
  const [count = 0] = dimensionsOf(bytes, 1);
  const labels = bytes.subarray(8);
  refuseOtherLength(file, labels.length, count, `${count} labels`);
  return { labels, file: fingerprint };
}

/** Unpacked; the fingerprint is that of the file on the disk. */
async function readWhole(file: IdxFile): Promise<{ bytes: Uint8Array; fingerprint: FileFingerprint }> {
  const bytes = await readFile(file.path).catch((error: NodeJS.ErrnoException) => {
    throw new SkilletError('data-not-found', file.field, {
      message:
        error.code === 'ENOENT'
          ? `"${file.name}" is not there (looked for ${file.path}).`
          : `${file.path} cannot be read: ${error.message}.`,
      remedy: 'Give the path relative to the recipe.',
    });
  });
  const fingerprint = fingerprintOf(file.name, bytes);
  if (!isGzip(bytes)) {
    return { bytes, fingerprint };
  }
  const unpacked = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES }).catch((error: Error) => {
    throw new SkilletError('data-damaged', file.field, {
      message: `"${file.name}" cannot be unpacked: ${error.message}.`,
      remedy: 'It is cut off or damaged: copy or fetch it again.',
    });
  });
  return { bytes: unpacked, fingerprint };
}

/** −1 where there are not even four bytes. */
function magicOf(bytes: Uint8Array): number {
  return bytes.length < 4 ? -1 : viewOf(bytes).getUint32(0);
}

/** Dimensions that the file is too short for count as 0. */
function dimensionsOf(bytes: Uint8Array, count: number): number[] {
  const room = Math.min(count, Math.floor(bytes.length / 4) - 1);
  return Array.from({ length: room }, (_, i) => viewOf(bytes).getUint32(4 + 4 * i));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function wrongMagic({ field, name }: IdxFile, magic: number, wanted: string): SkilletError {
  const found =
    magic === LABELS
      ? 'holds labels'
      : magic === GREY_IMAGES || magic === COLOUR_IMAGES
        ? 'holds images'
        : magic < 0
          ? 'is shorter than its header'
          : `begins with the magic number ${magic}`;
  return new SkilletError('data-format', field, {
    message: `"${name}" ${found}, where an IDX file of ${wanted} belongs.`,
    remedy: 'Check which file is named; values must be single bytes.',
  });
}

function refuseOtherLength({ field, name }: IdxFile, bytes: number, wanted: number, what: string): void {
  if (wanted === 0) {
    throw new SkilletError('data-empty', field, { message: `"${name}" has ${what}.`, remedy: 'Name another file.' });
  }
  if (bytes !== wanted) {
    throw new SkilletError('data-damaged', field, {
      message: `"${name}" promises ${what}, which are ${wanted} bytes, but ${bytes} follow.`,
      remedy: 'It is cut off or damaged: copy or fetch it again.',
    });
  }
}
