/** The predicting process: `predict <run or model folder>`; requests and answers are lines of JSON, until its input ends. */
import path from 'node:path';
import { createInterface } from 'node:readline';
import { toProblem } from '../common/errors.ts';
import type { FromPredictor } from '../common/model/predictMessages.ts';
import { answerRequests } from './predict/answerRequests.ts';
import { startPredictionBackend } from './predict/startPredictionBackend.ts';

const say = (message: FromPredictor) => void process.stdout.write(`${JSON.stringify(message)}\n`);

const [folder = ''] = process.argv.slice(2);
try {
  await startPredictionBackend();
  await answerRequests(path.resolve(folder), {
    lines: createInterface({ input: process.stdin }),
    say,
    monotonicMs: () => performance.now(),
  });
} catch (error) {
  say({ type: 'refused', id: null, problem: toProblem(error, folder) });
  process.exitCode = 1;
}
process.stdin.destroy(); // An open pipe would keep the process.
