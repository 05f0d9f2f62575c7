/** The tags by which a machine's guard is told its rule, there and back. */
import type { GuardRule } from './launchProfile.ts';
import { TAGS } from './tags.ts';

const HOUR_MS = 3_600_000;

/** What ends a machine, as its tags say. */
export interface TaggedGuard {
  /** ISO 8601; null for never. */
  readonly deadline: string | null;
  readonly idleMinutes: number | null;
  readonly action: GuardRule['action'];
}

/** The tags that a launch puts on a machine that has a guard. @param startMs When it is launched. */
export function guardTags({ deadlineHours, idleMinutes, action }: GuardRule, startMs: number): Record<string, string> {
  return {
    [TAGS.deadline]: deadlineHours === null ? 'never' : toTagTime(startMs + deadlineHours * HOUR_MS),
    [TAGS.deadlineHours]: deadlineHours === null ? 'never' : String(deadlineHours),
    [TAGS.idleMinutes]: idleTag(idleMinutes),
    [TAGS.guardAction]: action,
  };
}

/** Without parts of a second: as the guard writes it. */
export function toTagTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

export function idleTag(minutes: number | null): string {
  return minutes === null ? '0' : String(minutes);
}

/**
 * @param launchedAt ISO 8601 of the machine's last start. A deadline before it has been used up: the guard reckons the
 * next one from that start.
 * @returns Null where no guard of ours is on the machine.
 */
export function readGuardTags(tags: Readonly<Record<string, string>>, launchedAt: string | null): TaggedGuard | null {
  const action = tags[TAGS.guardAction];
  if (action !== 'stop' && action !== 'terminate') {
    return null;
  }
  const idle = Number(tags[TAGS.idleMinutes]);
  return {
    deadline: readDeadline(tags, launchedAt),
    idleMinutes: Number.isInteger(idle) && idle > 0 ? idle : null,
    action,
  };
}

function readDeadline(tags: Readonly<Record<string, string>>, launchedAt: string | null): string | null {
  const deadlineMs = Date.parse(tags[TAGS.deadline] ?? '');
  if (Number.isNaN(deadlineMs)) {
    return null;
  }
  const startMs = Date.parse(launchedAt ?? '');
  if (Number.isNaN(startMs) || deadlineMs > startMs) {
    return toTagTime(deadlineMs);
  }
  const hours = Number(tags[TAGS.deadlineHours]);
  return hours > 0 ? toTagTime(startMs + hours * HOUR_MS) : null;
}
