/** All that a predicting process can be asked and can answer: one JSON object a line, on its standard input and output. */
import type { Problem } from '../errors.ts';
import type { NetworkGraph } from '../graph.ts';

/** One field of the form that predicts a single row. */
export type FormField =
  | { readonly kind: 'number' | 'text'; readonly name: string; readonly typical: string }
  | {
      readonly kind: 'category';
      readonly name: string;
      readonly typical: string;
      readonly categories: readonly string[];
    };

/** What a model is, for those who show it. */
export interface ModelView {
  readonly name: string;
  /** Absolute path of the model folder. */
  readonly folder: string;
  /** Where it comes from, a whole sentence. */
  readonly origin: string;
  /** What a CSV file to predict must hold, a whole sentence. */
  readonly needs: string;
  readonly graph: NetworkGraph | null;
  /** Null where no single row can be typed in: a window of rows is needed, or there are too many fields. */
  readonly form: readonly FormField[] | null;
  readonly targets: readonly string[];
  readonly unit: string | null;
}

/** What the network says of one row, in the data's own units. */
export type Prediction =
  | { readonly kind: 'values'; readonly values: readonly { readonly target: string; readonly value: number }[] }
  | {
      readonly kind: 'classes';
      readonly target: string;
      readonly predicted: string;
      readonly probabilities: readonly { readonly name: string; readonly probability: number }[];
    };

export type ToPredictor =
  /** Fields by column, as a person typed them. */
  | { readonly id: number; readonly type: 'row'; readonly fields: Readonly<Record<string, string>> }
  | {
      readonly id: number;
      readonly type: 'file';
      /** Absolute paths; a `.gz` file is unpacked as it is read. */
      readonly rowsFile: string;
      readonly outFile: string;
      /** `json`: one object a line. */
      readonly format: 'csv' | 'json';
    };

export interface FileDone {
  readonly rows: number;
  /** Rows with a prediction; fewer than `rows` where some have too few rows before them. */
  readonly predicted: number;
  /** Rows added for steps to come: behind the end of the file, or behind each sequence. */
  readonly ahead: number;
  /** Where rows without a prediction stand, to be put behind their number: "without a whole window before". */
  readonly gaps: string;
}

export type FromPredictor =
  /** The first line, or else `refused` with the id null and nothing after it. */
  | { readonly type: 'ready'; readonly model: ModelView }
  | { readonly type: 'row'; readonly id: number; readonly prediction: Prediction }
  /** A few times a second while a file is read. */
  | { readonly type: 'progress'; readonly id: number; readonly rows: number }
  | ({ readonly type: 'file'; readonly id: number } & FileDone)
  | { readonly type: 'refused'; readonly id: number | null; readonly problem: Problem };
