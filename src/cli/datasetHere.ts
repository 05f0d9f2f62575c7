/** Brings a named data set onto this machine, with its progress in the terminal. */
import { formatBytes } from '../common/format.ts';
import { DATASETS, type DatasetName, datasetBytes } from '../common/recipe/datasets.ts';
import { chooseMirror, datasetFolder, fetchDataset } from '../node/datasets/fetchDataset.ts';
import { findCacheFolder } from '../node/runtime/cacheFolder.ts';
import { createTransferRate } from '../node/runtime/transferRate.ts';
import { systemWaiting } from '../node/runtime/waiting.ts';
import { machineHere } from './engineHere.ts';
import { createScreen } from './screen.ts';
import { createSetupProgress } from './setupText.ts';
import { printable } from './table.ts';

export interface FetchHere {
  /** In place of what the environment says. */
  readonly mirror?: string;
  /** Nothing is told but retries. */
  readonly isQuiet?: boolean;
}

/**
 * Does nothing where it is there already. Ctrl+C cancels and keeps what was fetched.
 *
 * @returns Its folder, and whether anything was fetched.
 * @throws {SkilletError} `dataset-download`, `runtime-disk`, `runtime-busy`. @throws {Cancelled}
 */
export async function fetchDatasetHere(
  name: DatasetName,
  { mirror = '', isQuiet = false }: FetchHere = {},
): Promise<{ folder: string; isNew: boolean }> {
  const dataset = DATASETS[name];
  const folder = datasetFolder(findCacheFolder(machineHere()), name);
  // What a command prints on its standard output belongs to its reader.
  const screen = createScreen(process.stderr);
  const show = createSetupProgress(screen, () => performance.now());
  const rate = createTransferRate(() => performance.now());
  const cancel = new AbortController();
  const interrupt = () => cancel.abort();
  let host = '';
  process.once('SIGINT', interrupt);
  try {
    const isNew = await fetchDataset({
      folder,
      dataset,
      mirror: chooseMirror(mirror, process.env),
      fetch,
      waiting: systemWaiting,
      signal: cancel.signal,
      onRetry: ({ fault, pauseMs }) => screen.line(printable(`${fault}; trying again in ${pauseMs / 1000} s`)),
      onProgress(progress) {
        if (isQuiet) {
          return;
        }
        if (progress.host !== host) {
          host = progress.host;
          screen.line(
            printable(`Fetching ${dataset.title} (${formatBytes(datasetBytes(dataset))}) from ${host} into ${folder}`),
          );
        }
        show({ stage: 'fetch', ...progress, bytesPerSecond: rate(progress.doneBytes) });
      },
    });
    return { folder, isNew };
  } catch (error) {
    throw cancel.signal.aborted ? new Cancelled(dataset.title) : error;
  } finally {
    screen.redraw('');
    process.off('SIGINT', interrupt);
  }
}

/** A person has pressed Ctrl+C. */
export class Cancelled extends Error {
  /** @param title What was being fetched; null where nothing of it is kept. */
  constructor(title: string | null) {
    super(
      title === null
        ? 'Cancelled.'
        : `Cancelled. What was fetched of ${title} is kept: the next time goes on from there.`,
    );
    this.name = 'Cancelled';
  }
}
