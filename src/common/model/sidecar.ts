/** What stands beside a saved network so that it can be fed raw rows: the schema of a model folder's `scaler.json`. */
import { z } from 'zod';
import { SkilletError } from '../errors.ts';
import { textSchema } from '../recipe/textSchema.ts';

/** Files of a model folder. */
export const MODEL_FILES = { topology: 'model.json', weights: 'weights.bin', sidecar: 'scaler.json' } as const;

/** Raised when an old reader would feed a new folder wrongly. Files of version 1 carry no number. */
export const SIDECAR_VERSION = 2;

const numbers = z.array(z.number());
const texts = z.array(z.string());
const size = z.int().min(1);

/** `input = (value − offset) / factor`, and `value = output · factor + offset`; one entry per input or output. */
const scale = { kind: z.enum(['standard', 'minMax', 'divide', 'none']), offset: numbers, factor: numbers };

const column = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['number', 'time']),
    name: z.string(),
    /** Median of the training rows; null where it is not known. */
    typical: z.number().nullable(),
    /** Takes the place of a missing value; null: a missing value is refused. */
    mean: z.number().nullable(),
    /** Its input is the change from so many rows before; absent: the value itself. */
    difference: size.exactOptional(),
  }),
  z.object({
    kind: z.literal('category'),
    name: z.string(),
    /** In the order of its one-hot inputs. */
    categories: texts.min(1),
    /** The most frequent one of the training rows. */
    typical: z.string().nullable(),
  }),
]);

/** What rows of numbers make one sample. */
const sample = z.discriminatedUnion('kind', [
  /** A row by itself; an image has the shape [height, width, channels]. */
  z.object({ kind: z.literal('row'), shape: z.array(size).min(1) }),
  /** So many rows, whose target lies `horizon` rows behind the last. */
  z.object({ kind: z.literal('window'), lookback: size, horizon: size }),
  /** All rows are the steps of one series; at each the network says the next row's target, its state carried on. */
  z.object({ kind: z.literal('series') }),
  /** Rows with one value in the column `by` are a sequence; `output` as in the recipe's `data.sequences`. */
  z.object({ kind: z.literal('sequence'), by: z.string(), output: z.enum(['next', 'each', 'last']) }),
]);

/** Named columns of a CSV file become one row of numbers, or samples of several such rows. */
const columnInputs = z.object({
  encoding: z.literal('columns'),
  /** Names after one-hot, such as `colour=red`, in the network's order. */
  names: texts,
  categories: z.record(z.string(), texts),
  ...scale,
  columns: z.array(column).min(1),
  sample,
  /** Column that must not fall from row to row; null where rows come in any order or in the file's. */
  time: z.string().nullable(),
});

/** A column of texts becomes codes, as `encodeText` says. */
const textInputs = z.object({
  encoding: z.literal('texts'),
  column: z.string(),
  by: textSchema.shape.by.unwrap(),
  standardize: textSchema.shape.standardize.unwrap(),
  /** Codes of each text. */
  length: size,
  /** The token of each code: padding and the unknown one first. */
  tokens: texts,
  /** A text of the training rows, to begin a form with. */
  example: z.string().nullable(),
});

/** The network came without names: the CSV file's columns are its inputs, from left to right, as they are. */
const positionInputs = z.object({
  encoding: z.literal('positions'),
  /** Shape of one sample; a row holds it flattened, the last dimension fastest. */
  shape: z.array(size).min(1),
});

/** The rows of the CSV file are the time steps of one sequence, and the network's state goes from row to row. */
const stepInputs = z.object({
  encoding: z.literal('steps'),
  /** Numbers of one time step. */
  width: size,
  /** Whether a step is one code of an embedding, which the network takes without a dimension of its own. */
  codes: z.boolean(),
});

const state = z.object({
  /** Name of the network's input that takes it, after the data, in this order; outputs give the new one likewise. */
  name: z.string(),
  units: size,
});

const node = z.object({
  id: z.string(),
  type: z.string(),
  outputShape: z.array(z.number().nullable()),
  parameterCount: z.number().nullable(),
  activation: z.string().exactOptional(),
  detail: z.string().exactOptional(),
  viz: z
    .object({
      label: z.string(),
      form: z.enum(['box', 'oval']),
      group: z.enum(['data', 'weights', 'activation', 'normalisation', 'pooling', 'shape', 'loss', 'other']),
    })
    .exactOptional(),
});

const edge = z.object({ from: z.string(), to: z.string(), shape: z.array(z.number().nullable()) });

