/** A launch from beginning to end: place after place until the machines run, and all of it taken back if they do not. */
import type { Instance as Ec2Instance } from '@aws-sdk/client-ec2';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import type { LaunchResult, MadeThing } from '../../common/cloud/launchRecord.ts';
import { checkLaunchProfile } from '../../common/cloud/launchRules.ts';
import { isFault } from '../../common/cloud/profileProblem.ts';
import { combineUserData } from '../../common/cloud/userData.ts';
import { SkilletError } from '../../common/errors.ts';
import type { LaunchOptions } from '../provider.ts';
import { toCloudError } from './awsErrors.ts';
import { hasText, localFile, readPublicKey, readUserData } from './launchFiles.ts';
import { isNamed, makingGroup, needsMyAddress, openPorts } from './launchGroup.ts';
import { type LaunchImage, resolveImage } from './launchImage.ts';
import { keyRemoval, type LaunchKey, makeKey } from './launchKey.ts';
import { createLedger, type Ledger, type Making } from './launchLedger.ts';
import { awaitRunning, findMachines, idsOf, isOver, isRisingFirst, makingMachines } from './launchMachines.ts';
import { type LaunchContext, launchTags, wait } from './launchParts.ts';
import { clientToken, runRequest } from './launchRequest.ts';
import { findZones, type LaunchZone } from './launchZones.ts';
import { findMyAddress } from './myAddress.ts';

type Purchase = 'onDemand' | 'spot';

/** What does not change from place to place. */
interface Launch {
  readonly context: LaunchContext;
  readonly options: LaunchOptions;
  readonly ledger: Ledger;
  readonly userData: string;
  readonly publicKey: string | null;
  readonly now: Date;
  /** Where there was no room, for the last word: `spot in us-east-1a`. */
  readonly tried: string[];
}

/** @throws {SkilletError} `cloud-unfinished`: something may still be there; after all others, nothing of it is. */
export async function runLaunch(context: LaunchContext, options: LaunchOptions): Promise<LaunchResult> {
  refuse(context);
  const { profile, pace, signal } = context;
  const { keyPair } = profile;
  const own = await readUserData(profile, options.folder);
  const publicKey = keyPair.type === 'import' ? await readPublicKey(keyPair.publicKeyFile, options.folder) : null;
  const ledger = createLedger({
    onEvent: options.onEvent,
    pausesMs: pace.pausesMs,
    undoLimitMs: pace.undoLimitMs,
    wait,
  });
  const launch: Launch = {
    context,
    options,
    ledger,
    userData: combineUserData(profile, own),
    publicKey,
    now: new Date(),
    tried: [],
  };
  try {
    signal.throwIfAborted();
    return (await adopt(launch)) ?? (await tryPlaces(launch));
  } catch (error) {
    const told = toCloudError(error, 'launch', { profile: context.clients.profile });
    await takeBack(launch, told);
    signal.throwIfAborted(); // What was cancelled is no fault.
    throw told;
  }
}

function refuse({ profile, token }: LaunchContext): void {
  const [fault] = checkLaunchProfile(profile).filter(isFault);
  if (fault !== undefined) {
    throw new SkilletError(fault.code, fault.path, fault);
  }
  if (!/^[A-Za-z0-9-]{1,48}$/.test(token)) {
    throw new SkilletError('cloud-profile', 'token', {
      message: `"${token}" is no token.`,
      remedy: 'Use at most 48 letters, digits and hyphens.',
    });
  }
}

async function takeBack({ context, options, ledger }: Launch, reason: unknown): Promise<void> {
  if (ledger.made().length > 0) {
    options.onEvent({ type: 'step', message: 'Removing what was made' });
  }
  const left = await ledger.undo();
  if (left.length > 0) {
    throw unfinished(context, left, reason);
  }
}

