/** Asks for warnings of spot machines while there are any, and passes each on once. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SpotNotice } from '../common/cloud/connection.ts';

/** Where it is asked: a region, seen with one account's eyes. */
export interface NoticePlace {
  readonly key: string;
  notices(signal: AbortSignal): Promise<readonly SpotNotice[]>;
}

/** What was passed on already: `kind instance` → when that was, and for which moment. */
export type SeenNotices = Readonly<Record<string, { readonly toldAt: string; readonly at: string | null }>>;

export interface NoticeWatchOptions {
  /** Places with spot machines that run; asked before each round. */
  readonly places: () => readonly NoticePlace[];
  readonly onNotice: (notice: SpotNotice, place: NoticePlace) => void;
  /** A place that cannot be asked, once until it can be again. */
  readonly onFault: (error: unknown, place: NoticePlace) => void;
  /** Between two rounds, now. */
  readonly pollMs: () => number;
  /** Outlives this watch, so that another one does not tell the same. */
  readonly memory: { get(): SeenNotices; set(seen: SeenNotices): void };
  readonly now?: () => Date;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface NoticeWatch {
  /** A round at once. */
  ask(): void;
  stop(): void;
  /** Settles when it has stopped. */
  readonly ended: Promise<void>;
}

/** The provider and the machine tell of one interruption with times a little apart. */
const SAME_MS = 10 * 60_000;
/** A recommendation that still stands after so long is worth another word. */
const AGAIN_MS = 6 * 3600_000;

export function watchNotices(options: NoticeWatchOptions): NoticeWatch {
  const stop = new AbortController();
  const wait = options.wait ?? ((ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }));
  const faulty = new Set<string>();
  let wake = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      await Promise.all(options.places().map((place) => askPlace(place, { ...options, faulty, signal: stop.signal })));
      await wait(options.pollMs(), AbortSignal.any([stop.signal, wake.signal])).catch(() => undefined);
      wake = new AbortController();
    }
  };
  return { ask: () => wake.abort(), stop: () => stop.abort(), ended: run() };
}

interface Round extends NoticeWatchOptions {
  readonly faulty: Set<string>;
  readonly signal: AbortSignal;
}

async function askPlace(place: NoticePlace, round: Round): Promise<void> {
  try {
    const notices = await place.notices(round.signal);
    round.faulty.delete(place.key);
    for (const notice of notices) {
      tell(notice, place, round);
    }
  } catch (error) {
    if (!round.signal.aborted && !round.faulty.has(place.key)) {
      round.faulty.add(place.key);
      round.onFault(error, place);
    }
  }
}

function tell(
  notice: SpotNotice,
  place: NoticePlace,
  { memory, onNotice, now = () => new Date(), signal }: Round,
): void {
  const key = `${notice.kind} ${notice.instanceId}`;
  const seen = memory.get();
  const moment = now();
  const before = seen[key];
  const isOld =
    before !== undefined &&
    (notice.at === null || before.at === null
      ? moment.getTime() - Date.parse(before.toldAt) < AGAIN_MS
      : Math.abs(Date.parse(notice.at) - Date.parse(before.at)) < SAME_MS);
  if (isOld || signal.aborted) {
    return;
  }
  const fresh = Object.entries(seen).filter(([, { toldAt }]) => moment.getTime() - Date.parse(toldAt) < AGAIN_MS);
  memory.set({ ...Object.fromEntries(fresh), [key]: { toldAt: moment.toISOString(), at: notice.at } });
  onNotice(notice, place);
}
