/** Writes predictions as lines of CSV, behind the columns that were read, or as JSON objects. */
import { csvLine } from '../../common/data/csvLine.ts';
import { SkilletError } from '../../common/errors.ts';
import type { Prediction } from '../../common/model/predictMessages.ts';
import type { Sidecar } from '../../common/model/sidecar.ts';
import { classNames } from './decodeOutputs.ts';
import type { Answer } from './pass.ts';

export interface PredictionLines {
  /** Null where a file of this form has none. */
  readonly head: string | null;
  line(answer: Answer): string;
}

/** `predicted`, or `predicted_<target>` for each of several; then `probability_<class>`. */
function addedColumns({ targets }: Sidecar, outputs: number): string[] {
  if (targets.classes !== null) {
    return ['predicted', ...classNames(targets.classes, outputs).map((name) => `probability_${name}`)];
  }
  return targets.names.length === 1 ? ['predicted'] : targets.names.map((name) => `predicted_${name}`);
}

/**
 * @param outputs How many outputs the network has.
 * @throws {SkilletError} `data-unknown-column`: the file already has a column of that name.
 */
export function csvLines(
  sidecar: Sidecar,
  outputs: number,
  input: { readonly header: readonly string[]; readonly file: string },
): PredictionLines {
  const added = addedColumns(sidecar, outputs);
  const twin = added.find((name) => input.header.includes(name));
  if (twin !== undefined) {
    throw new SkilletError('data-unknown-column', `${input.file}: column ${twin}`, {
      message: 'has the name that the predictions would get.',
      remedy: 'Rename or remove it: it may be an earlier prediction.',
    });
  }
  return {
    head: toLine([...input.header, ...added]),
    line: ({ fields, prediction }) =>
      toLine([...fields, ...(prediction === null ? added.map(() => '') : cells(prediction))]),
  };
}

function cells(prediction: Prediction): string[] {
  return prediction.kind === 'values'
    ? prediction.values.map(({ value }) => String(short(value)))
    : [prediction.predicted, ...prediction.probabilities.map(({ probability }) => String(short(probability)))];
}

/** Networks reckon with seven digits; two more lose none of them. */
function short(value: number): number {
  return Number(value.toPrecision(9));
}

function toLine(fields: readonly string[]): string {
  return `${csvLine(fields)}\n`;
}

/** One object a row: its number, `predicted` by target, and `probability` by class. */
export function jsonLines(): PredictionLines {
  return { head: null, line: ({ row, prediction }) => `${JSON.stringify({ row, ...toObject(prediction) })}\n` };
}

function toObject(prediction: Prediction | null) {
  if (prediction === null) {
    return { predicted: null };
  }
  return prediction.kind === 'values'
    ? { predicted: Object.fromEntries(prediction.values.map(({ target, value }) => [target, short(value)])) }
    : {
        predicted: { [prediction.target]: prediction.predicted },
        probability: Object.fromEntries(
          prediction.probabilities.map(({ name, probability }) => [name, short(probability)]),
        ),
      };
}
