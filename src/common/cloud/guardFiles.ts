/** What the guard writes on its machine for programs there, such as a trainer that wants to save its work. */
import { z } from 'zod';

/** Written whole when there is something to tell, gone when it no longer holds, and gone with a restart. */
export const GUARD_NOTICE_FILE = '/run/skillet/notice.json';

const guardNoticeSchema = z.object({
  /** `interruption`, `rebalance`: the provider wants the spot machine back, or may soon. `guard`: the guard ends it. */
  kind: z.enum(['interruption', 'rebalance', 'guard']),
  /** What becomes of the machine; null for `rebalance`. */
  action: z.enum(['stop', 'terminate', 'hibernate']).nullable(),
  /** ISO 8601, when; null for `rebalance`. */
  at: z.string().nullable(),
  reason: z.enum(['spot', 'deadline', 'idle']),
  /** ISO 8601, when the guard saw it. */
  seenAt: z.string(),
});

export type GuardNotice = z.output<typeof guardNoticeSchema>;

/** @returns Null for a text that is no notice. */
export function parseGuardNotice(text: string): GuardNotice | null {
  try {
    return guardNoticeSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
