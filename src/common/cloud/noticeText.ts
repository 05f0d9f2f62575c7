/** A warning for a spot machine, in words. */
import type { SpotNotice } from './connection.ts';

const ACTIONS = { terminate: 'terminated', stop: 'stopped', hibernate: 'hibernated' } as const;

/** @param name What the person calls the machine. */
export function noticeText({ kind, at, action, isDrill }: SpotNotice, name: string, nowMs: number): string {
  const drill = isDrill === true ? 'Drill: ' : '';
  if (kind === 'rebalance') {
    return `${drill}${name}: the provider says that this spot machine is at risk of being taken back soon. Save what matters, or move on to another one.`;
  }
  const leftS = at === null ? null : Math.round((Date.parse(at) - nowMs) / 1000);
  const when = leftS === null ? 'soon' : leftS <= 0 ? 'now' : `in ${leftText(leftS)}`;
  return `${drill}${name}: the provider takes this spot machine back; it will be ${ACTIONS[action ?? 'terminate']} ${when}.`;
}

function leftText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
