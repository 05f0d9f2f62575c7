/** Answers the page "Launch GPU Instance" for as long as it is open. It knows providers alone, and nothing of an editor. */
import type { Provider } from '../../../cloud/provider.ts';
import type { ProfileChoice } from '../../../common/cloud/account.ts';
import type { LaunchProfile } from '../../../common/cloud/launchProfile.ts';
import type { OfferQuery } from '../../../common/cloud/offer.ts';
import { type Problem, toProblem } from '../../../common/errors.ts';
import type { FromLaunchPage, RegionChoices, ToLaunchPage } from '../../../common/launchMessages.ts';
import { createLatest, pause } from './latest.ts';
import type { LaunchWork } from './launchWork.ts';

export interface Checked {
  /** Null when there are faults; warnings leave it there. */
  readonly profile: LaunchProfile | null;
  readonly problems: readonly Problem[];
}

export interface LaunchSessionParts {
  provider(account: string | null): Provider;
  accounts(): Promise<readonly ProfileChoice[]>;
  /** The account that is chosen elsewhere, for a page that has none yet. */
  readonly account: string | null;
  readonly work: LaunchWork;
  check(profile: unknown): Checked;
  tell(message: ToLaunchPage): void;
  /** Where a profile's relative files are found. */
  folder(): string;
  /** How long the form must rest before its costs are asked for. */
  readonly restMs: number;
}

/** What needs an editor: dialogs, other views. The session answers all else. */
export type EditorWish = Extract<
  FromLaunchPage,
  { type: 'saveProfile' | 'openProfile' | 'choosePath' | 'connect' | 'showInstances' | 'browseReserved' }
>;

export interface LaunchSession {
  receive(message: Exclude<FromLaunchPage, EditorWish>): void;
  /** Ends all that is being asked for the page; a launch goes on. */
  dispose(): void;
}

