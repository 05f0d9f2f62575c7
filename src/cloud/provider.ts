/** The verbs of a provider: all that the views and the command line ask of a cloud. Every provider passes test/contract. */
import type { Identity, ProfileChoice, Region } from '../common/cloud/account.ts';
import type { KeyPairChoice, NetworkChoice, RoleChoice, SecurityGroupChoice } from '../common/cloud/choices.ts';
import type { ConnectInfo, Readiness, SpotNotice } from '../common/cloud/connection.ts';
import type { Instance, InstanceCost, InstanceIdle, InstanceRef, ProviderId } from '../common/cloud/instance.ts';
import type { Job, JobLogLine, JobRef, JobType } from '../common/cloud/job.ts';
import type { GuardRule, LaunchProfile } from '../common/cloud/launchProfile.ts';
import type { LaunchEvent, LaunchResult, Review } from '../common/cloud/launchRecord.ts';
import type { Leftover, LeftoverKind, Removal } from '../common/cloud/leftover.ts';
import type { Image, ImageQuery, Offer, OfferQuery, Reservation, ReservedOffering } from '../common/cloud/offer.ts';

/**
 * What a provider's bundle exports, as `providerModule`. Loading it loads the SDK, so nobody does before something of
 * that provider is asked for.
 */
export interface ProviderModule {
  readonly id: ProviderId;
  /** The ways in that the provider's own files name, without asking the network. */
  profiles(): Promise<readonly ProfileChoice[]>;
  /** @param profile Null for the provider's default chain. */
  open(options: OpenOptions): Provider;
}

export interface OpenOptions {
  readonly profile: string | null;
  /** Of Skillet, for the tags of what it makes. */
  readonly version: string;
}

/**
 * A provider, seen with one account's eyes. Every verb throws {@link SkilletError} with a code of `cloud-…` for all that
 * a person can mend, and `AbortError` when its signal says so.
 */
export interface Provider
  extends AccountVerbs,
    CatalogueVerbs,
    InstanceVerbs,
    LaunchVerbs,
    ConnectVerbs,
    GuardVerbs,
    SweepVerbs,
    JobVerbs {
  readonly id: ProviderId;
  readonly profile: string | null;
}

export interface AccountVerbs {
  /** Asks the provider whose credentials these are. */
  identity(signal: AbortSignal): Promise<Identity>;
  /** The regions that the account may use, by name. */
  regions(signal: AbortSignal): Promise<readonly Region[]>;
  /** The region that the profile names; the provider's own default where it names none. */
  defaultRegion(): Promise<string>;
  /** Forgets credentials that were read, so that new ones are found. */
  forgetCredentials(): void;
}

export interface CatalogueVerbs {
  /**
   * GPU machines that fit, each region as soon as it is known: first without prices, then again with them. A region that
   * cannot be asked gives a fault and does not end the others; credentials that are refused end all, since they can be
   * renewed.
   */
  offers(query: OfferQuery, signal: AbortSignal): AsyncIterable<OffersOfRegion>;
  /** Newest first. */
  images(query: ImageQuery, signal: AbortSignal): Promise<readonly Image[]>;
  networks(region: string, signal: AbortSignal): Promise<readonly NetworkChoice[]>;
  securityGroups(region: string, signal: AbortSignal): Promise<readonly SecurityGroupChoice[]>;
  keyPairs(region: string, signal: AbortSignal): Promise<readonly KeyPairChoice[]>;
  roles(signal: AbortSignal): Promise<readonly RoleChoice[]>;
  /** Cheapest effective price first. */
  reservedOfferings(ask: ReservedQuery, signal: AbortSignal): Promise<readonly ReservedOffering[]>;
  reservations(region: string, signal: AbortSignal): Promise<readonly Reservation[]>;
  /** Buys for the whole term; there is no way back. @returns The reservation's id. */
  buyReserved(offering: ReservedOffering, count: number, signal: AbortSignal): Promise<string>;
}

export interface ReservedQuery {
  readonly region: string;
  readonly instanceType: string;
}

export interface OffersOfRegion {
  readonly region: string;
  readonly offers: readonly Offer[];
  /** Whether these are all, with their prices as far as they can be known. */
  readonly isComplete: boolean;
  /** What could not be found out, a sentence each: prices, quotas, the whole region. */
  readonly faults: readonly string[];
}

export interface InstanceVerbs {
  /** All machines of the account in a region, ours or not, a page at a time. */
  list(region: string, signal: AbortSignal): AsyncIterable<readonly Instance[]>;
  /** By id; what cannot be priced has null. */
  costs(instances: readonly Instance[], signal: AbortSignal): Promise<ReadonlyMap<string, InstanceCost>>;
  /** By id, running ones alone; asks the provider's own figures, which cost something, so only for what is looked at. */
  idle(instances: readonly Instance[], signal: AbortSignal): Promise<ReadonlyMap<string, InstanceIdle>>;
  start(instance: InstanceRef, signal: AbortSignal): Promise<void>;
  stop(instance: InstanceRef, signal: AbortSignal): Promise<void>;
  reboot(instance: InstanceRef, signal: AbortSignal): Promise<void>;
  /** For good, with its request first where a lasting spot request would start another one. */
  terminate(instance: InstanceRef, signal: AbortSignal): Promise<void>;
  /** What the machine wrote to its console; empty while it has not. */
  systemLog(instance: InstanceRef, signal: AbortSignal): Promise<string>;
  /** The machine's page in the provider's console. */
  consoleUrl(instance: InstanceRef): string;
}

