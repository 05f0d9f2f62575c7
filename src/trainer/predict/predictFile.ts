/** Predicts every row of a CSV file in one streaming pass, and writes the answers in the same order. */
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { FileDone } from '../../common/model/predictMessages.ts';
import { countCodes } from './applyNetwork.ts';
import { openReader } from './openReader.ts';
import type { Answer, Pass } from './pass.ts';
import { csvLines, jsonLines } from './predictionLines.ts';
import type { LoadedModel } from './readModelFolder.ts';
import { createRowEncoder } from './rowEncoder.ts';
import { createRowPass } from './rowPass.ts';
import { type SafeFile, writeSafely } from './safeFile.ts';
import { createSequencePass } from './sequencePass.ts';
import { createSeriesPass } from './seriesPass.ts';
import { createTargetBase } from './targetBase.ts';
import { createWindowPass } from './windowPass.ts';

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
  const pass = createPass(loaded, header, name);
  try {
    await out.write(lines.head ?? '');
    let count = 0;
    const told = { predicted: 0, ahead: 0 };
    const write = async (answers: readonly Answer[]) => {
      await out.write(answers.map((answer) => lines.line(answer)).join(''));
      told.predicted += answers.filter(({ prediction, isAhead }) => prediction !== null && !isAhead).length;
      told.ahead += answers.filter(({ isAhead }) => isAhead).length;
    };
    for await (const block of blocksOf(rows)) {
      await write(await pass.take(block, count + 1));
      count += block.length;
      file.onProgress?.(count);
    }
    await write(await pass.end(count));
    refuseTooFew(pass, { name, count, predicted: told.predicted + told.ahead });
    return { rows: count, ...told, gaps: pass.gaps };
  } finally {
    pass.dispose();
  }
}

async function* blocksOf(rows: AsyncIterable<readonly string[]>): AsyncGenerator<readonly (readonly string[])[]> {
  let block: (readonly string[])[] = [];
  for await (const fields of rows) {
    block.push(fields);
    if (block.length === BLOCK) {
      yield block;
      block = [];
    }
  }
  if (block.length > 0) {
    yield block;
  }
}

function refuseTooFew(
  { needed }: Pass,
  { name, count, predicted }: { name: string; count: number; predicted: number },
): void {
  if (count === 0) {
    throw new SkilletError('data-empty', name, {
      message: 'has no rows.',
      remedy: 'Give a CSV file with a header line and at least one row.',
    });
  }
  if (predicted === 0) {
    throw new SkilletError('data-too-short', name, {
      message: `has ${count} row${count === 1 ? '' : 's'}, but the network looks back over ${needed}.`,
      remedy: `Give at least ${needed} rows, the oldest first.`,
    });
  }
}

function createPass(loaded: LoadedModel, header: readonly string[], file: string): Pass {
  const { sidecar, model } = loaded;
  const { inputs } = sidecar;
  const parts = {
    loaded,
    header,
    encoder: createRowEncoder(inputs, header, file),
    base: createTargetBase(sidecar, header, file),
    codes: countCodes(model),
    file,
  };
  if (inputs.encoding !== 'columns' || inputs.sample.kind === 'row') {
    return createRowPass(parts);
  }
  switch (inputs.sample.kind) {
    case 'window':
      return createWindowPass(parts, inputs.sample);
    case 'series':
      return createSeriesPass(parts);
    case 'sequence':
      return createSequencePass(parts, inputs.sample);
  }
}
