/** One launch at a time, from the press to a known end: it outlives the page, and its token is never used for two wishes. */
import type { Provider } from '../../../cloud/provider.ts';
import type { Instance } from '../../../common/cloud/instance.ts';
import type { LaunchProfile } from '../../../common/cloud/launchProfile.ts';
import type { LaunchEvent, LaunchResult } from '../../../common/cloud/launchRecord.ts';
import { isOutcomeOpen } from '../../../common/cloud/outcome.ts';
import { TAGS } from '../../../common/cloud/tags.ts';
import { type Problem, toProblem } from '../../../common/errors.ts';
import type { LaunchView } from '../../../common/launchMessages.ts';

/** What is kept beyond this window of a launch whose end is not known. It holds no profile: scripts in one may be secret. */
export interface KeptLaunch {
  readonly token: string;
  readonly account: string | null;
  readonly regions: readonly string[];
  readonly title: string;
}

export interface LaunchWorkParts {
  provider(account: string | null): Provider;
  /** The one that is taken where a profile names none. */
  account(): string | null;
  newToken(): string;
  readonly kept: {
    get(): KeptLaunch | null;
    set(kept: KeptLaunch | null): PromiseLike<void>;
  };
}

export interface LaunchWork {
  view(): LaunchView;
  /** Whose account the newest launch was in; the chosen one before there was any. */
  account(): string | null;
  /** @returns False where nothing was begun, as another launch is at work or its end is not known. */
  launch(profile: LaunchProfile, folder: string): boolean;
  /** The same launch once more: with the same token while its end is not known, so that it never makes a second one. */
  tryAgain(): boolean;
  cancel(): void;
  /** Asks the provider for machines of the launch whose end is not known. */
  lookUp(): Promise<void>;
  /** A person gives up on knowing, or has read the end. */
  forget(): void;
  onDidChange(listener: () => void): { dispose(): void };
  /** Ends what it waits for; the outcome of a launch that is at work is then looked up in the next window. */
  dispose(): void;
}

const IDLE: LaunchView = {
  state: 'idle',
  title: '',
  events: [],
  problem: null,
  note: '',
  result: null,
  canTryAgain: false,
  hasLooked: false,
};

/** A wish of a person: it keeps its token until its end is known. */
interface Wish {
  readonly profile: LaunchProfile;
  readonly folder: string;
}

