/** All that the page "Launch GPU Instance" can say and hear. */
import type { ProfileChoice, Region } from './cloud/account.ts';
import type { KeyPairChoice, NetworkChoice, RoleChoice, SecurityGroupChoice } from './cloud/choices.ts';
import type { InstanceRef } from './cloud/instance.ts';
import type { LaunchProfile } from './cloud/launchProfile.ts';
import type { LaunchEvent, LaunchResult, Review } from './cloud/launchRecord.ts';
import type { Image, ImageQuery, Offer, OfferQuery, ReservedOffering } from './cloud/offer.ts';
import type { Problem } from './errors.ts';

/** Where a launch stands. All but `atWork` wait for a person. */
export type LaunchState =
  | 'idle'
  | 'atWork'
  /** Asked to stop; what was made is being removed. */
  | 'cancelling'
  | 'looking'
  /** The machines are there. */
  | 'done'
  /** Nothing was made, or all of it was removed. */
  | 'failed'
  | 'cancelled'
  /** Whether there is a machine is not known, or something is left. The token is kept. */
  | 'unknown';

export interface LaunchView {
  readonly state: LaunchState;
  /** `1 × g5.xlarge in us-east-1`. */
  readonly title: string;
  readonly events: readonly LaunchEvent[];
  readonly problem: Problem | null;
  /** What is known besides, a sentence; empty without. */
  readonly note: string;
  readonly result: LaunchResult | null;
  /** Whether this window still knows what was to be launched. */
  readonly canTryAgain: boolean;
  /** Whether the provider was asked for machines of the launch and had none. */
  readonly hasLooked: boolean;
}

/** What there is to choose from in a region. */
export interface RegionChoices {
  readonly region: string;
  readonly networks: readonly NetworkChoice[];
  readonly groups: readonly SecurityGroupChoice[];
  readonly keyPairs: readonly KeyPairChoice[];
  readonly roles: readonly RoleChoice[];
  /** What could not be found out, a sentence each. */
  readonly faults: readonly string[];
}

export interface LaunchStart {
  readonly account: string | null;
  readonly accounts: readonly ProfileChoice[];
  readonly regions: readonly Region[];
  readonly defaultRegion: string;
  /** Whose account it is; null where that could not be asked. */
  readonly who: string | null;
}

/** The path of the profile that a file dialog fills. */
export type PathField = 'keyPair.create.saveTo' | 'keyPair.import.publicKeyFile' | 'keyPair.existing.file';

export type ToLaunchPage =
  | { readonly type: 'begin'; readonly start: LaunchStart }
  /** Nothing can be asked: no credentials, no network. */
  | { readonly type: 'beginFailed'; readonly problem: Problem }
  | {
      readonly type: 'offers';
      readonly ask: number;
      readonly region: string;
      readonly offers: readonly Offer[];
      readonly isComplete: boolean;
      readonly faults: readonly string[];
    }
  | { readonly type: 'offersEnd'; readonly ask: number; readonly problem: Problem | null }
  | { readonly type: 'images'; readonly ask: number; readonly query: ImageQuery; readonly images: readonly Image[] }
  | { readonly type: 'imagesFailed'; readonly ask: number; readonly problem: Problem }
  | { readonly type: 'choices'; readonly choices: RegionChoices }
  /** The cheapest hour of a term; null where there is none, or it could not be asked. */
  | {
      readonly type: 'reserved';
      readonly region: string;
      readonly instanceType: string;
      readonly best: ReservedOffering | null;
    }
  /** What is wrong with the profile of this ask; empty when nothing is. */
  | { readonly type: 'problems'; readonly ask: number; readonly problems: readonly Problem[] }
  /** A cost estimate where the provider was not asked (`review.dryRun` is null). */
  | { readonly type: 'review'; readonly ask: number; readonly review: Review }
  | { readonly type: 'reviewFailed'; readonly ask: number; readonly problem: Problem }
  | { readonly type: 'launch'; readonly view: LaunchView }
  /** A profile's file was opened. */
  | { readonly type: 'profile'; readonly file: string; readonly profile: LaunchProfile }
  | { readonly type: 'path'; readonly field: PathField; readonly path: string };

export type FromLaunchPage =
  | { readonly type: 'ready'; readonly account: string | null }
  | { readonly type: 'account'; readonly account: string | null }
  | { readonly type: 'searchOffers'; readonly ask: number; readonly query: OfferQuery }
  | { readonly type: 'searchImages'; readonly ask: number; readonly query: ImageQuery }
  | { readonly type: 'askChoices'; readonly region: string }
  | { readonly type: 'askReserved'; readonly region: string; readonly instanceType: string }
  /** The form was changed: checked at once, estimated soon. The profile is as it would stand in a file. */
  | { readonly type: 'draft'; readonly ask: number; readonly profile: unknown }
  /** Costs and the provider's own word on it. */
  | { readonly type: 'review'; readonly ask: number; readonly profile: unknown }
  /** Launches what that review was about, and nothing else. */
  | { readonly type: 'launch'; readonly ask: number }
  | { readonly type: 'cancel' | 'tryAgain' | 'lookUp' | 'forget' }
  | { readonly type: 'saveProfile'; readonly profile: unknown }
  | { readonly type: 'openProfile' }
  | { readonly type: 'choosePath'; readonly field: PathField; readonly path: string }
  | { readonly type: 'connect'; readonly instance: InstanceRef }
  | { readonly type: 'showInstances' }
  | { readonly type: 'browseReserved'; readonly region: string; readonly instanceType: string };
