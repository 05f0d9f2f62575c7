/** Predicts every row of a CSV file in one streaming pass, and writes the answers in the same order. */
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { FileDone } from '../../common/model/predictMessages.ts';
import type { Sidecar } from '../../common/model/sidecar.ts';
import { applyNetwork, type CarriedState, countCodes, refuseCodes } from './applyNetwork.ts';
import { decodeOutputs } from './decodeOutputs.ts';
import { openReader } from './openReader.ts';
import { csvLines, jsonLines, type PredictionLines } from './predictionLines.ts';
import type { LoadedModel } from './readModelFolder.ts';
import { createRowEncoder, type RowEncoder } from './rowEncoder.ts';
import { type SafeFile, writeSafely } from './safeFile.ts';

export interface FileToPredict {
  /** Absolute path; a `.gz` file is unpacked. */
  readonly rowsFile: string;
  readonly outFile: string;
  readonly format: 'csv' | 'json';
  /** Called after each block of rows. */
  onProgress?(rows: number): void;
}

/** Rows that go through the network at once. */
const BLOCK = 1024;

/** @throws {SkilletError} The file, a row of it or the output is wrong; nothing was written then. */
export async function predictFile(loaded: LoadedModel, file: FileToPredict): Promise<FileDone> {
  if (path.resolve(file.rowsFile) === path.resolve(file.outFile)) {
    throw new SkilletError('model-output', file.outFile, {
      message: 'is the file that is read.',
      remedy: 'Name another file for the predictions.',
    });
  }
  const rows = openReader(file.rowsFile);
  try {
    return await writeSafely(file.outFile, (out) => predictRows(loaded, { rows, out, file }));
  } finally {
    await rows.return(undefined);
  }
}

interface Stream {
  readonly rows: AsyncGenerator<readonly string[]>;
  readonly out: SafeFile;
  readonly file: FileToPredict;
}

async function predictRows(loaded: LoadedModel, { rows, out, file }: Stream): Promise<FileDone> {
  const name = path.basename(file.rowsFile);
  const head = await rows.next();
  const header = head.done === true ? [] : head.value;
  const outputs = loaded.model.outputs[0]?.shape.at(-1) ?? 1;
  const lines = file.format === 'json' ? jsonLines() : csvLines(loaded.sidecar, outputs, { header, file: name });
  const encoder = createRowEncoder(loaded.sidecar.inputs, header, name);
  const pass = createPass(loaded, encoder);
  await out.write(lines.head ?? '');
  let count = 0;
  let predicted = 0;
  let block: (readonly string[])[] = [];
  const flush = async () => {
    predicted += await writeBlock(pass, { block, first: count - block.length + 1, lines, out });
    block = [];
    file.onProgress?.(count);
  };
  for await (const fields of rows) {
    count += 1;
    block.push(fields);
    if (block.length === BLOCK) {
      await flush();
    }
  }
  await flush();
  const ahead = count === 0 ? 0 : await writeAhead(pass, { first: count + 1, lines, out });
  refuseTooFew(loaded.sidecar, { name, count, predicted: predicted + ahead });
  return { rows: count, predicted, ahead };
}

function refuseTooFew(
  { inputs }: Sidecar,
  { name, count, predicted }: { name: string; count: number; predicted: number },
): void {
  if (count === 0) {
    throw new SkilletError('data-empty', name, {
      message: 'has no rows.',
      remedy: 'Give a CSV file with a header line and at least one row.',
    });
  }
  if (predicted === 0) {
    const lookback = inputs.encoding === 'columns' ? (inputs.window?.lookback ?? 1) : 1;
    throw new SkilletError('data-too-short', name, {
      message: `has ${count} row${count === 1 ? '' : 's'}, but the network looks back over ${lookback}.`,
      remedy: `Give at least ${lookback} rows, the oldest first.`,
    });
  }
}

interface Lines {
  /** Number of the first row, from 1. */
  readonly first: number;
  readonly lines: PredictionLines;
  readonly out: SafeFile;
}

async function writeBlock(
  pass: Pass,
  { block, first, lines, out }: Lines & { block: readonly (readonly string[])[] },
): Promise<number> {
  const answers = await pass.take(block, first);
  let text = '';
  block.forEach((fields, i) => {
    text += lines.line(first + i, fields, answers.at(i));
  });
  await out.write(text);
  return answers.count;
}

