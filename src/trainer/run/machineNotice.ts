/** Looks, between steps, whether the machine was told that it will be taken away: then a checkpoint is wanted. */
import { readFileSync, statSync } from 'node:fs';
import type { Notice } from '../../common/run/events.ts';
import type { Clock } from './clock.ts';

/** Looking costs a system call, so it is done at most so often; what takes a machine away gives two minutes. */
const LOOK_MS = 1000;
/** A notice whose time has long passed is one that the machine has outlived. */
const STALE_MS = 10 * 60_000;

export interface MachineNotices {
  /** Whether a notice has come since the last time; it is told then. */
  isSaveWanted(): boolean;
}

export interface MachineNoticeOptions {
  /** What the guard on the machine writes; null where there is none. */
  readonly file: string | null;
  readonly clock: Pick<Clock, 'monotonicMs' | 'now'>;
  readonly tell: (notice: Omit<Notice, 'at'>) => void;
}

export function watchMachineNotices({ file, clock, tell }: MachineNoticeOptions): MachineNotices {
  if (file === null) {
    return { isSaveWanted: () => false };
  }
  let lookedMs = Number.NEGATIVE_INFINITY;
  let seen = '';
  return {
    isSaveWanted() {
      const nowMs = clock.monotonicMs();
      if (nowMs - lookedMs < LOOK_MS) {
        return false;
      }
      lookedMs = nowMs;
      const stamp = stampOf(file);
      if (stamp === seen) {
        return false;
      }
      seen = stamp;
      const words = stamp === '' ? null : wordsOf(file, clock.now());
      if (words === null) {
        return false;
      }
      const remedy = 'A checkpoint is saved now; resume the run from it, here or elsewhere.';
      tell({ type: 'notice', level: 'warning', message: words, remedy });
      return true;
    },
  };
}

/** A file that was replaced is another one, also within a tick of its clock. Empty while there is none. */
function stampOf(file: string): string {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
  } catch {
    return '';
  }
}

/** @returns Null where it says nothing, or nothing that still counts. */
function wordsOf(file: string, now: Date): string | null {
  try {
    const { kind, at, action, drill } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    if (now.getTime() - time > STALE_MS || typeof kind !== 'string') {
      return null;
    }
    const isDrill = drill === true ? 'Drill: ' : '';
    const when = Number.isNaN(time) ? 'soon' : `at ${new Date(time).toISOString()}`;
    const what = typeof action === 'string' ? (ENDS[action] ?? 'taken away') : 'taken away';
    return kind === 'rebalance'
      ? `${isDrill}This machine is at risk of being taken back by its provider.`
      : `${isDrill}This machine will be ${what} ${when}.`;
  } catch {
    return null; // Half-written or gone again: the next look finds it changed.
  }
}

const ENDS: Readonly<Record<string, string>> = {
  terminate: 'terminated',
  stop: 'stopped',
  hibernate: 'hibernated',
};
