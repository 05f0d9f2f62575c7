/** When a machine is to end, as a person writes it. */
import { SkilletError } from '../errors.ts';

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * @param text `2h`, `90m`, `1d` from now; `18:00` here, today or else tomorrow; an ISO 8601 time; `never`.
 * @returns ISO 8601; null for never.
 * @throws {SkilletError} `cli-usage`: it is none of these, or in the past.
 */
export function parseDeadline(text: string, nowMs: number): string | null {
  const word = text.trim().toLowerCase();
  if (word === 'never') {
    return null;
  }
  const timeMs = timeOf(word, nowMs);
  if (Number.isNaN(timeMs)) {
    throw wrong(text, 'is no time.');
  }
  if (timeMs <= nowMs) {
    throw wrong(text, 'is over already.');
  }
  return new Date(timeMs).toISOString();
}

function timeOf(word: string, nowMs: number): number {
  const span = /^(\d+(?:\.\d+)?)\s*([mhd])$/.exec(word);
  if (span !== null) {
    return nowMs + Number(span[1]) * UNITS_MS[span[2] as keyof typeof UNITS_MS];
  }
  const clock = /^(\d{1,2}):(\d{2})$/.exec(word);
  if (clock === null) {
    return /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}/.test(word) ? Date.parse(word.toUpperCase()) : Number.NaN;
  }
  const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
  if (hours > 23 || minutes > 59) {
    return Number.NaN;
  }
  const at = new Date(nowMs);
  at.setHours(hours, minutes, 0, 0);
  if (at.getTime() <= nowMs) {
    at.setDate(at.getDate() + 1);
  }
  return at.getTime();
}

function wrong(text: string, message: string): SkilletError {
  return new SkilletError('cli-usage', text === '' ? 'deadline' : text, {
    message,
    remedy: 'Write 2h, 90m or 1d from now, a time such as 18:00, an ISO 8601 time, or never.',
  });
}

/** @throws {SkilletError} `cli-usage` */
export function parseIdleMinutes(text: string): number | null {
  const word = text.trim().toLowerCase();
  if (word === 'never') {
    return null;
  }
  const minutes = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (!(minutes >= 5 && minutes <= 1440)) {
    throw new SkilletError('cli-usage', text === '' ? 'idle' : text, {
      message: 'is no number of idle minutes.',
      remedy: 'Write a whole number from 5 to 1440, or never.',
    });
  }
  return minutes;
}
