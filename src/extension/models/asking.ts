/** Asks a saved network for one page: its process is started at the first question and lives until the page shows another. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { toProblem } from '../../common/errors.ts';
import type { PredictedFile, ToPanel } from '../../common/panelMessages.ts';
import type { Predictor } from '../../node/startPredictor.ts';

export interface Asking extends vscode.Disposable {
  /** Starts the network of a run folder or a model folder, and tells the page. */
  open(folder: string): Promise<void>;
  predictRow(fields: Readonly<Record<string, string>>): Promise<void>;
  /** @param rowsFile Undefined: a person is asked. */
  predictCsv(rowsFile?: string): Promise<void>;
  /** Ends the process: another run is shown. */
  close(): void;
}

/** @param predictFile The predicting process's bundle. */
export function createAsking(predictFile: string, post: (message: ToPanel) => void): Asking {
  let predictor: Promise<Predictor> | null = null;
  const close = () => {
    predictor?.then((one) => one.dispose()).catch(() => undefined);
    predictor = null;
  };
  return {
    close,
    dispose: close,
    async open(folder) {
      close();
      const { startPredictor } = await import('../../node/startPredictor.ts');
      // In the desktop this is Electron, which startPredictor asks to be a plain Node.
      const started = startPredictor({ folder, predictFile, execPath: process.execPath });
      predictor = started;
      const message = await started.then<ToPanel, ToPanel>(
        ({ model }) => ({ type: 'model', model }),
        (error: unknown) => ({ type: 'noModel', problem: toProblem(error, folder) }),
      );
      if (predictor === started) {
        post(message);
      }
    },
    async predictRow(fields) {
      const asked = predictor;
      const message = await asked
        ?.then((one) => one.predictRow(fields))
        .then<ToPanel, ToPanel>(
          (prediction) => ({ type: 'prediction', prediction }),
          (error: unknown) => ({ type: 'noPrediction', problem: toProblem(error, 'row') }),
        );
      if (message !== undefined && predictor === asked) {
        post(message);
      }
    },
    async predictCsv(rowsFile) {
      const asked = predictor;
      const chosen = rowsFile ?? (await chooseRows());
      if (chosen === undefined || asked === null) {
        return;
      }
      const tell = (state: PredictedFile) => (predictor === asked ? post({ type: 'predictedFile', state }) : undefined);
      const name = path.basename(chosen);
      tell({ phase: 'reading', name, rows: 0 });
      try {
        const file = await freeFile(chosen);
        const done = await (await asked).predictFile({
          rowsFile: chosen,
          outFile: file,
          format: 'csv',
          onProgress: (rows) => tell({ phase: 'reading', name, rows }),
        });
        tell({ ...done, phase: 'done', file });
      } catch (error) {
        tell({ phase: 'refused', problem: toProblem(error, name) });
      }
    },
  };
}

async function chooseRows(): Promise<string | undefined> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: 'Rows to Predict',
      openLabel: 'Predict',
      filters: { 'CSV files': ['csv', 'csv.gz', 'gz', 'txt'] },
    })) ?? [];
  return picked?.fsPath;
}

/** `rows.predictions.csv` beside the rows, or with a number where that is taken. */
async function freeFile(rowsFile: string): Promise<string> {
  const stem = rowsFile.replace(/\.gz$/i, '').replace(/\.(csv|txt)$/i, '');
  for (let number = 1; ; number += 1) {
    const file = `${stem}.predictions${number === 1 ? '' : `-${number}`}.csv`;
    if ((await stat(file).catch(() => null)) === null) {
      return file;
    }
  }
}
