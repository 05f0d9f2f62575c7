/** Starts a predicting process for one model and asks it, for as long as its owner lives. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { SkilletError } from '../common/errors.ts';
import { draftName } from '../common/model/draftName.ts';
import type { FileDone, FromPredictor, ModelView, Prediction, ToPredictor } from '../common/model/predictMessages.ts';
import { lastWords } from './lastWords.ts';

export interface Predictor {
  readonly model: ModelView;
  /** @throws {SkilletError} What is wrong with the row. */
  predictRow(fields: Readonly<Record<string, string>>): Promise<Prediction>;
  /** @throws {SkilletError} What is wrong with the file; nothing was written then. */
  predictFile(request: FileRequest): Promise<FileDone>;
  /** Ends the process; a file that is being predicted is not written. */
  dispose(): void;
}

export interface FileRequest {
  readonly rowsFile: string;
  readonly outFile: string;
  readonly format: 'csv' | 'json';
  onProgress?(rows: number): void;
}

export interface PredictorStart {
  /** A run folder or a model folder. */
  readonly folder: string;
  /** The predicting process's bundle. */
  readonly predictFile: string;
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
}

interface Waiting {
  resolve(message: FromPredictor): void;
  reject(error: unknown): void;
  onProgress?(rows: number): void;
  /** The file that it writes, if it writes one. */
  readonly outFile?: string;
}

type Unnumbered<T> = T extends ToPredictor ? Omit<T, 'id'> : never;

/** @throws {SkilletError} `model-unreadable`, or `trainer-died` when the process does not start. */
export async function startPredictor({ folder, predictFile, execPath }: PredictorStart): Promise<Predictor> {
  const child = spawn(execPath, [predictFile, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const { ready, ask } = talkTo(child);
  const model = await ready.catch((error: unknown) => {
    child.kill();
    throw error;
  });
  return {
    model,
    async predictRow(fields) {
      const answer = await ask({ type: 'row', fields });
      return answer.type === 'row' ? answer.prediction : Promise.reject(unexpected(answer));
    },
    async predictFile({ onProgress, ...request }) {
      const answer = await ask({ type: 'file', ...request }, onProgress);
      return answer.type === 'file' ? answer : Promise.reject(unexpected(answer));
    },
    dispose: () => child.kill(),
  };
}

const unexpected = (answer: FromPredictor) => new Error(`Unexpected answer: ${JSON.stringify(answer)}`);

function talkTo(child: ChildProcess) {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  // A process that is gone is told by its end, not by the pipe.
  child.stdin?.on('error', () => undefined);
  const ready = new Promise<ModelView>((resolve, reject) => {
    const end = (why: string) => {
      const error = died(why, said);
      reject(error);
      const lost = [...waiting.values()];
      waiting.clear();
      // A process that is ended has no time to take away what it had begun.
      const drafts = lost.flatMap(({ outFile }) => (outFile === undefined ? [] : draftName(outFile, child.pid ?? 0)));
      void Promise.allSettled(drafts.map((draft) => rm(draft, { force: true }))).then(() => {
        for (const one of lost) {
          one.reject(error);
        }
      });
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(`it ended with ${signal ?? `code ${code}`}`));
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const message = JSON.parse(line) as FromPredictor;
        if (message.type === 'ready') {
          resolve(message.model);
        } else if (message.type === 'refused' && message.id === null) {
          const { code, path, message: text, remedy } = message.problem;
          reject(new SkilletError(code, path, { message: text, remedy }));
        } else {
          deliver(waiting, message);
        }
      });
    }
  });
  const ask = (request: Unnumbered<ToPredictor>, onProgress?: (rows: number) => void) =>
    new Promise<FromPredictor>((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        reject(died('it has ended', said));
        return;
      }
      asked += 1;
      waiting.set(asked, {
        resolve,
        reject,
        ...(onProgress === undefined ? {} : { onProgress }),
        ...('outFile' in request ? { outFile: request.outFile } : {}),
      });
      child.stdin?.write(`${JSON.stringify({ ...request, id: asked })}\n`);
    });
  return { ready, ask };
}

function deliver(waiting: Map<number, Waiting>, message: Exclude<FromPredictor, { type: 'ready' }>): void {
  const one = message.id === null ? undefined : waiting.get(message.id);
  if (one === undefined || message.id === null) {
    return;
  }
  if (message.type === 'progress') {
    one.onProgress?.(message.rows);
    return;
  }
  waiting.delete(message.id);
  if (message.type === 'refused') {
    const { code, path, message: text, remedy } = message.problem;
    one.reject(new SkilletError(code, path, { message: text, remedy }));
  } else {
    one.resolve(message);
  }
}

function died(why: string, said: string): SkilletError {
  return new SkilletError('trainer-died', 'predict', {
    message: `The predicting process is gone: ${why}.${lastWords(said)}`,
    remedy: 'Try again; if it happens again, report it with what it said.',
  });
}
