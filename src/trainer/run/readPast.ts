/** What a run's events say of an earlier trainer, for one that goes on with it. */
import { readFileSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';

export interface PastRun {
  /** Whether training had begun, so that a graph and a backend are already told. */
  readonly hasStarted: boolean;
}

/** @throws {SkilletError} `run-not-resumable`: the run has completed. */
export function readPast(eventsFile: string): PastRun {
  const types = readTypes(eventsFile);
  if (types.at(-1) === 'completed') {
    throw new SkilletError('run-not-resumable', eventsFile, {
      message: 'This run has completed all its epochs.',
      remedy: 'Train again with more epochs.',
    });
  }
  return { hasStarted: types.includes('runStart') };
}

/** Types of the events, for a `runEnd` its status; a torn line is passed over. */
function readTypes(eventsFile: string): string[] {
  let text: string;
  try {
    text = readFileSync(eventsFile, 'utf8');
  } catch {
    return []; // Nothing was written yet: the run begins anew.
  }
  return text.split('\n').flatMap((line) => {
    // Only two kinds matter, and a long run has many lines.
    if (!line.startsWith('{"type":"run')) {
      return [];
    }
    try {
      const event = JSON.parse(line) as { type: string; status?: string };
      return [event.type === 'runEnd' ? (event.status ?? '') : event.type];
    } catch {
      return [];
    }
  });
}
