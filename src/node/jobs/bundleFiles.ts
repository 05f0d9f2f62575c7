/** Which files of a folder go along with a job, and which never do unless a person names them. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

const LEFT_OUT_FOLDERS = new Set(['.skillet', 'node_modules', '.git', '.venv', '__pycache__', '.ipynb_checkpoints']);

/** Names under which people keep keys and passwords, letter case aside. */
const SECRETS: readonly RegExp[] = [
  /^\.env(\..*)?$/,
  /\.(pem|key|p12|pfx|jks|keystore|ppk)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)/,
  /^\.?(netrc|pgpass|npmrc|pypirc|renviron|git-credentials)$/,
  /^(credentials(\..*)?|kaggle\.json)$/,
  /(^|[-_.])(secret|secrets|service[-_]?account)([-_.].*)?$/,
  /\.kdbx$/,
];

const SECRET_FOLDERS = new Set([
  '.aws',
  '.ssh',
  '.azure',
  '.gcloud',
  'gcloud',
  '.docker',
  '.kaggle',
  '.huggingface',
  '.kube',
  '.gnupg',
]);

/** Whether a file's name says that it may hold a key or a password. */
export function looksSecret(file: string): boolean {
  const parts = file.toLowerCase().split(/[\\/]/);
  const name = parts.at(-1) ?? '';
  return parts.slice(0, -1).some((folder) => SECRET_FOLDERS.has(folder)) || SECRETS.some((secret) => secret.test(name));
}

export interface ChosenFiles {
  /** Relative to the folder, with `/`, sorted. */
  readonly files: readonly string[];
  /** Those that look like secrets, left out. */
  readonly leftOut: readonly string[];
  readonly bytes: number;
}

/** All files in and below a folder that may go along. Links are not followed. */
export async function filesToBundle(folder: string): Promise<ChosenFiles> {
  const files: string[] = [];
  const leftOut: string[] = [];
  let bytes = 0;
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!LEFT_OUT_FOLDERS.has(entry.name)) {
          await walk(file);
        }
      } else if (entry.isFile()) {
        if (looksSecret(file)) {
          leftOut.push(file);
        } else {
          files.push(file);
          bytes += (await stat(path.join(folder, file))).size;
        }
      }
    }
  };
  await walk('');
  return { files, leftOut, bytes };
}
