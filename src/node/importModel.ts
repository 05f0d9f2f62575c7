/** Imports a model of another tool in a process of its own. */
import { execFile } from 'node:child_process';
import { SkilletError } from '../common/errors.ts';
import type { FromImporter, ImportRequest } from '../common/model/importMessages.ts';
import { lastWords } from './lastWords.ts';

export interface ImportProcess {
  /** The importing process's bundle. */
  readonly importFile: string;
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
}

type Imported = Extract<FromImporter, { type: 'imported' }>;

/** @throws {SkilletError} What is wrong with the files; nothing was made then. */
export async function importModel(request: ImportRequest, { importFile, execPath }: ImportProcess): Promise<Imported> {
  const answer = await new Promise<FromImporter>((resolve, reject) => {
    const options = { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, windowsHide: true, maxBuffer: 1e8 };
    execFile(execPath, [importFile, JSON.stringify(request)], options, (error, stdout, stderr) => {
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