function unfinished({ token, profile }: LaunchContext, left: readonly MadeThing[], reason: unknown): SkilletError {
  const at = [...new Set(left.map(({ region }) => region))];
  const things = left.map(({ kind, id }) => `${WORDS[kind]} ${id}`).join(', ');
  const why = reason instanceof Error && reason.name !== 'AbortError' ? `${reason.message} ` : '';
  return new SkilletError('cloud-unfinished', profile.name ?? 'launch', {
    message: `${why}Of launch ${token} there may still be in ${at.join(', ')}: ${things}.`,
    remedy: `Launch again with the token ${token}, which makes nothing twice; or look and remove: skillet sweep aws ${at.map((region) => `--region ${region}`).join(' ')}.`,
  });
}

const WORDS: Readonly<Record<MadeThing['kind'], string>> = {
  instance: 'machine',
  volume: 'disk',
  securityGroup: 'security group',
  keyPair: 'key pair',
  keyFile: 'file',
  spotRequest: 'spot request',
};

/** The machines that an earlier try with the same token made; null where there are none. */
async function adopt({ context, options, ledger }: Launch): Promise<LaunchResult | null> {
  const { profile, signal } = context;
  for (const region of [profile.region, ...profile.fallback.regions]) {
    const living = (await findMachines(context, region, signal)).filter((machine) => !isOver(machine));
    if (living.length > 0) {
      options.onEvent({ type: 'step', message: `This launch has made ${living.length} in ${region} already` });
      // One that somebody has stopped or started since holds their work: it is not waited for, nor ever taken back.
      const machines =
        living.every(isRisingFirst) && living.some(({ State }) => State?.Name === 'pending')
          ? await awaitAdopted({ context, ledger }, region, living)
          : living;
      const file = profile.keyPair.type === 'create' ? localFile(profile.keyPair.saveTo, options.folder) : null;
      const keyFile = file !== null && (await hasText(file)) ? file : null;
      const purchase = machines[0]?.InstanceLifecycle === 'spot' ? 'spot' : 'onDemand';
      return resultOf({ region, purchase, machines, made: ledger.made(), keyFile });
    }
  }
  return null;
}

/** While they are on their way up, a cancel takes them back, as it would have in the first try. */
async function awaitAdopted(
  { context, ledger }: Pick<Launch, 'context' | 'ledger'>,
  region: string,
  living: readonly Ec2Instance[],
): Promise<readonly Ec2Instance[]> {
  const ids = idsOf(living);
  for (const one of leftMakings(context, region)) {
    const found = await one.find(context.signal);
    await ledger.make({ ...one, create: async () => found, idsOf: (made) => made });
  }
  await ledger.make({ ...makingMachines(context, region, { MinCount: 1, MaxCount: 1 }), create: async () => ids });
  return awaitRunning(context, { region, ids });
}

/** Zones first, then regions, then on demand where that is allowed. */
async function tryPlaces(launch: Launch): Promise<LaunchResult> {
  const { profile } = launch.context;
  const { purchase } = profile;
  const purchases: Purchase[] =
    purchase.type === 'spot' ? ['spot', ...(purchase.fallBackToOnDemand ? (['onDemand'] as const) : [])] : ['onDemand'];
  const regions = [profile.region, ...profile.fallback.regions];
  const places = purchases.flatMap((one) => regions.map((region) => ({ purchase: one, region })));
  for (const [index, place] of places.entries()) {
    const result = await tryRegion(launch, place);
    if (result !== null) {
      return result;
    }
    await leave(launch);
    const next = places[index + 1];
    if (next !== undefined) {
      const words = next.purchase === place.purchase ? `Trying ${next.region}` : `Trying on demand in ${next.region}`;
      launch.options.onEvent({ type: 'fallback', message: words });
    }
  }
  throw nowhere(launch);
}

function nowhere({ context: { profile }, tried }: Launch): SkilletError {
  const isWide = profile.fallback.regions.length > 0;
  return new SkilletError('cloud-capacity', 'instanceType', {
    message: `AWS has no room for ${profile.count} × ${profile.instanceType} now. Tried: ${tried.join('; ')}.`,
    remedy: `Choose another type (skillet offers lists them)${isWide ? '' : ', name other regions in fallback.regions'}, or try again later.`,
  });
}