export interface LaunchVerbs {
  /** What would be made, with its costs. */
  review(profile: LaunchProfile, ask: ReviewAsk, signal: AbortSignal): Promise<Review>;
  /**
   * Launches. On failure, and when the signal says so, all that was made is removed again and told as events; then it
   * throws: `cloud-unfinished` where something is, or may be, still there of this try. What an earlier try with the token
   * has left is not told by that. The same token never makes a second machine:
   * it gives those that an earlier launch with it has made.
   */
  launch(profile: LaunchProfile, options: LaunchOptions): Promise<LaunchResult>;
}

export interface ReviewAsk {
  /** Whether the provider is asked if it would do it, without doing it. */
  readonly isAsked: boolean;
  /** Where the profile's relative files are found; absent: its files are not looked at. */
  readonly folder?: string;
  /** Of a launch that is tried again: what it has made may be there. */
  readonly token?: string;
}

export interface LaunchOptions {
  /** At most 48 characters of letters, digits and hyphens, new for each launch that a person wants. */
  readonly token: string;
  /** Where the profile's relative files are found. */
  readonly folder: string;
  readonly onEvent: (event: LaunchEvent) => void;
  readonly signal: AbortSignal;
}

export interface ConnectVerbs {
  connect(instance: InstanceRef, signal: AbortSignal): Promise<ConnectInfo>;
  readiness(instance: InstanceRef, signal: AbortSignal): Promise<Readiness>;
  /** Warnings that the provider has out now for spot machines of a region. */
  notices(region: string, signal: AbortSignal): Promise<readonly SpotNotice[]>;
}

export interface GuardVerbs {
  /** What ends the machine by itself; null where no guard of ours is on it. */
  guard(instance: Instance): GuardState | null;
  /** Changes the guard of a machine that is there; one that is running takes it up within a minute. */
  setGuard(instance: InstanceRef, rule: GuardChange, signal: AbortSignal): Promise<void>;
}

export interface GuardState {
  /** ISO 8601; null for never. */
  readonly deadline: string | null;
  readonly idleMinutes: number | null;
  readonly action: GuardRule['action'];
}

export interface GuardChange {
  /** ISO 8601; null for never; absent as it was. */
  readonly deadline?: string | null;
  readonly idleMinutes?: number | null;
}

export interface SweepVerbs {
  /** What lies in a region, kind by kind as it is found. A kind that may not be listed is a fault, not an end. */
  leftovers(region: string, signal: AbortSignal): AsyncIterable<LeftoversOfKind>;
  /** In an order in which they can go; one that cannot be removed does not keep the others. */
  remove(leftovers: readonly Leftover[], signal: AbortSignal): AsyncIterable<Removal>;
}

export interface LeftoversOfKind {
  readonly region: string;
  readonly kind: LeftoverKind;
  readonly leftovers: readonly Leftover[];
  readonly fault: string | null;
}

export interface JobVerbs {
  /** Hands the bundle over and starts the job. The same token never makes a second one. */
  submit(request: JobRequest, signal: AbortSignal): Promise<JobRef>;
  jobs(region: string, signal: AbortSignal): AsyncIterable<readonly Job[]>;
  job(job: JobRef, signal: AbortSignal): Promise<Job>;
  /** Log lines after `cursor`, with the cursor to go on from. */
  logs(job: JobRef, cursor: string | null, signal: AbortSignal): Promise<JobLogPage>;
  cancel(job: JobRef, signal: AbortSignal): Promise<void>;
  /** Brings what the job has written into a folder; again, only what is new. @returns How many bytes came. */
  collect(job: JobRef, folder: string, signal: AbortSignal): Promise<number>;
  /** The machines that jobs can run on there: with cards first, then cheapest first. Without prices where they may not be asked. */
  jobTypes(region: string, signal: AbortSignal): Promise<readonly JobType[]>;
  /** The job's page in the provider's console. */
  jobUrl(job: JobRef): string;
}

export interface JobLogPage {
  readonly lines: readonly JobLogLine[];
  readonly cursor: string | null;
}

export interface JobRequest {
  readonly token: string;
  readonly region: string;
  readonly name: string;
  /** A folder whose files the job gets. */
  readonly bundle: string;
  /** What runs in it: the trainer for a recipe, or a script of the bundle. */
  readonly program: JobProgram;
  readonly instanceType: string;
  readonly count: number;
  /** Absent: the provider's own deep-learning image for the program. */
  readonly image?: string;
  /** What the job may do. */
  readonly role: string;
  readonly spot: { readonly maximumWaitSeconds: number } | null;
  readonly maximumSeconds: number;
  /** Where files go, as the provider writes it (`s3://bucket/prefix`); absent: a bucket of Skillet's own. */
  readonly storage?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What is done now and what was made on the way, a sentence each. */
  readonly tell?: (sentence: string) => void;
}

export type JobProgram =
  | { readonly type: 'recipe'; readonly file: string }
  | {
      readonly type: 'script';
      readonly file: string;
      readonly language: 'python' | 'r' | 'shell';
      readonly args: readonly string[];
    };