export function createLaunchSession(parts: LaunchSessionParts): LaunchSession {
  const { tell, work } = parts;
  let { account } = parts;
  /** The only profile that may be launched: the one whose costs a person has before them. */
  let reviewed: { readonly ask: number; readonly profile: LaunchProfile } | null = null;
  const provider = () => parts.provider(account);
  const latest = () => createLatest((error) => tell({ type: 'beginFailed', problem: toProblem(error, 'launch') }));
  const asking = {
    begin: latest(),
    offers: latest(),
    images: latest(),
    choices: latest(),
    reserved: latest(),
    review: latest(),
  };
  const listening = work.onDidChange(() => tell({ type: 'launch', view: work.view() }));

  const begin = () =>
    asking.begin.begin(async (signal) => {
      tell({ type: 'launch', view: work.view() });
      const cloud = provider();
      const [regions, defaultRegion, accounts, who] = await Promise.all([
        cloud.regions(signal),
        cloud.defaultRegion(),
        parts.accounts(),
        cloud.identity(signal).then(({ accountId }) => accountId, nullUnlessAborted(signal)),
      ]);
      signal.throwIfAborted();
      tell({ type: 'begin', start: { account, accounts, regions, defaultRegion, who } });
    });

  const review = (ask: number, input: unknown, isAsked: boolean) => {
    // Whatever was reviewed before is no longer what the form says.
    reviewed = null;
    const { profile, problems } = parts.check(input);
    tell({ type: 'problems', ask, problems });
    if (profile === null) {
      asking.review.end();
      return;
    }
    asking.review.begin(async (signal) => {
      await (isAsked ? undefined : pause(parts.restMs, signal));
      try {
        const found = await parts
          .provider(profile.account ?? account)
          .review(profile, { isAsked, folder: parts.folder() }, signal);
        signal.throwIfAborted();
        reviewed = isAsked ? { ask, profile } : null;
        tell({ type: 'review', ask, review: found });
      } catch (error) {
        if (!signal.aborted) {
          tell({ type: 'reviewFailed', ask, problem: toProblem(error, 'launch') });
        }
      }
    });
  };

  const launch = (ask: number) => {
    if (reviewed === null || reviewed.ask !== ask) {
      return; // A second press, or a press on what is no longer shown.
    }
    const { profile } = reviewed;
    reviewed = null;
    if (!work.launch(profile, parts.folder())) {
      tell({ type: 'launch', view: work.view() });
    }
  };

  return {
    receive(message) {
      switch (message.type) {
        case 'ready':
          account = message.account ?? account;
          return begin();
        case 'account':
          account = message.account ?? parts.account;
          // Asked for again after a fault, or for another account: what was read before may have expired.
          provider().forgetCredentials();
          return begin();
        case 'searchOffers':
          return asking.offers.begin((signal) => searchOffers(provider(), message, { tell, signal }));
        case 'searchImages':
          return asking.images.begin(async (signal) => {
            const { ask, query } = message;
            try {
              const images = await provider().images(query, signal);
              signal.throwIfAborted();
              tell({ type: 'images', ask, query, images });
            } catch (error) {
              if (!signal.aborted) {
                tell({ type: 'imagesFailed', ask, problem: toProblem(error, 'image') });
              }
            }
          });
        case 'askChoices':
          return asking.choices.begin(async (signal) => {
            const choices = await choicesOf(provider(), message.region, signal);
            tell({ type: 'choices', choices });
          });
        case 'askReserved':
          return asking.reserved.begin(async (signal) => {
            const { region, instanceType } = message;
            const found = await provider()
              .reservedOfferings({ region, instanceType }, signal)
              .catch(() => []); // A hint: its lack is told by its absence.
            signal.throwIfAborted();
            tell({ type: 'reserved', region, instanceType, best: found[0] ?? null });
          });
        case 'draft':
          return review(message.ask, message.profile, false);
        case 'review':
          return review(message.ask, message.profile, true);
        case 'launch':
          return launch(message.ask);
        case 'cancel':
          return work.cancel();
        case 'tryAgain':
          return void work.tryAgain();
        case 'lookUp':
          return void work.lookUp();
        case 'forget':
          return work.forget();
      }
    },
    dispose() {
      listening.dispose();
      for (const one of Object.values(asking)) {
        one.end();
      }
    },
  };
}

interface Answering {
  tell(message: ToLaunchPage): void;
  readonly signal: AbortSignal;
}

async function searchOffers(
  provider: Provider,
  { ask, query }: { readonly ask: number; readonly query: OfferQuery },
  { tell, signal }: Answering,
): Promise<void> {
  try {
    for await (const found of provider.offers(query, signal)) {
      signal.throwIfAborted();
      tell({ type: 'offers', ask, ...found });
    }
    tell({ type: 'offersEnd', ask, problem: null });
  } catch (error) {
    if (!signal.aborted) {
      tell({ type: 'offersEnd', ask, problem: toProblem(error, 'offers') });
    }
  }
}

/** What may not be listed is a fault, and not the end of the others. */
async function choicesOf(provider: Provider, region: string, signal: AbortSignal): Promise<RegionChoices> {
  const faults: string[] = [];
  const orFault = async <T>(what: string, asked: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await asked;
    } catch (error) {
      signal.throwIfAborted();
      faults.push(`${what}: ${toProblem(error, what).message}`);
      return [];
    }
  };
  const [networks, groups, keyPairs, roles] = await Promise.all([
    orFault('Networks', provider.networks(region, signal)),
    orFault('Security groups', provider.securityGroups(region, signal)),
    orFault('Key pairs', provider.keyPairs(region, signal)),
    orFault('Roles', provider.roles(signal)),
  ]);
  signal.throwIfAborted();
  return { region, networks, groups, keyPairs, roles, faults };
}

function nullUnlessAborted(signal: AbortSignal): () => null {
  return () => {
    signal.throwIfAborted();
    return null;
  };
}