/** Nothing is tried elsewhere before all of the last place is known to be gone. */
async function leave({ context, ledger, tried }: Launch, kind?: MadeThing['kind']): Promise<void> {
  const left = await ledger.undo(kind === undefined ? undefined : (entry) => entry.kind === kind);
  if (left.length > 0) {
    throw unfinished(context, left, new Error(`There was no room: ${tried.at(-1) ?? ''}.`));
  }
}

interface Place {
  readonly purchase: Purchase;
  readonly region: string;
}

/** What is made in a region before its machines. */
interface Prepared {
  readonly image: LaunchImage;
  readonly groupIds: readonly string[];
  readonly key: LaunchKey;
}

/** @returns Null where there is no room in any of its zones. */
async function tryRegion(launch: Launch, place: Place): Promise<LaunchResult | null> {
  const { context, options, tried } = launch;
  const { profile, clients, signal } = context;
  const title = place.purchase === 'spot' ? 'spot' : 'on demand';
  // The account's limit for spot machines is no limit for those on demand.
  const mayBuyOtherwise =
    place.purchase === 'spot' && 'fallBackToOnDemand' in profile.purchase && profile.purchase.fallBackToOnDemand;
  const zones = await noRoom(() => findZones(clients, { profile, region: place.region }, signal));
  const [first] = zones ?? [];
  if (zones === null || first === undefined) {
    tried.push(`${title} in ${place.region}, which has no such machine`);
    return null;
  }
  const prepared = await prepare(launch, { region: place.region, vpc: first.vpc });
  for (const [index, zone] of zones.entries()) {
    const result = await noRoom(
      () => tryZone(launch, { ...place, zone, prepared }),
      (error) => mayBuyOtherwise && isNamed(error, 'MaxSpotInstanceCountExceeded'),
    );
    if (result !== null) {
      return result;
    }
    tried.push(`${title} in ${zone.zone}`);
    await leave(launch, 'instance');
    const next = zones[index + 1];
    if (next !== undefined) {
      options.onEvent({ type: 'fallback', message: `No room in ${zone.zone}; trying ${next.zone}` });
    }
  }
  return null;
}

/** Null in place of want of room, and of what counts as that; all else is thrown. */
async function noRoom<T>(work: () => Promise<T>, isLike: (error: unknown) => boolean = () => false): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const told = toCloudError(error, 'instanceType');
    if (isLike(error)) {
      return null;
    }
    if (told instanceof SkilletError && told.code === 'cloud-capacity') {
      return null;
    }
    throw told;
  }
}

async function prepare(launch: Launch, place: { readonly region: string; readonly vpc: string }): Promise<Prepared> {
  const { context, options, ledger, publicKey } = launch;
  const { profile, clients, signal } = context;
  const { image: wanted, securityGroup } = profile;
  const { region } = place;
  const step = (message: string) => options.onEvent({ type: 'step', message });
  step(`Looking for the image in ${region}`);
  const image = await resolveImage(clients, { image: wanted, region }, signal);
  checkRootSize(profile, image);
  const myAddress = needsMyAddress(securityGroup) ? await findMyAddress(signal) : null;
  let groupIds: readonly string[] = [];
  if (securityGroup.type === 'existing') {
    groupIds = securityGroup.ids;
  } else {
    step(`Making security group ${securityGroup.name} in ${region}`);
    const id = await inField('securityGroup.create', async () => {
      const made = await ledger.make(makingGroup(context, securityGroup, place));
      await openPorts(context, securityGroup, { region, id: made, myAddress });
      return made;
    });
    groupIds = [id];
  }
  signal.throwIfAborted();
  if (profile.keyPair.type === 'create' || profile.keyPair.type === 'import') {
    step(`${profile.keyPair.type === 'create' ? 'Making' : 'Importing'} key pair ${profile.keyPair.name}`);
  }
  const key = await inField(`keyPair.${profile.keyPair.type}`, () =>
    makeKey(context, { region, folder: options.folder, publicKey, ledger }),
  );
  return { image, groupIds, key };
}

async function inField<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toCloudError(error, path);
  }
}

