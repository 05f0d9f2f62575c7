/** Reads the commands that others append to a run's `control.jsonl`. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { ControlCommand } from '../../common/run/events.ts';

export type Command = ControlCommand['type'];

const COMMANDS: readonly string[] = ['stop', 'pause', 'resume', 'step', 'observe', 'unobserve'] satisfies Command[];

/** @returns A function that gives the commands since the last call; lines from before this call do not count. */
export function openControl(file: string): () => Command[] {
  let position = sizeOf(file);
  let rest = '';
  return () => {
    const size = sizeOf(file);
    if (size <= position) {
      return [];
    }
    const lines = (rest + readRange(file, position, size)).split('\n');
    position = size;
    rest = lines.pop() ?? '';
    return lines.flatMap(toCommand);
  };
}

/** Commands that were read but not yet obeyed. */
export interface Inbox {
  /** Those since the last time, for the one who obeys them. */
  take(): Command[];
  /** The same, without taking them. */
  peek(): readonly Command[];
  /** What was taken and still holds comes once more, for another one who obeys from now on. */
  repeat(): void;
}

export function createInbox(read: () => Command[]): Inbox {
  const unread: Command[] = [];
  let pause: Command = 'resume';
  let observe: Command | null = null;
  return {
    take() {
      unread.push(...read());
      const taken = unread.splice(0);
      pause = taken.findLast((command) => command === 'pause' || command === 'resume') ?? pause;
      observe = taken.findLast((command) => command === 'observe' || command === 'unobserve') ?? observe;
      return taken;
    },
    peek() {
      unread.push(...read());
      return unread;
    },
    repeat() {
      unread.unshift(...(pause === 'pause' ? [pause] : []), ...(observe === null ? [] : [observe]));
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readRange(file: string, from: number, to: number): string {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(to - from);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, from));
  } finally {
    closeSync(fd);
  }
}

/** Anybody may write into the file: what is no command is passed over. */
function toCommand(line: string): Command[] {
  try {
    const { type } = JSON.parse(line) as { type?: unknown };
    return typeof type === 'string' && COMMANDS.includes(type) ? [type as Command] : [];
  } catch {
    return [];
  }
}
