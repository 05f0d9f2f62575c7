/** What an importing process is asked, as the one argument it gets, and what it answers, in one line of JSON. */
import type { Problem } from '../errors.ts';
import type { ModelView } from './predictMessages.ts';

export type ImportRequest = MxnetRequest | KerasRequest;

/** What the importing process itself is asked: it reads no HDF5, so that a network of Keras's is converted before. */
export type ImportTask = MxnetRequest | (KerasRequest & { readonly networkFolder: string });

interface AnyRequest {
  /** The model folder to make; null: beside the file. */
  readonly outFolder: string | null;
  /** Rows that the network was trained on, for the names of its inputs and their scale. */
  readonly training: TrainingRows | null;
}

export interface TrainingRows {
  /** Absolute path. */
  readonly csvFile: string;
  /** The column that is no input; null where all are. */
  readonly target: string | null;
  readonly scale: 'standard' | 'minMax' | 'none';
}

export interface MxnetRequest extends AnyRequest {
  readonly kind: 'mxnet';
  /** Absolute path of the `-symbol.json` file. */
  readonly symbolFile: string;
  /** Null: the latest `-NNNN.params` file beside it. */
  readonly paramsFile: string | null;
  /** Shape of one sample as MXNet has it, without the batch; null: as the weights tell. */
  readonly inputShape: readonly number[] | null;
  /** Whether a recipe with the same layers is written too. */
  readonly recipe: boolean;
}

export interface KerasRequest extends AnyRequest {
  readonly kind: 'keras';
  /** Absolute path of the `.keras`, `.h5` or `.hdf5` file. */
  readonly file: string;
}

/** Whether a file is one of Keras's, by its ending. */
export const isKerasFile = (file: string): boolean => /\.(keras|h5|hdf5)$/i.test(file);

export type FromImporter =
  | {
      readonly type: 'imported';
      readonly model: ModelView;
      /** Whole sentences about what was taken or left out. */
      readonly notes: readonly string[];
      readonly recipeFile: string | null;
    }
  | { readonly type: 'refused'; readonly problem: Problem };