/** What else an earlier try may have made in a region. */
function leftMakings(context: LaunchContext, region: string): Making<readonly string[]>[] {
  const { securityGroup } = context.profile;
  const empty = { create: async () => [], idsOf: (made: readonly string[]) => made };
  return [
    ...(securityGroup.type === 'create'
      ? [{ ...makingGroup(context, securityGroup, { region, vpc: '' }), ...empty }]
      : []),
    { ...keyRemoval(context, region), name: 'key pair', ...empty },
  ];
}

function checkRootSize({ volumes }: LaunchProfile, image: LaunchImage): void {
  const index = volumes.findIndex(({ device }) => device === 'root' || device === image.rootDevice);
  const least = image.disks.find(({ device }) => device === image.rootDevice)?.sizeGb ?? 0;
  const size = volumes[index]?.sizeGb ?? Number.POSITIVE_INFINITY;
  if (size < least) {
    throw new SkilletError('cloud-profile', `volumes[${index}].sizeGb`, {
      message: `${size} GiB is less than the image fills: ${least} GiB.`,
      remedy: `Use ${least} or more.`,
    });
  }
}

async function tryZone(
  launch: Launch,
  place: Place & { readonly zone: LaunchZone; readonly prepared: Prepared },
): Promise<LaunchResult> {
  const { context, options, ledger, userData, now } = launch;
  const { profile, signal, token } = context;
  const { region, purchase, zone, prepared } = place;
  signal.throwIfAborted();
  const over = (await findMachines(context, region, signal)).filter(isOver).length;
  const how = purchase === 'spot' ? 'spot' : 'on demand';
  options.onEvent({
    type: 'step',
    message: `Launching ${profile.count} × ${profile.instanceType} (${how}) in ${zone.zone}`,
  });
  const input = runRequest({
    profile,
    purchase,
    image: prepared.image,
    subnet: zone.subnet,
    groupIds: prepared.groupIds,
    keyName: prepared.key.name,
    userData,
    tags: launchTags(context, now),
    clientToken: '',
  });
  const ids = await askAnew(over, (generation) => {
    const ClientToken = clientToken(token, { region, zone: zone.zone, purchase }, generation);
    return ledger.make(makingMachines(context, region, { ...input, ClientToken }));
  });
  options.onEvent({ type: 'step', message: 'Waiting until it runs' });
  const machines = await awaitRunning(context, { region, ids });
  return resultOf({ region, purchase, machines, made: ledger.made(), keyFile: prepared.key.file });
}

/** AWS remembers the tokens of machines that are over for longer than it lists the machines. */
async function askAnew<T>(over: number, ask: (generation: number) => Promise<T>): Promise<T> {
  for (let generation = over; ; generation += 1) {
    try {
      return await ask(generation);
    } catch (error) {
      if (!isNamed(error, 'IdempotentInstanceTerminated') || generation - over >= MOST_REMEMBERED) {
        throw error;
      }
    }
  }
}

/** Launches of one token at one place whose machines are over. */
const MOST_REMEMBERED = 50;

interface ResultFacts {
  readonly region: string;
  readonly purchase: Purchase;
  readonly machines: readonly Ec2Instance[];
  readonly made: readonly MadeThing[];
  readonly keyFile: string | null;
}

function resultOf({ region, purchase, machines, made, keyFile }: ResultFacts): LaunchResult {
  const disks = machines.flatMap(({ BlockDeviceMappings }) =>
    (BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
  );
  const requests = machines.flatMap(({ SpotInstanceRequestId }) => SpotInstanceRequestId ?? []);
  const instances = idsOf(machines).map((id) => ({ provider: 'aws', region, id }) as const);
  return {
    instances,
    region,
    purchase,
    keyFile,
    made: [
      ...(made.some(({ kind }) => kind === 'instance')
        ? made
        : instances.map(({ id }): MadeThing => ({ kind: 'instance', id, region }))),
      ...disks.map((id): MadeThing => ({ kind: 'volume', id, region })),
      ...requests.map((id): MadeThing => ({ kind: 'spotRequest', id, region })),
    ],
  };
}
