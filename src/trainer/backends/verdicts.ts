/** Remembers which backend was the fastest for a model on this machine, so that it need not be timed again. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BackendTrial } from '../../common/run/events.ts';

export interface Verdict {
  /** When it was timed, ISO 8601. */
  readonly at: string;
  readonly name: string;
  readonly trials: readonly BackendTrial[];
}

export interface Verdicts {
  /** @param question All that the answer depends on, as plain data. */
  find(question: unknown): Verdict | null;
  keep(question: unknown, verdict: Verdict): void;
}

export const NO_VERDICTS: Verdicts = { find: () => null, keep: () => undefined };

/** @param folder Made when there is something to keep. A folder that cannot be written costs a race each time, and nothing else. */
export function createVerdicts(folder: string): Verdicts {
  const fileOf = (question: unknown) => {
    const hash = createHash('sha256').update(JSON.stringify(question)).digest('hex');
    return path.join(folder, `${hash.slice(0, 32)}.json`);
  };
  return {
    find(question) {
      try {
        const found: unknown = JSON.parse(readFileSync(fileOf(question), 'utf8'));
        return isVerdict(found) ? found : null;
      } catch {
        return null; // None yet, or half a file.
      }
    },
    keep(question, verdict) {
      const file = fileOf(question);
      const draft = `${file}.${process.pid}`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(draft, `${JSON.stringify(verdict)}\n`);
        renameSync(draft, file);
      } catch {
        // See above.
      }
    },
  };
}

function isVerdict(found: unknown): found is Verdict {
  const { at, name, trials } = (found ?? {}) as Partial<Record<keyof Verdict, unknown>>;
  return typeof at === 'string' && typeof name === 'string' && Array.isArray(trials);
}
