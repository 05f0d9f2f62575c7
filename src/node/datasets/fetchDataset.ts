/** Brings a named data set into the cache folder: checked by hash, taken up after a break, from one mirror or the next. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { CACHE_FOLDERS } from '../../common/machine/cacheFolders.ts';
import type { Dataset, DatasetFile } from '../../common/recipe/datasets.ts';
import { toDiskFault } from '../runtime/diskFault.ts';
import { download, downloadedBytes, isDownloaded, type Telling } from '../runtime/download.ts';
import { withSetupLock } from '../runtime/setupLock.ts';
import { faultText, type Retry, type Waiting } from '../runtime/waiting.ts';

export interface DatasetFetch {
  /** The folder of this data set in the cache. */
  readonly folder: string;
  readonly dataset: Pick<Dataset, 'title' | 'mirrors' | 'files'>;
  /** Another place to fetch from, in place of those that are known; empty: none. */
  readonly mirror: string;
  readonly fetch: typeof fetch;
  readonly waiting: Waiting;
  /** What was fetched stays when it is aborted. */
  readonly signal: AbortSignal;
  readonly silenceMs?: number;
  onRetry?(retry: Retry): void;
  onProgress(progress: DatasetProgress): void;
}

export interface DatasetProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Host that is being asked. */
  readonly host: string;
}

/** Fewer than setup's: there is another mirror to ask, and a recipe that waits. */
const PAUSES_MS = [1000, 2000];

const TELLING: Telling = {
  code: 'dataset-download',
  source: 'mirror',
  settings: 'skillet.datasetMirror or SKILLET_DATASET_MIRROR',
};

export function datasetFolder(cacheFolder: string, name: string): string {
  return path.join(cacheFolder, CACHE_FOLDERS.datasets, name);
}

/** What was said in the settings goes first, then our own variable; empty where nothing was said. */
export function chooseMirror(named: string, env: Readonly<Record<string, string | undefined>>): string {
  const mirror = named || env.SKILLET_DATASET_MIRROR || '';
  if (mirror !== '' && !(URL.canParse(mirror) && /^https?:/.test(mirror))) {
    throw new SkilletError('dataset-download', mirror, {
      message: 'is no address of a mirror.',
      remedy: `Write one that begins with https:// and holds the files, or leave it out (${TELLING.settings}).`,
    });
  }
  return mirror;
}

/**
 * Whole files that are there already are not asked for, so a machine without the network can be given them.
 *
 * @returns Whether anything had to be fetched.
 * @throws {SkilletError} `dataset-download`, `runtime-disk`, `runtime-busy`.
 */
export async function fetchDataset(job: DatasetFetch): Promise<boolean> {
  if ((await missingFiles(job)).length === 0) {
    return false;
  }
  await mkdir(job.folder, { recursive: true }).catch((error: unknown) => {
    throw toDiskFault(error, job.folder);
  });
  return withSetupLock(job.folder, async () => {
    // Whoever had the lock before may have brought them.
    const missing = await missingFiles(job);
    await fetchFiles(job, missing);
    return missing.length > 0;
  });
}

/** Those that are not there, or are not what was published. */
async function missingFiles({ folder, dataset }: Pick<DatasetFetch, 'folder' | 'dataset'>): Promise<DatasetFile[]> {
  const files = Object.values(dataset.files);
  const there = await Promise.all(files.map((file) => isDownloaded({ ...file, file: path.join(folder, file.name) })));
  return files.filter((_, index) => there[index] === false);
}

async function fetchFiles(job: DatasetFetch, missing: readonly DatasetFile[]): Promise<void> {
  const { folder } = job;
  const mirrors = job.mirror === '' ? job.dataset.mirrors : [job.mirror];
  const totalBytes = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const file of missing) {
    const target = path.join(folder, file.name);
    await fromMirrors(job, file, mirrors, async (mirror) => {
      const url = new URL(file.name, mirror.endsWith('/') ? mirror : `${mirror}/`);
      await download(
        { url: url.href, headers: {}, file: target, bytes: file.bytes, sha256: file.sha256, telling: TELLING },
        {
          ...job,
          pausesMs: PAUSES_MS,
          onBytes: (bytes) => job.onProgress({ doneBytes: before + bytes, totalBytes, host: url.host }),
        },
      );
    });
    before += file.bytes;
  }
}

/** Each mirror in turn; a full disk or an abort ends it at once. */
async function fromMirrors(
  job: DatasetFetch,
  file: DatasetFile,
  mirrors: readonly string[],
  attempt: (mirror: string) => Promise<void>,
): Promise<void> {
  const faults: string[] = [];
  for (const mirror of mirrors) {
    try {
      await attempt(mirror);
      return;
    } catch (error) {
      job.signal.throwIfAborted();
      if (error instanceof SkilletError && error.code !== 'dataset-download') {
        throw error;
      }
      faults.push(`${new URL(mirror).host}: ${faultText(error)}`);
    }
  }
  throw await unreachable(job, file, faults);
}

async function unreachable(job: DatasetFetch, file: DatasetFile, faults: readonly string[]): Promise<SkilletError> {
  const { title } = job.dataset;
  const kept = await downloadedBytes(path.join(job.folder, file.name));
  const names = (await missingFiles(job)).map(({ name }) => name).join(', ');
  const part = kept > 0 ? ' What was fetched is kept.' : '';
  return new SkilletError('dataset-download', title, {
    message: `${file.name} could not be fetched: ${faults.map((fault) => fault.replace(/\.$/, '')).join('; ')}.${part}`,
    remedy: `Connect to the network and train again, name a mirror (${TELLING.settings}), or put ${names} into ${job.folder}. The recipe digits.recipe.yaml needs no download.`,
  });
}