async function writeAhead(pass: Pass, { first, lines, out }: Lines): Promise<number> {
  const answers = await pass.ahead();
  for (let i = 0; i < answers.rows; i += 1) {
    await out.write(lines.line(first + i, null, answers.at(i)));
  }
  return answers.count;
}

interface Answers {
  readonly rows: number;
  /** How many of the rows have one: the last ones. */
  readonly count: number;
  /** By place in the block; null where a row has no whole window before it. */
  at(index: number): ReturnType<typeof decodeOutputs> | null;
}

/** Predicts blocks of rows in turn, keeping what later ones still need. */
interface Pass {
  take(block: readonly (readonly string[])[], firstRow: number): Promise<Answers>;
  /** What lies behind the last row: the steps of a horizon whose windows are whole. */
  ahead(): Promise<Answers>;
}

const NO_ANSWERS: Answers = { rows: 0, count: 0, at: () => null };

function createPass(loaded: LoadedModel, encoder: RowEncoder): Pass {
  const { inputs } = loaded.sidecar;
  const window = inputs.encoding === 'columns' ? inputs.window : null;
  const encode = createEncode(loaded, encoder);
  return window === null ? rowPass(loaded, encode) : windowPass(loaded, encode, { ...window, width: encoder.width });
}

type Encode = (block: readonly (readonly string[])[], firstRow: number) => Float32Array;

function createEncode({ model }: LoadedModel, encoder: RowEncoder): Encode {
  const codes = countCodes(model);
  return (block, firstRow) => {
    const values = new Float32Array(block.length * encoder.width);
    block.forEach((fields, i) => {
      encoder.encode(fields, firstRow + i, values, i * encoder.width);
      if (codes !== null) {
        refuseCodes(values.subarray(i * encoder.width, (i + 1) * encoder.width), codes, firstRow + i);
      }
    });
    return values;
  };
}

function rowPass(loaded: LoadedModel, encode: Encode): Pass {
  let state: CarriedState = null;
  return {
    async take(block, firstRow) {
      if (block.length === 0) {
        return NO_ANSWERS;
      }
      const applied = await applyNetwork(loaded, encode(block, firstRow), { count: block.length, state });
      ({ state } = applied);
      return answersOf(loaded, applied, { count: block.length, from: 0 });
    },
    ahead: async () => NO_ANSWERS,
  };
}

function windowPass(
  loaded: LoadedModel,
  encode: Encode,
  { lookback, horizon, width }: { lookback: number; horizon: number; width: number },
): Pass {
  const reach = lookback - 1 + horizon; // From the first row of a window to its target.
  let kept = new Float32Array(); // The latest `reach` rows, or as many as there were.
  const predict = async (rows: Float32Array, count: number, from: number) => {
    const samples = new Float32Array(count * lookback * width);
    for (let i = 0; i < count; i += 1) {
      samples.set(rows.subarray(i * width, (i + lookback) * width), i * lookback * width);
    }
    return answersOf(loaded, await applyNetwork(loaded, samples, { count }), { count, from });
  };
  return {
    async take(block, firstRow) {
      const rows = new Float32Array(kept.length + block.length * width);
      rows.set(kept);
      rows.set(encode(block, firstRow), kept.length);
      const total = rows.length / width;
      const count = Math.max(0, total - reach);
      kept = rows.slice(Math.max(0, total - reach) * width);
      return count === 0 ? NO_ANSWERS : predict(rows, count, block.length - count);
    },
    async ahead() {
      const count = Math.min(horizon, kept.length / width - lookback + 1);
      return count < 1 ? NO_ANSWERS : predict(kept, count, horizon - count);
    },
  };
}

/** @param place How many rows were applied, and which row of the block is the first of them. */
function answersOf(
  { sidecar }: LoadedModel,
  { values, width }: { values: Float32Array; width: number },
  { count, from }: { count: number; from: number },
): Answers {
  return {
    rows: from + count,
    count,
    at: (index) =>
      index < from ? null : decodeOutputs(sidecar, values.subarray((index - from) * width, (index - from + 1) * width)),
  };
}
