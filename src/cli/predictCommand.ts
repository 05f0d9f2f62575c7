/** `skillet predict`: new rows through a saved network. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import { formatCount } from '../common/format.ts';
import type { FileDone } from '../common/model/predictMessages.ts';
import { type Predictor, startPredictor } from '../node/startPredictor.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

/** @param predictFile The predicting process's bundle. */
export async function predictCommand(args: string[], predictFile: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [folder, rows, ...more] = positionals;
  if (folder === undefined || rows === undefined || more.length > 0) {
    throw new SkilletError('cli-usage', 'predict', {
      message: 'takes a run or model folder, and a CSV file.',
      remedy: 'Write skillet predict <folder> <rows.csv>.',
    });
  }
  const predictor = await startPredictor({ folder: path.resolve(folder), predictFile, execPath: process.execPath });
  try {
    const request = { rowsFile: path.resolve(rows), format: values.json === true ? 'json' : 'csv' } as const;
    if (values.out === undefined) {
      await printPredictions(predictor, request);
    } else {
      const done = await predictor.predictFile({ ...request, outFile: path.resolve(values.out), ...progress() });
      process.stdout.write(`${printable(describeDone(done, values.out))}\n`);
    }
    return EXIT.completed;
  } finally {
    predictor.dispose();
  }
}

/** Nothing is printed before all rows are known to be good. */
async function printPredictions(
  predictor: Predictor,
  request: { readonly rowsFile: string; readonly format: 'csv' | 'json' },
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'skillet-predict-'));
  try {
    const outFile = path.join(folder, 'predictions');
    await predictor.predictFile({ ...request, outFile, ...progress() });
    await pipeline(createReadStream(outFile), process.stdout, { end: false });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** On a terminal a long file shows how far it is. */
function progress() {
  return process.stderr.isTTY
    ? { onProgress: (rows: number) => void process.stderr.write(`\r${formatCount(rows)} rows\r`) }
    : {};
}

function describeDone({ rows, predicted, ahead, gaps }: FileDone, out: string): string {
  const without = rows - predicted;
  const parts = [
    `${formatCount(predicted)} of ${formatCount(rows)} rows predicted`,
    ...(without > 0 ? [`${formatCount(without)} ${gaps}`] : []),
    ...(ahead > 0 ? [`${formatCount(ahead)} row${ahead === 1 ? '' : 's'} added for steps to come`] : []),
  ];
  return `${parts.join('; ')}: ${out}`;
}
