/** What an importing process is asked, as the one argument it gets, and what it answers, in one line of JSON. */
import type { Problem } from '../errors.ts';
import type { ModelView } from './predictMessages.ts';

export interface ImportRequest {
  readonly kind: 'mxnet';
  /** Absolute path of the `-symbol.json` file. */
  readonly symbolFile: string;
  /** Null: the latest `-NNNN.params` file beside it. */
  readonly paramsFile: string | null;
  /** The model folder to make; null: beside the symbol. */
  readonly outFolder: string | null;
  /** Shape of one sample as MXNet has it, without the batch; null: as the weights tell. */
  readonly inputShape: readonly number[] | null;
  /** Rows that the network was trained on, for the names of its inputs and their scale. */
  readonly training: {
    readonly csvFile: string;
    /** The column that is no input; null where all are. */
    readonly target: string | null;
    readonly scale: 'standard' | 'minMax' | 'none';
  } | null;
  /** Whether a recipe with the same layers is written too. */
  readonly recipe: boolean;
}

export type FromImporter =
  | {
      readonly type: 'imported';
      readonly model: ModelView;
      /** Whole sentences about what was taken or left out. */
      readonly notes: readonly string[];
      readonly recipeFile: string | null;
    }
  | { readonly type: 'refused'; readonly problem: Problem };
