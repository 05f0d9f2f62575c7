/** Imports a model of another tool in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import type { FromImporter, ImportRequest, ImportTask } from '../common/model/importMessages.ts';
import { importKeras } from './keras/convertKeras.ts';
import { lastWords } from './lastWords.ts';

export interface ImportProcess {
  /** The importing process's bundle. */
  readonly importFile: string;
  /** The bundle of the process that reads Keras's files. */
  readonly kerasFile: string;
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
}

type Imported = Extract<FromImporter, { type: 'imported' }>;

/** @throws {SkilletError} What is wrong with the files; nothing was made then. */
export async function importModel(request: ImportRequest, processes: ImportProcess): Promise<Imported> {
  if (request.kind === 'mxnet') {
    return runTask(request, processes);
  }
  const draft = await mkdtemp(path.join(tmpdir(), 'skillet-import-'));
  try {
    const networkFolder = path.join(draft, 'network');
    await importKeras(request.file, networkFolder, processes);
    return await runTask({ ...request, networkFolder }, processes);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function runTask(task: ImportTask, { importFile, execPath }: ImportProcess): Promise<Imported> {
  const answer = await new Promise<FromImporter>((resolve, reject) => {
    const options = { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, windowsHide: true, maxBuffer: 1e8 };
    execFile(execPath, [importFile, JSON.stringify(task)], options, (error, stdout, stderr) => {
      const line = stdout.trim().split('\n').at(-1) ?? '';
      if (line.startsWith('{')) {
        resolve(JSON.parse(line) as FromImporter);
        return;
      }
      const why = error?.code === undefined ? 'it said nothing' : `it ended with ${error.code}`;
      reject(
        new SkilletError('trainer-died', 'import', {
          message: `The importing process is gone: ${why}.${lastWords(stderr)}`,
          remedy: 'Try again; if it happens again, report it with what it said.',
        }),
      );
    });
  });
  if (answer.type === 'refused') {
    const { code, path, message, remedy } = answer.problem;
    throw new SkilletError(code, path, { message, remedy });
  }
  return answer;
}