/** A module of the recipe: layers of its own are known to nobody else. */
const moduleSource = z.object({
  /** Absolute path at the time of training. */
  file: z.string(),
  /** Of its bytes, in hexadecimal digits. */
  sha256: z.string(),
  /** What its `build` was given. */
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  inputShape: z.array(z.number()),
  outputs: size,
  /** Whether the network cannot be read without it. */
  needed: z.boolean(),
});

const sidecar = z.object({
  version: z.literal(SIDECAR_VERSION),
  /** Shown as the title. */
  name: z.string(),
  /** Where the network comes from, in words: `run`, `mxnet`; and which files. */
  source: z.object({ kind: z.string(), files: texts }),
  inputs: z.discriminatedUnion('encoding', [columnInputs, textInputs, positionInputs, stepInputs]),
  targets: z.object({
    names: texts.min(1),
    /** Class names by class number; null for values. */
    classes: texts.nullable(),
    ...scale,
    /** The network says the change from so many rows before; absent: the value itself. */
    difference: size.exactOptional(),
    unit: z.string().exactOptional(),
  }),
  /** Of a recurrent network that takes its state and gives it back; empty otherwise. */
  states: z.array(state),
  /** Whose `build` makes the network; absent where its layers are listed. */
  module: moduleSource.exactOptional(),
  /** Null in folders of version 1. */
  graph: z.object({ nodes: z.array(node), edges: z.array(edge) }).nullable(),
  rule: z.string(),
});

export type Sidecar = z.output<typeof sidecar>;
export type SidecarInputs = Sidecar['inputs'];
export type ColumnInputs = z.output<typeof columnInputs>;
export type InputColumn = z.output<typeof column>;
export type TextInputs = z.output<typeof textInputs>;
export type Sample = z.output<typeof sample>;
export type ModuleSource = z.output<typeof moduleSource>;

/** How the numbers of `offset` and `factor` are meant, for whoever opens the file. */
export const SCALE_RULE = 'input = (value - offset) / factor; value = output * factor + offset';

const oldSidecar = z.object({
  inputs: z.object({ names: texts, categories: z.record(z.string(), texts), ...scale }),
  targets: z.object({ names: texts.min(1), classes: texts.nullable(), ...scale }),
});

/** What a folder of version 1 does not say itself. */
export interface OldModel {
  readonly name: string;
  /** Null: a plain row. */
  readonly sample: Sample | null;
}

/**
 * @param value The parsed JSON of the file.
 * @param file For messages.
 * @param old Asked only for a folder of version 1.
 * @throws {SkilletError} `model-unreadable`: another version, or not this form.
 */
export function parseSidecar(value: unknown, file: string, old: OldModel): Sidecar {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : 1;
  if (version !== 1 && version !== SIDECAR_VERSION) {
    throw new SkilletError('model-unreadable', file, {
      message: `is of version ${JSON.stringify(version)}; this Skillet reads versions 1 and ${SIDECAR_VERSION}.`,
      remedy: 'Use the Skillet that saved the model, or a newer one.',
    });
  }
  const parsed = version === 1 ? oldSidecar.safeParse(value) : sidecar.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SkilletError('model-unreadable', file, {
      message: `is damaged: ${issue?.path.join('.') || 'the whole file'}: ${issue?.message}.`,
      remedy: 'Save the model again: train the recipe, or import it anew.',
    });
  }
  return 'version' in parsed.data ? parsed.data : upgrade(parsed.data, old);
}

function upgrade({ inputs, targets }: z.output<typeof oldSidecar>, { name, sample: found }: OldModel): Sidecar {
  return {
    version: SIDECAR_VERSION,
    name,
    source: { kind: 'run', files: [] },
    inputs: {
      encoding: 'columns',
      ...inputs,
      columns: oldColumns(inputs.names, inputs.categories),
      sample: found ?? { kind: 'row', shape: [inputs.names.length] },
      time: null,
    },
    targets,
    states: [],
    graph: null,
    rule: SCALE_RULE,
  };
}

/** The columns that the names after one-hot were made from. */
function oldColumns(names: readonly string[], categories: Readonly<Record<string, readonly string[]>>): InputColumn[] {
  const firstOf = new Map(Object.entries(categories).map(([name, words]) => [`${name}=${words[0]}`, name]));
  const others = new Set(Object.entries(categories).flatMap(([name, words]) => words.map((word) => `${name}=${word}`)));
  return names.flatMap((input): InputColumn[] => {
    const name = firstOf.get(input);
    if (name !== undefined) {
      return [{ kind: 'category', name, categories: [...(categories[name] ?? [])], typical: null }];
    }
    return others.has(input) ? [] : [{ kind: 'number', name: input, typical: null, mean: null }];
  });
}