export function createLaunchWork(parts: LaunchWorkParts): LaunchWork {
  const listeners = new Set<() => void>();
  let abort: AbortController | null = null;
  let wish: Wish | null = null;
  /** Of a launch that began and has no known end. */
  let open = parts.kept.get();
  let account = open === null ? parts.account() : open.account;
  let view: LaunchView =
    open === null
      ? IDLE
      : { ...IDLE, state: 'unknown', title: open.title, note: 'The window was closed while this launch was at work.' };

  const show = (change: Partial<LaunchView>) => {
    view = { ...view, ...change };
    for (const listener of listeners) {
      listener();
    }
  };
  const keep = async (next: KeptLaunch | null) => {
    open = next;
    await parts.kept.set(next);
  };
  const isBusy = () => abort !== null;

  /** @param wasOpen Whether an earlier attempt with this token may have made a machine. */
  const run = async ({ profile, folder }: Wish, launch: KeptLaunch, wasOpen: boolean) => {
    const mine = new AbortController();
    abort = mine;
    show({ ...IDLE, state: 'atWork', title: launch.title });
    const events: LaunchEvent[] = [];
    try {
      await keep(launch);
      mine.signal.throwIfAborted();
      const result = await parts.provider(launch.account).launch(profile, {
        token: launch.token,
        folder,
        signal: mine.signal,
        onEvent(event) {
          events.push(event);
          show({ events: [...events] });
        },
      });
      abort = null;
      await keep(null);
      wish = null;
      show({
        state: 'done',
        result,
        note: mine.signal.aborted ? 'It was too late to cancel: the launch was done.' : '',
      });
    } catch (error) {
      abort = null;
      const end = endOf(error, { events, isCancelled: mine.signal.aborted, wasOpen });
      if (end.state !== 'unknown') {
        await keep(null);
      }
      show({ ...end, canTryAgain: true });
    }
  };

  const begin = (wanted: Wish, token: string, wasOpen: boolean) => {
    wish = wanted;
    const { profile } = wanted;
    account = profile.account ?? parts.account();
    void run(
      wanted,
      {
        token,
        account,
        regions: [...new Set([profile.region, ...profile.fallback.regions])],
        title: titleOf(profile),
      },
      wasOpen,
    ).catch((error) => show({ state: 'unknown', problem: toProblem(error, 'launch') }));
    return true;
  };

  const look = async (kept: KeptLaunch, signal: AbortSignal): Promise<Instance[]> => {
    const provider = parts.provider(kept.account);
    const lists = await Promise.all(
      kept.regions.map(async (region) => {
        const found: Instance[] = [];
        for await (const page of provider.list(region, signal)) {
          found.push(...page.filter((one) => one.tags[TAGS.launch] === kept.token && isThere(one)));
        }
        return found;
      }),
    );
    return lists.flat();
  };

  return {
    view: () => view,
    account: () => account,
    launch: (profile, folder) => !isBusy() && open === null && begin({ profile, folder }, parts.newToken(), false),
    tryAgain: () =>
      !isBusy() && wish !== null && begin(wish, open === null ? parts.newToken() : open.token, open !== null),
    cancel() {
      if (abort !== null && view.state === 'atWork') {
        show({ state: 'cancelling' });
        abort.abort();
      }
    },
    async lookUp() {
      const kept = open;
      if (isBusy() || kept === null) {
        return;
      }
      const mine = new AbortController();
      abort = mine;
      show({ state: 'looking', hasLooked: false });
      try {
        const found = await look(kept, mine.signal);
        abort = null;
        if (found.length === 0) {
          show({ state: 'unknown', hasLooked: true, note: noneFound(kept) });
          return;
        }
        await keep(null);
        wish = null;
        show({ state: 'done', problem: null, note: '', result: resultOf(found), canTryAgain: false });
      } catch (error) {
        abort = null;
        show({ state: 'unknown', problem: toProblem(error, 'launch'), note: 'It could not be looked up.' });
      }
    },
    forget() {
      if (!isBusy()) {
        wish = null;
        void keep(null);
        show(IDLE);
      }
    },
    onDidChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    dispose() {
      listeners.clear();
    },
  };
}

interface Attempt {
  readonly events: readonly LaunchEvent[];
  readonly isCancelled: boolean;
  readonly wasOpen: boolean;
}

type End = Pick<LaunchView, 'state' | 'problem' | 'note'>;

/** What an attempt that threw has proved. */
function endOf(error: unknown, { events, isCancelled, wasOpen }: Attempt): End {
  const isAbort = error instanceof Error && error.name === 'AbortError';
  const problem: Problem | null = isAbort ? null : toProblem(error, 'launch');
  const isLeft = events.some(({ type }) => type === 'left');
  if (wasOpen) {
    const note = 'Whether the first attempt made a machine is still not known.';
    return { state: 'unknown', problem, note: isCancelled ? `This attempt was cancelled. ${note}` : note };
  }
  if (isLeft || (problem === null ? !isCancelled : isOutcomeOpen(problem.code))) {
    return { state: 'unknown', problem, note: isLeft ? 'Something that was made is still there.' : openNote(problem) };
  }
  return problem === null
    ? { state: 'cancelled', problem: null, note: 'Cancelled: no machine runs because of it.' }
    : { state: 'failed', problem, note: 'No machine was launched.' };
}

/** After any fault but this the provider has looked, and removed what it found: a late machine is what may still come. */
function openNote(problem: Problem | null): string {
  return problem === null || problem.code === 'cloud-unfinished' || problem.code === 'internal'
    ? 'Whether a machine was made is not known.'
    : 'Nothing of it is known to be left. A machine that was asked for may still appear.';
}

function titleOf({ count, instanceType, region }: LaunchProfile): string {
  return `${count} × ${instanceType} in ${region}`;
}

function isThere({ state }: Instance): boolean {
  return state !== 'terminated' && state !== 'terminating';
}

function noneFound({ regions }: KeptLaunch): string {
  return `There is no machine of this launch in ${regions.join(', ')} now. One that was asked for a moment ago may still appear.`;
}

function resultOf(found: readonly Instance[]): LaunchResult {
  const [first] = found;
  return {
    instances: found.map(({ provider, region, id }) => ({ provider, region, id })),
    region: first?.region ?? '',
    purchase: first?.purchase === 'spot' ? 'spot' : 'onDemand',
    made: [],
    keyFile: null,
  };
}
