/** Images with labels as a table: one column for each pixel, one for the class, the test images behind the others. */
import { SkilletError } from '../../common/errors.ts';
import { LABEL } from '../../common/recipe/schema.ts';
import type { FileFingerprint } from '../../common/run/events.ts';
import type { Column } from './columns.ts';
import { type IdxFile, type IdxImages, loadIdxImages, loadIdxLabels } from './loadIdx.ts';
import type { LoadedTable } from './loadTable.ts';

export interface ImageFiles {
  readonly images: IdxFile;
  readonly labels: IdxFile;
  readonly test: { readonly images: IdxFile; readonly labels: IdxFile } | null;
  /** Names of the classes 0, 1, 2, …; null where their numbers are their names. */
  readonly classes: readonly string[] | null;
  /** [height, width, channels] that the recipe asks for; null: whatever the files hold. */
  readonly shape: readonly (number | null)[] | null;
}

interface Part extends Omit<IdxImages, 'file'> {
  readonly labels: Uint8Array;
  readonly file: IdxFile;
  /** What was read: images, then labels. */
  readonly read: readonly FileFingerprint[];
}

/** @throws {SkilletError} `data-not-found`, `data-damaged`, `data-format`, `data-empty`, `data-image-size`. */
export async function loadImageTable(files: ImageFiles): Promise<LoadedTable> {
  const train = await loadPart(files);
  const test = files.test === null ? null : await loadPart(files.test);
  refuseOtherSize(train, files.shape, 'data.image says');
  if (test !== null) {
    refuseOtherSize(test, train.shape, `those of "${train.file.name}" have`);
  }
  const parts = test === null ? [train] : [train, test];
  const rows = parts.reduce((sum, { count }) => sum + count, 0);
  const features = Array.from({ length: size(train.shape) }, (_, pixel) => `p${pixel}`);
  const columns = new Map<string, Column>(features.map((name, pixel) => [name, pixelColumn(parts, pixel, rows)]));
  columns.set(LABEL, labelColumn(parts, files));
  const kinds = features.map((name) => ({ name, kind: 'number' as const }));
  return {
    table: { rows, columns },
    choice: {
      features,
      targets: [LABEL],
      time: null,
      splitBy: null,
      stepNames: null,
      group: null,
      wanted: [...kinds, { name: LABEL, kind: 'number' }],
    },
    image: train.shape,
    testRows: test?.count ?? null,
    files: parts.flatMap(({ read }) => read),
  };
}

async function loadPart({ images, labels }: { images: IdxFile; labels: IdxFile }): Promise<Part> {
  const loaded = await loadIdxImages(images);
  const { labels: classes, file } = await loadIdxLabels(labels);
  if (loaded.count !== classes.length) {
    throw new SkilletError('data-format', labels.field, {
      message: `"${labels.name}" has ${classes.length} labels, but "${images.name}" has ${loaded.count} images.`,
      remedy: 'Name the labels that belong to these images.',
    });
  }
  return { ...loaded, labels: classes, file: images, read: [loaded.file, file] };
}

function refuseOtherSize({ shape, file }: Part, wanted: ImageFiles['shape'], who: string): void {
  if (wanted?.some((length, i) => length !== null && length !== shape[i])) {
    throw new SkilletError('data-image-size', file.field, {
      message: `The images of "${file.name}" have the size ${shape.join(' × ')}, but ${who} ${wanted.join(' × ')}.`,
      remedy: 'Name files of images that have the same size.',
    });
  }
}

/** One byte a value: a column of numbers would take eight. */
function pixelColumn(parts: readonly Part[], pixel: number, rows: number): Column {
  const values = new Uint8Array(rows);
  let row = 0;
  for (const { pixels, shape, count } of parts) {
    const step = size(shape);
    for (let i = 0; i < count; i += 1) {
      values[row] = pixels[i * step + pixel] ?? 0;
      row += 1;
    }
  }
  return { kind: 'number', values };
}

function labelColumn(parts: readonly Part[], { classes, labels }: ImageFiles): Column {
  const codes = Int32Array.from(parts.flatMap((part) => [...part.labels]));
  if (classes === null) {
    return { kind: 'number', values: Float64Array.from(codes) };
  }
  const odd = codes.find((code) => code >= classes.length);
  if (odd !== undefined) {
    throw new SkilletError('data-format', labels.field, {
      message: `"${labels.name}" has the class ${odd}, but data.idx.classes names ${classes.length} classes, from 0 on.`,
      remedy: 'Name every class.',
    });
  }
  return { kind: 'category', codes, categories: classes };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
