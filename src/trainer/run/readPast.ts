/** What a run's events say of an earlier trainer, for one that goes on with it. */
import { readFileSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';
import { newerFormat } from '../../common/run/formatVersion.ts';

export interface PastRun {
  /** Whether training had begun, so that a graph and a backend are already told. */
  readonly hasStarted: boolean;
  /** What it trained on last: another backend rounds otherwise, and the curve would not be the same run's. */
  readonly backend: string | null;
}

export const NO_PAST: PastRun = { hasStarted: false, backend: null };

/** @throws {SkilletError} `run-not-resumable`: the run has completed, or a newer Skillet has made it. */
export function readPast(eventsFile: string): PastRun {
  const events = readTurningPoints(eventsFile);
  const newer = newerFormat(Math.max(...events.map(({ version }) => version ?? 0)));
  if (newer !== null) {
    throw new SkilletError('run-not-resumable', eventsFile, {
      message: `This run ${newer}`,
      remedy: 'Bring Skillet up to date, then resume it.',
    });
  }
  const last = events.findLast(({ type }) => type.startsWith('run'));
  if (last?.type === 'runEnd' && last.status === 'completed') {
    throw new SkilletError('run-not-resumable', eventsFile, {
      message: 'This run has completed all its epochs.',
      remedy: 'Train again with more epochs.',
    });
  }
  return {
    hasStarted: events.some(({ type }) => type === 'runStart'),
    backend: events.findLast(({ backend }) => backend !== undefined)?.backend?.name ?? null,
  };
}

interface TurningPoint {
  readonly type: string;
  readonly status?: string;
  readonly backend?: { readonly name: string };
  readonly version?: number;
}

/** Launches, starts, resumes and ends; a torn line is passed over. */
function readTurningPoints(eventsFile: string): TurningPoint[] {
  let text: string;
  try {
    text = readFileSync(eventsFile, 'utf8');
  } catch {
    return []; // Nothing was written yet: the run begins anew.
  }
  return text.split('\n').flatMap((line) => {
    // Only a few kinds matter, and a long run has many lines.
    if (!line.startsWith('{"type":"run') && !line.startsWith('{"type":"launch"')) {
      return [];
    }
    try {
      return [JSON.parse(line) as TurningPoint];
    } catch {
      return [];
    }
  });
}
