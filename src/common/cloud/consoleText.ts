/** What the console of a machine tells: its host keys, and notices that the guard on it has written there. */
import { NOTICE_MARKER } from './connection.ts';

const BEGIN = '-----BEGIN SSH HOST KEY KEYS-----';
const END = '-----END SSH HOST KEY KEYS-----';
const KEY = /\b((?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) AAAA[\w+/]+={0,2})/;

/** Of the last block; a line may have a clock or a program's name before it. */
export function readHostKeysOf(console: string): readonly string[] {
  const from = console.lastIndexOf(BEGIN);
  if (from < 0) {
    return [];
  }
  const to = console.indexOf(END, from);
  const block = console.slice(from, to < 0 ? undefined : to);
  return block.split('\n').flatMap((line) => KEY.exec(line)?.[1] ?? []);
}

/** A notice as the guard writes it. */
export interface ConsoleNotice {
  readonly kind: 'interruption' | 'rebalance';
  readonly at: string | null;
  readonly action: 'terminate' | 'stop' | 'hibernate' | null;
  readonly isDrill: boolean;
  /** ISO 8601, when the machine was told; null where it does not say. */
  readonly seenAt: string | null;
}

/** The guard's own sentences, which it writes to the console for people: media/guard/skillet-guard.sh. */
const SENTENCE =
  /skillet-guard: (\S+) the provider (?:takes this spot machine back \((\w+)\) at (\S+?)\.?\s*$|says that this spot machine is at risk)/;

/** Oldest first; lines that are damaged are passed over. */
export function readNoticesOf(console: string): readonly ConsoleNotice[] {
  return console.split('\n').flatMap((line) => {
    const at = line.indexOf(`${NOTICE_MARKER} {`);
    return at < 0 ? readSentence(line) : parseNotice(line.slice(at + NOTICE_MARKER.length + 1).trim());
  });
}

function readSentence(line: string): readonly ConsoleNotice[] {
  const [, seenAt, action, at] = SENTENCE.exec(line) ?? [];
  if (seenAt === undefined) {
    return [];
  }
  return toNotice({ kind: action === undefined ? 'rebalance' : 'interruption', at, action, seenAt });
}

/** @param text A JSON object, perhaps with something behind it. @returns One notice, or none where it is not one. */
function parseNotice(text: string): readonly ConsoleNotice[] {
  try {
    const found: unknown = JSON.parse(text.slice(0, text.lastIndexOf('}') + 1));
    return typeof found === 'object' && found !== null ? toNotice(found as Record<string, unknown>) : [];
  } catch {
    return [];
  }
}

function toNotice({ kind, at, action, drill, seenAt }: Record<string, unknown>): readonly ConsoleNotice[] {
  if (kind !== 'interruption' && kind !== 'rebalance') {
    return [];
  }
  const isAction = action === 'terminate' || action === 'stop' || action === 'hibernate';
  return [{ kind, at: toTime(at), action: isAction ? action : null, isDrill: drill === true, seenAt: toTime(seenAt) }];
}

function toTime(value: unknown): string | null {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}
