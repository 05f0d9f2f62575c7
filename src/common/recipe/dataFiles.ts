/** Which data a recipe reads: its files with the fields that name them, its title in messages, the shape of its images. */
import type { Shape } from '../graph.ts';
import { DATASETS } from './datasets.ts';
import type { DataSettings } from './schema.ts';

export interface DataFile {
  /** Such as `data.csv`. */
  readonly field: string;
  /** As written in the recipe, relative to it. */
  readonly file: string;
}

/** The fields of which a recipe has exactly one. */
export const DATA_SOURCES = ['csv', 'idx', 'dataset'] as const;

/** All files beside the recipe; a named data set has none there. */
export function dataFiles({ data }: { readonly data: DataSettings }): DataFile[] {
  const { csv, idx } = data;
  const named: [string, string | undefined][] = [
    ['data.csv', csv],
    ['data.idx.images', idx?.images],
    ['data.idx.labels', idx?.labels],
    ['data.idx.testImages', idx?.testImages],
    ['data.idx.testLabels', idx?.testLabels],
  ];
  return named.flatMap(([field, file]) => (file === undefined ? [] : [{ field, file }]));
}

/** What the data is called where a run tells what it read. */
export function dataTitle({ csv, idx, dataset }: DataSettings): string {
  return csv ?? idx?.images ?? (dataset === undefined ? 'data' : DATASETS[dataset].title);
}

/** `[height, width, channels]`, open where only the file tells; null where the inputs are no images. */
export function imageShapeOf({ image, idx, dataset }: DataSettings): Shape | null {
  const known = image ?? (dataset === undefined ? undefined : DATASETS[dataset].image);
  if (known !== undefined) {
    return [known.height, known.width, known.channels];
  }
  return idx === undefined ? null : [null, null, null];
}
