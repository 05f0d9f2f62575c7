/** Answers the requests of a predicting process one after another, in the order they came. */
import { toProblem } from '../../common/errors.ts';
import type { FromPredictor, ToPredictor } from '../../common/model/predictMessages.ts';
import { viewModel } from './modelView.ts';
import { predictFile } from './predictFile.ts';
import { predictRow } from './predictRow.ts';
import { readModelFolder } from './readModelFolder.ts';

export interface PredictorEnds {
  /** One JSON object a line. */
  readonly lines: AsyncIterable<string>;
  say(message: FromPredictor): void;
  /** For how often progress is told. */
  monotonicMs(): number;
}

const PROGRESS_MS = 200;

/** Ends when the lines do. @param folder A run folder or a model folder. */
export async function answerRequests(folder: string, ends: PredictorEnds): Promise<void> {
  const loaded = await readModelFolder(folder).catch((error: unknown) => {
    ends.say({ type: 'refused', id: null, problem: toProblem(error, folder) });
    return null;
  });
  if (loaded === null) {
    return;
  }
  try {
    ends.say({ type: 'ready', model: viewModel(loaded.folder, loaded.sidecar) });
    for await (const line of ends.lines) {
      const request = JSON.parse(line) as ToPredictor;
      try {
        ends.say(await answer(request));
      } catch (error) {
        ends.say({ type: 'refused', id: request.id, problem: toProblem(error, 'predict') });
      }
    }
  } finally {
    loaded.model.dispose();
  }

  async function answer(request: ToPredictor): Promise<FromPredictor> {
    const { id } = request;
    if (request.type === 'row' && loaded !== null) {
      return { type: 'row', id, prediction: await predictRow(loaded, request.fields) };
    }
    if (request.type === 'file' && loaded !== null) {
      return { type: 'file', id, ...(await predictFile(loaded, { ...request, onProgress: createProgress(id) })) };
    }
    throw new Error(`Unknown request: ${JSON.stringify(request)}`);
  }

  function createProgress(id: number): (rows: number) => void {
    let told = ends.monotonicMs();
    return (rows) => {
      const now = ends.monotonicMs();
      if (now - told >= PROGRESS_MS) {
        told = now;
        ends.say({ type: 'progress', id, rows });
      }
    };
  }
}
