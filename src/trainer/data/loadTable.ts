/** Reads the data that a recipe names, wherever it comes from, as one table with the columns to use. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { imageShapeOf } from '../../common/recipe/dataFiles.ts';
import { DATASETS, type DatasetName } from '../../common/recipe/datasets.ts';
import { splitColumn } from '../../common/recipe/inputColumns.ts';
import type { DataSettings } from '../../common/recipe/schema.ts';
import type { FileFingerprint } from '../../common/run/events.ts';
import { type ColumnChoice, chooseColumns } from './chooseColumns.ts';
import { loadImageTable } from './imageTable.ts';
import { loadCsv, type Table } from './loadCsv.ts';
import type { IdxFile } from './loadIdx.ts';

export interface LoadedTable {
  readonly table: Table;
  readonly choice: ColumnChoice;
  /** [height, width, channels] where the features are pixels, else null. */
  readonly image: readonly number[] | null;
  /** So many rows at the end were published as the test; null where the recipe divides the rows. */
  readonly testRows: number | null;
  /** What was read. */
  readonly files: readonly FileFingerprint[];
}

export interface DataPlaces {
  /** The recipe's folder, which data paths are relative to. */
  readonly folder: string;
  /** Where fetched data sets lie, each in a folder of its name; null where nothing is fetched. */
  readonly datasetsFolder: string | null;
}

/** @throws {SkilletError} Any of the `data-*` codes, `dataset-missing`. */
export async function loadTable(data: DataSettings, places: DataPlaces): Promise<LoadedTable> {
  if (data.dataset !== undefined) {
    return loadDataset(data.dataset, places.datasetsFolder);
  }
  if (data.idx !== undefined) {
    const { images, labels, testImages, testLabels, classes } = data.idx;
    const file = (field: string, name: string): IdxFile => ({
      path: path.resolve(places.folder, name),
      field: `data.idx.${field}`,
      name,
    });
    const test =
      testImages === undefined || testLabels === undefined
        ? null
        : { images: file('testImages', testImages), labels: file('testLabels', testLabels) };
    const loaded = await loadImageTable({
      images: file('images', images),
      labels: file('labels', labels),
      test,
      classes: classes ?? null,
      shape: imageShapeOf(data),
    });
    return { ...loaded, choice: { ...loaded.choice, splitBy: splitColumn(data) } };
  }
  return loadRows(data, data.csv ?? '', places.folder);
}

async function loadRows(data: DataSettings, csv: string, folder: string): Promise<LoadedTable> {
  let choice: ColumnChoice | null = null;
  const shape = imageShapeOf(data)?.map((length) => length ?? 1) ?? null;
  const table = await loadCsv(path.resolve(folder, csv), csv, (header) => {
    choice = chooseColumns(data, header);
    refuseOtherSize(choice.features, shape);
    return choice.wanted;
  });
  if (choice === null) {
    throw new Error('The header of the CSV file was not seen');
  }
  return { table, choice, image: shape, testRows: null, files: [table.file] };
}

function refuseOtherSize(features: readonly string[], shape: readonly number[] | null): void {
  const pixels = shape?.reduce((product, length) => product * length, 1);
  if (shape !== null && pixels !== features.length) {
    throw new SkilletError('data-image-size', 'data.image', {
      message: `An image of ${shape.join(' × ')} has ${pixels} pixels, but a row of the CSV file has ${features.length} features (${features[0]} to ${features.at(-1)}).`,
      remedy: 'Mend height, width and channels, or name the columns that are pixels under data.features.',
    });
  }
}

function loadDataset(name: DatasetName, datasetsFolder: string | null): Promise<LoadedTable> {
  const { title, files, classes, image } = DATASETS[name];
  const folder = path.join(datasetsFolder ?? '', name);
  const missing = Object.values(files).filter((file) => !existsSync(path.join(folder, file.name)));
  if (datasetsFolder === null || missing.length > 0) {
    throw new SkilletError('dataset-missing', 'data.dataset', {
      message: `${title} is not on this machine${datasetsFolder === null ? '' : `: ${folder} lacks ${missing.map((file) => file.name).join(', ')}`}.`,
      remedy: `Fetch it: skillet fetch ${name}.`,
    });
  }
  const file = (of: keyof typeof files): IdxFile => ({
    path: path.join(folder, files[of].name),
    field: 'data.dataset',
    name: files[of].name,
  });
  return loadImageTable({
    images: file('images'),
    labels: file('labels'),
    test: { images: file('testImages'), labels: file('testLabels') },
    classes,
    shape: [image.height, image.width, image.channels],
  });
}
