/** Brings a named data set onto this machine, with its progress in a notification that can cancel it. */
import * as vscode from 'vscode';
import { SkilletError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import { DATASETS, type DatasetName } from '../../common/recipe/datasets.ts';
import { chooseMirror, datasetFolder, fetchDataset } from '../../node/datasets/fetchDataset.ts';
import { findCacheFolder } from '../../node/runtime/cacheFolder.ts';
import { systemWaiting } from '../../node/runtime/waiting.ts';
import { machineHere } from './engineHere.ts';

/**
 * Does nothing where it is there already.
 *
 * @throws {SkilletError} `dataset-missing`: a person has cancelled it; `dataset-download`, `runtime-disk`, `runtime-busy`.
 */
export async function fetchDatasetInEditor(name: DatasetName, output: vscode.LogOutputChannel): Promise<void> {
  const dataset = DATASETS[name];
  const setting = vscode.workspace.getConfiguration('skillet').get<string>('datasetMirror', '');
  const options = { location: vscode.ProgressLocation.Notification, title: dataset.title, cancellable: true };
  await vscode.window.withProgress(options, async (bar, token) => {
    const cancel = new AbortController();
    const subscription = token.onCancellationRequested(() => cancel.abort());
    let shown = 0;
    try {
      await fetchDataset({
        folder: datasetFolder(findCacheFolder(machineHere()), name),
        dataset,
        mirror: chooseMirror(setting, process.env),
        fetch,
        waiting: systemWaiting,
        signal: cancel.signal,
        onRetry: ({ fault, pauseMs }) => output.warn(`${dataset.title}: ${fault}; trying again in ${pauseMs / 1000} s`),
        onProgress({ doneBytes, totalBytes, host }) {
          const percent = Math.floor((100 * doneBytes) / totalBytes);
          if (percent > shown || shown === 0) {
            const message = `fetching ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)} from ${host}`;
            bar.report({ message, increment: Math.max(0, percent - shown) });
            shown = Math.max(shown, percent);
          }
        },
      });
    } catch (error) {
      throw cancel.signal.aborted ? cancelled(dataset.title) : error;
    } finally {
      subscription.dispose();
    }
  });
}

function cancelled(title: string): SkilletError {
  return new SkilletError('dataset-missing', 'data.dataset', {
    message: `${title} was not fetched: you cancelled it.`,
    remedy: 'What has come is kept: train again to go on from there.',
  });
}
