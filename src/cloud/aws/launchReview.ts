/** What a launch would make, what it costs, and the most that it can come to cost. */
import type { LaunchProfile, ProfileVolume } from '../../common/cloud/launchProfile.ts';
import type { Review, ReviewRow, ReviewWarning } from '../../common/cloud/launchRecord.ts';
import { checkLaunchProfile, isLasting } from '../../common/cloud/launchRules.ts';
import { HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import { isFault } from '../../common/cloud/profileProblem.ts';
import { SkilletError } from '../../common/errors.ts';
import type { ReviewAsk } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { askDryRun } from './launchDryRun.ts';
import { hasText, localFile, readPublicKey, readUserData } from './launchFiles.ts';
import { type ImageDisk, type LaunchImage, resolveImage } from './launchImage.ts';
import { typeWarnings } from './launchTypeWarnings.ts';
import { cheapestZone, findZones, type LaunchZone } from './launchZones.ts';
import { createPrices, type Prices } from './prices.ts';

export interface ReviewContext {
  readonly clients: AwsClients;
  readonly profile: LaunchProfile;
  readonly signal: AbortSignal;
}

/** A disk of one machine, as it will be. */
export interface PlannedDisk {
  readonly isRoot: boolean;
  readonly type: string;
  readonly sizeGb: number | null;
  readonly iops: number | null;
  readonly throughputMbps: number | null;
  readonly isKept: boolean;
}

/** A region's part of the costs, for one machine; null is not known. */
interface PlaceCosts {
  readonly onDemand: number | null;
  readonly spot: number | null;
  readonly disks: readonly (number | null)[];
  /** 0 without a public address. */
  readonly address: number | null;
}

/** @throws {SkilletError} A field of the profile is wrong, or names what is not there. */
export async function reviewLaunch(context: ReviewContext, ask: ReviewAsk): Promise<Review> {
  const { clients, profile, signal } = context;
  const problems = checkLaunchProfile(profile);
  const [fault] = problems.filter(isFault);
  if (fault !== undefined) {
    throw new SkilletError(fault.code, fault.path, fault);
  }
  const userData = ask.folder === undefined ? (profile.userData ?? '') : await readUserData(profile, ask.folder);
  await checkKeyFiles(profile, ask);
  const { region } = profile;
  const [image, zones] = await Promise.all([
    resolveImage(clients, { image: profile.image, region }, signal),
    findZones(clients, { profile, region }, signal),
  ]);
  const disks = plannedDisks(profile, image);
  const faults: string[] = [];
  const prices = createPrices(clients, { onFault: (error) => faults.push(error.message) });
  const isPublic = profile.network.publicAddress ?? zones[0]?.givesAddress ?? false;
  const regions = [region, ...profile.fallback.regions];
  // A subnet elsewhere may give an address though the first one does not.
  const mayBePublic =
    profile.network.publicAddress ?? (regions.length > 1 || zones.some(({ givesAddress }) => givesAddress));
  const costs = await Promise.all(
    regions.map((one) => costsIn(prices, { region: one, profile, disks, isPublic: mayBePublic }, signal)),
  );
  const [here] = costs;
  const rows = here === undefined ? [] : rowsOf({ profile, image, disks, isPublic, costs: here, zones });
  const [fromType, dryRun] = await Promise.all([
    typeWarnings(context, image),
    ask.isAsked ? askDryRun(context, { image, zones, userData }) : null,
  ]);
  const perHourUsd = sum(rows.map((row) => row.perHourUsd));
  const stopped = sum(rows.map((row) => row.stoppedPerHourUsd));
  return {
    rows,
    warnings: [
      ...problems.map(({ path, message, remedy }) => ({ path, message, remedy })),
      ...imageWarnings(profile, image, disks),
      ...fromType,
      ...(await spotZoneWarnings(context, zones)),
      ...priceWarnings(rows, faults),
    ],
    perHourUsd,
    perMonthUsd: times(perHourUsd, HOURS_PER_MONTH),
    atMostPerHourUsd: image.isSold ? null : atMost(profile, costs),
    stoppedPerMonthUsd: times(stopped, HOURS_PER_MONTH),
    dryRun,
  };
}

/** What a launch would refuse about the files of keys, before it is begun. */
async function checkKeyFiles({ keyPair }: LaunchProfile, { folder, token }: ReviewAsk): Promise<void> {
  if (folder === undefined) {
    return;
  }
  if (keyPair.type === 'import') {
    await readPublicKey(keyPair.publicKeyFile, folder);
  }
  if (keyPair.type === 'create' && token === undefined && (await hasText(localFile(keyPair.saveTo, folder)))) {
    throw new SkilletError('cloud-file', 'keyPair.create.saveTo', {
      message: `${localFile(keyPair.saveTo, folder)} is there already.`,
      remedy: 'Name another file; nothing is ever written over.',
    });
  }
}

/** The profile's disks in place of the image's own of the same device. */
export function plannedDisks({ volumes }: LaunchProfile, image: LaunchImage): PlannedDisk[] {
  const deviceOf = ({ device }: ProfileVolume) => (device === 'root' ? image.rootDevice : device);
  const named = new Set(volumes.map(deviceOf));
  const own = image.disks.filter(({ device }) => !named.has(device));
  return [
    ...own.map((disk: ImageDisk) => ({ ...disk, isRoot: disk.device === image.rootDevice, isKept: false })),
    ...volumes.map((volume) => ({
      isRoot: deviceOf(volume) === image.rootDevice,
      type: volume.type,
      sizeGb: volume.sizeGb,
      iops: volume.iops ?? null,
      throughputMbps: volume.throughputMbps ?? null,
      isKept: !volume.deleteOnTermination,
    })),
  ].map(({ isRoot, type, sizeGb, iops, throughputMbps, isKept }) => ({
    isRoot,
    type,
    sizeGb,
    iops,
    throughputMbps,
    isKept,
  }));
}

interface CostAsk {
  readonly region: string;
  readonly profile: LaunchProfile;
  readonly disks: readonly PlannedDisk[];
  readonly isPublic: boolean;
}

async function costsIn(prices: Prices, ask: CostAsk, signal: AbortSignal): Promise<PlaceCosts> {
  const { region, profile, disks, isPublic } = ask;
  const { instanceType } = profile;
  const [onDemand, spot, address, ...each] = await Promise.all([
    prices.onDemand(region, [instanceType], signal),
    profile.purchase.type === 'spot' ? prices.spotNow(region, [instanceType], signal) : null,
    isPublic ? prices.publicAddressPerHour(region, signal) : 0,
    ...disks.map(({ type, sizeGb, iops, throughputMbps }) =>
      sizeGb === null ? null : prices.volume(region, { type, sizeGb, iops, throughputMbps }, signal),
    ),
  ]);
  return {
    onDemand: onDemand.get(instanceType) ?? null,
    spot: spot?.get(instanceType)?.perHourUsd ?? null,
    address,
    disks: each,
  };
}

interface RowFacts {
  readonly profile: LaunchProfile;
  readonly image: LaunchImage;
  readonly disks: readonly PlannedDisk[];
  readonly isPublic: boolean;
  readonly costs: PlaceCosts;
  readonly zones: readonly LaunchZone[];
}

function rowsOf(facts: RowFacts): ReviewRow[] {
  const { profile, image, disks, isPublic, costs, zones } = facts;
  const { count, instanceType, purchase, securityGroup, keyPair } = profile;
  const many = (thing: string) => (count === 1 ? thing : `${count} × ${thing}`);
  const isSpot = purchase.type === 'spot';
  const free = { perHourUsd: 0, stoppedPerHourUsd: 0 };
  const rows: (ReviewRow | null)[] = [
    {
      kind: 'instance',
      title: `${count} × ${instanceType}, ${isSpot ? 'spot' : 'on demand'}`,
      detail: `${zoneWords(zones)}; ${image.name}`,
      perHourUsd: times(isSpot ? costs.spot : costs.onDemand, count),
      stoppedPerHourUsd: 0,
    },
    ...disks.map((disk, index): ReviewRow => {
      const perHourUsd = times(costs.disks[index] ?? null, count);
      return {
        kind: 'volume',
        title: many(diskTitle(disk)),
        detail: diskDetail(disk),
        perHourUsd,
        stoppedPerHourUsd: perHourUsd,
      };
    }),
    isPublic
      ? {
          kind: 'address',
          title: many('public IPv4 address'),
          detail: 'Given back while the machine is stopped',
          perHourUsd: times(costs.address, count),
          stoppedPerHourUsd: 0,
        }
      : null,
    securityGroup.type === 'create'
      ? {
          kind: 'securityGroup',
          title: `security group ${securityGroup.name}`,
          detail: `new, ${securityGroup.rules.length} ${securityGroup.rules.length === 1 ? 'rule' : 'rules'}`,
          ...free,
        }
      : { kind: 'securityGroup', title: securityGroup.ids.join(', '), detail: 'there already', ...free },
    keyPair.type === 'none'
      ? null
      : {
          kind: 'keyPair',
          title: `key pair ${keyPair.name}`,
          detail: { existing: 'there already', import: 'imported', create: 'new' }[keyPair.type],
          ...free,
        },
    isLasting(profile)
      ? {
          kind: 'spotRequest',
          title: many('lasting spot request'),
          detail: 'Starts the machine again when there is room',
          ...free,
        }
      : null,
    image.isSold
      ? {
          kind: 'license',
          title: 'software of the image',
          detail: "Sold at the AWS Marketplace, whose page names the seller's price",
          perHourUsd: null,
          stoppedPerHourUsd: 0,
        }
      : null,
  ];
  return rows.filter((row) => row !== null);
}

function zoneWords([first, ...others]: readonly LaunchZone[]): string {
  const more = others.length === 0 ? '' : `, else ${others.length} other ${others.length === 1 ? 'zone' : 'zones'}`;
  return `${first?.zone ?? ''}${more}`;
}

function diskTitle({ isRoot, type, sizeGb }: PlannedDisk): string {
  return `${isRoot ? 'root disk' : 'disk'}, ${sizeGb === null ? '' : `${sizeGb} GiB `}${type}`;
}

function diskDetail({ iops, throughputMbps, isKept }: PlannedDisk): string {
  return [
    ...(iops === null ? [] : [`${iops} IOPS`]),
    ...(throughputMbps === null ? [] : [`${throughputMbps} MiB/s`]),
    isKept ? 'stays when the machine is terminated' : 'goes with the machine',
  ].join(', ');
}

/** The dearest of all that can happen, for all machines together; null where one of them is not known. */
export function atMost({ purchase, count }: LaunchProfile, costs: readonly PlaceCosts[]): number | null {
  const each = costs.map(({ onDemand, disks, address }) => {
    // A spot price may rise up to the limit; without one, AWS never asks more than the on-demand price.
    const limit = purchase.type === 'spot' ? (purchase.maximumPricePerHourUsd ?? null) : null;
    const isOnDemand = purchase.type !== 'spot' || purchase.fallBackToOnDemand || limit === null;
    const dearest = isOnDemand ? (onDemand === null ? null : Math.max(onDemand, limit ?? 0)) : limit;
    return sum([dearest, address, ...disks]);
  });
  const known = each.filter((cost) => cost !== null);
  return known.length < each.length ? null : times(Math.max(...known), count);
}

/** The price that is told is that of the cheapest zone. */
async function spotZoneWarnings(
  { clients, profile, signal }: ReviewContext,
  [first]: readonly LaunchZone[],
): Promise<ReviewWarning[]> {
  const { purchase, region, instanceType, network } = profile;
  const cheapest = purchase.type === 'spot' ? await cheapestZone(clients, { instanceType, region }, signal) : null;
  return cheapest === null || first === undefined || first.zone === cheapest
    ? []
    : [
        {
          path: network.subnet === undefined ? 'zone' : 'network.subnet',
          message: `The spot price is that of ${cheapest}; in ${first.zone} it is higher.`,
          remedy: `Launch in ${cheapest} for that price, or mind the most that it can cost.`,
        },
      ];
}

function imageWarnings(profile: LaunchProfile, image: LaunchImage, disks: readonly PlannedDisk[]): ReviewWarning[] {
  const path = `image.${profile.image.type}`;
  const { deprecatedAt } = image;
  const least = image.disks.find(({ device }) => device === image.rootDevice)?.sizeGb ?? 0;
  const root = disks.findIndex(({ isRoot, sizeGb }) => isRoot && sizeGb !== null && sizeGb < least);
  return [
    ...(deprecatedAt !== null && Date.parse(deprecatedAt) < Date.now()
      ? [
          {
            path,
            message: `The image has been deprecated since ${deprecatedAt.slice(0, 10)}.`,
            remedy: 'Choose a newer one; skillet images lists them.',
          },
        ]
      : []),
    ...(root < 0
      ? []
      : [
          {
            path: 'volumes',
            message: `The root disk is smaller than the image: ${least} GiB.`,
            remedy: `Use ${least} or more.`,
          },
        ]),
  ];
}

function priceWarnings(rows: readonly ReviewRow[], faults: readonly string[]): ReviewWarning[] {
  const unknown = rows.filter(({ perHourUsd }) => perHourUsd === null).map(({ title }) => title);
  return unknown.length === 0
    ? []
    : [
        {
          path: 'price',
          message: `What this costs is not known: ${unknown.join('; ')}.${faults.length === 0 ? '' : ` ${[...new Set(faults)].join(' ')}`}`,
          remedy: "Look it up on AWS's price pages before launching.",
        },
      ];
}

/** Null as soon as a part is not known. */
function sum(parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0);
}

function times(price: number | null, count: number): number | null {
  return price === null ? null : price * count;
}
