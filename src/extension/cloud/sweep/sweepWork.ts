/** One sweep of an account at a time, and one removal: what was told is kept for a page that comes late. */
import type { Provider } from '../../../cloud/provider.ts';
import { sweepRegions } from '../../../cloud/sweepRegions.ts';
import type { Leftover, Removal } from '../../../common/cloud/leftover.ts';
import { kindWord, leftoverKey, thingsText } from '../../../common/cloud/leftoverText.ts';
import { SkilletError } from '../../../common/errors.ts';
import type { ToSweepPage } from '../../../common/sweepMessages.ts';

export interface SweepWork {
  /** Looks anew, unless something is removed just now; a sweep under way is given up. */
  begin(): void;
  /** Ends a sweep; what was found stays. */
  stop(): void;
  /** Found and not removed, by key. */
  leftovers(keys: readonly string[]): readonly Leftover[];
  /** @returns How it went, for a person who has closed the page; null where nothing was begun. */
  remove(leftovers: readonly Leftover[]): Promise<string | null>;
  readonly isRemoving: () => boolean;
  told(): readonly ToSweepPage[];
  dispose(): void;
}

export interface SweepWorkParts {
  readonly provider: Provider;
  /** Lets a person sign in again and goes on. */
  retry<T>(action: () => Promise<T>): Promise<T>;
  tell(message: ToSweepPage): void;
}

export function createSweepWork({ provider, retry, tell }: SweepWorkParts): SweepWork {
  let told: ToSweepPage[] = [];
  const found = new Map<string, Leftover>();
  let sweeping: AbortController | null = null;
  let removing: AbortController | null = null;
  let isClosed = false;
  const say = (message: ToSweepPage) => {
    told.push(message);
    // A panel that is closed throws, which would end the removal half-way.
    if (!isClosed) {
      tell(message);
    }
  };

  const sweep = async (signal: AbortSignal) => {
    say({ type: 'begin', account: provider.profile ?? 'default profile', regions: [] });
    const identity = await retry(() => provider.identity(signal));
    const regions = (await provider.regions(signal)).map(({ name }) => name);
    signal.throwIfAborted();
    const account = `${identity.accountId}, ${provider.profile ?? 'default profile'}`;
    told = [];
    say({ type: 'begin', account, regions });
    for await (const event of sweepRegions(provider, regions, signal)) {
      signal.throwIfAborted();
      if (event.type === 'found') {
        for (const one of event.leftovers) {
          found.set(leftoverKey(one), one);
        }
        if (event.leftovers.length === 0 && event.fault === null) {
          continue;
        }
      }
      say(event);
    }
  };
  const begin = () => {
    if (removing !== null) {
      return;
    }
    sweeping?.abort();
    const mine = new AbortController();
    sweeping = mine;
    told = [];
    found.clear();
    sweep(mine.signal)
      .then(() => say({ type: 'end' }))
      .catch((error) => mine.signal.aborted || say({ type: 'failed', message: wordsOf(error) }))
      .finally(() => {
        sweeping = sweeping === mine ? null : sweeping;
      });
  };
  return {
    begin,
    stop() {
      if (sweeping !== null) {
        sweeping.abort();
        sweeping = null;
        say({ type: 'end' });
      }
    },
    leftovers: (keys) => keys.flatMap((key) => found.get(key) ?? []),
    async remove(leftovers) {
      if (removing !== null || sweeping !== null) {
        return null;
      }
      const mine = new AbortController();
      removing = mine;
      say({ type: 'removing', keys: leftovers.map(leftoverKey) });
      const removals: Removal[] = [];
      let fault: string | null = null;
      try {
        for await (const removal of provider.remove(leftovers, mine.signal)) {
          removals.push(removal);
          const { leftover, isRemoved, message } = removal;
          const key = leftoverKey(leftover);
          if (isRemoved) {
            found.delete(key);
          }
          say({ type: 'removed', key, isRemoved, message });
        }
        say({ type: 'removalEnd' });
      } catch (error) {
        fault = wordsOf(error);
        say({ type: 'failed', message: fault });
      } finally {
        removing = null;
      }
      return removalText(removals, leftovers.length, fault);
    },
    isRemoving: () => removing !== null,
    told: () => told,
    dispose() {
      isClosed = true;
      sweeping?.abort();
      // A removal goes on: a person has asked for it, and closing a page is no answer to it.
    },
  };
}

function removalText(removals: readonly Removal[], asked: number, fault: string | null): string {
  const stayed = removals
    .filter(({ isRemoved }) => !isRemoved)
    .map(({ leftover: { kind, id, region }, message }) => `${kindWord(kind)} ${id} in ${region} (${message})`);
  return [
    `Removed ${removals.length - stayed.length} of ${thingsText(asked)}.`,
    ...(stayed.length === 0 ? [] : [`Not removed: ${stayed.join('; ')}.`]),
    ...(fault === null ? [] : [fault, 'Sweep again to see what is left.']),
  ].join(' ');
}

function wordsOf(error: unknown): string {
  if (error instanceof SkilletError) {
    return `${error.message} ${error.remedy}`;
  }
  return (error as Error).name === 'Canceled' ? 'Nobody is signed in.' : `The sweep broke off: ${String(error)}.`;
}
