/** Profiles of data files, kept while the file is as it was. */
import { stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import type { DataProfile } from '../../common/data/profile.ts';

export interface ProfileCache {
  /** Of the file's first megabytes; null where it cannot be profiled, which training will tell better. */
  of(file: string): Promise<DataProfile | null>;
}

interface Kept {
  /** Time of change and size: another one is another file. */
  readonly stamp: string;
  readonly profile: Promise<DataProfile | null>;
}

const MOST_FILES = 20;
/** Half a second of work, in pieces of a few milliseconds: advice needs no more. */
const MOST_BYTES = 8_000_000;

export function createProfileCache(output: vscode.LogOutputChannel): ProfileCache {
  const kept = new Map<string, Kept>();
  const read = async (file: string): Promise<DataProfile | null> => {
    const { profileCsv } = await import('../../node/data/profileCsv.ts');
    return profileCsv(file, { maxBytes: MOST_BYTES }).catch((error: unknown) => {
      output.debug(`No profile of ${file}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    });
  };
  return {
    async of(file) {
      const found = await stat(file).catch(() => null);
      if (found?.isFile() !== true) {
        return null;
      }
      const stamp = `${found.mtimeMs} ${found.size}`;
      const before = kept.get(file);
      if (before?.stamp === stamp) {
        return before.profile;
      }
      const profile = read(file);
      kept.delete(file);
      kept.set(file, { stamp, profile });
      for (const [oldest] of [...kept].slice(0, Math.max(0, kept.size - MOST_FILES))) {
        kept.delete(oldest);
      }
      return profile;
    },
  };
}
