/** GPU machines of regions: first which there are and where, then their prices and what the account may have. */
import type { Offer, OfferQuery, SpotOffer } from '../../common/cloud/offer.ts';
import type { ErrorCode } from '../../common/errorCodes.ts';
import { SkilletError } from '../../common/errors.ts';
import { mergeParallel } from '../mergeParallel.ts';
import type { CatalogueVerbs, OffersOfRegion } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { createChoiceVerbs } from './choices.ts';
import { createImageVerbs } from './images.ts';
import { listTypes, listZones } from './instanceTypes.ts';
import { createPrices } from './prices.ts';
import { askQuotas, type QuotasOfRegion } from './quotas.ts';
import { createReservedVerbs } from './reserved.ts';
import { askPlacementScore, askSpotHistory } from './spotHistory.ts';

/** More at once would be throttled: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const REGIONS_AT_ONCE = 6;
/** AWS counts what one asks for scores within a day, so only few types are asked for. */
const SCORED_TYPES = 3;

export function createCatalogueVerbs(clients: AwsClients, now: () => number = Date.now): CatalogueVerbs {
  return {
    ...createImageVerbs(clients),
    ...createChoiceVerbs(clients),
    ...createReservedVerbs(clients, now),
    async *offers(query, signal) {
      const stop = new AbortController();
      const both = AbortSignal.any([signal, stop.signal]);
      const open = (region: string) => offersOf({ clients, region, query, signal: both, now });
      try {
        yield* mergeParallel([...new Set(query.regions)], REGIONS_AT_ONCE, open);
      } finally {
        stop.abort(); // The other regions, where one has ended all or nobody reads on.
      }
    },
  };
}

/** What no region could answer, and a person can mend at once. */
const ACCOUNT_WIDE: readonly ErrorCode[] = ['cloud-credentials', 'cloud-clock'];

interface RegionAsk {
  readonly clients: AwsClients;
  readonly region: string;
  readonly query: OfferQuery;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

async function* offersOf(ask: RegionAsk): AsyncIterable<OffersOfRegion> {
  const { clients, region, query, signal } = ask;
  const faults = new Set<string>();
  const part = createParts(ask, faults);
  const types = await part('machines', 'ec2:DescribeInstanceTypes', () => listTypes(clients, region, query, signal));
  if (types === null || types.length === 0) {
    yield { region, offers: [], isComplete: true, faults: [...faults] };
    return;
  }
  const names = types.map(({ instanceType }) => instanceType);
  const zones = await part('zones', 'ec2:DescribeInstanceTypeOfferings', () =>
    listZones(clients, region, names, signal),
  );
  const bare = types.map((one): Offer => ({ ...one, zones: zones?.get(one.instanceType) ?? [] }));
  yield { region, offers: bare, isComplete: false, faults: [...faults] };
  yield { region, offers: await withPrices(bare, ask, faults), isComplete: true, faults: [...faults] };
}

/** What one part of the answer needs; its failure is told, and does not keep the others. */
function createParts({ clients, region }: RegionAsk, faults: Set<string>) {
  return async <T>(what: string, operation: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      const told = toCloudError(error, region, { operation, profile: clients.profile });
      if (!(told instanceof SkilletError) || ACCOUNT_WIDE.includes(told.code)) {
        throw told;
      }
      faults.add(`${region}, ${what}: ${told.message} ${told.remedy}`);
      return null;
    }
  };
}

async function withPrices(bare: readonly Offer[], ask: RegionAsk, faults: Set<string>): Promise<readonly Offer[]> {
  const { clients, region, query, signal, now } = ask;
  const part = createParts(ask, faults);
  const types = bare.map(({ instanceType }) => instanceType);
  const count = query.count ?? 1;
  const prices = createPrices(clients, {
    now,
    onFault: ({ message, remedy }) => faults.add(`${region}, prices: ${message} ${remedy}`),
  });
  const [onDemand, spot, quotas] = await Promise.all([
    prices.onDemand(region, types, signal),
    part('spot prices', 'ec2:DescribeSpotPriceHistory', () =>
      askSpotHistory(clients, { region, types, now: new Date(now()) }, signal),
    ),
    part('quotas', 'servicequotas:GetServiceQuota', () => askQuotas(clients, { region, types }, signal)),
  ]);
  const scores = await askScores([...(spot?.keys() ?? [])], count, ask);
  return bare.map((one) => priced(one, { onDemand, spot, quotas, scores, count }));
}

interface Known {
  readonly onDemand: ReadonlyMap<string, number>;
  readonly spot: ReadonlyMap<string, SpotOffer> | null;
  readonly quotas: QuotasOfRegion | null;
  readonly scores: ReadonlyMap<string, number>;
  readonly count: number;
}

function priced(bare: Offer, { onDemand, spot, quotas, scores, count }: Known): Offer {
  const type = bare.instanceType;
  const needed = bare.vcpus * count;
  const found = spot?.get(type);
  return {
    ...bare,
    onDemandPerHourUsd: onDemand.get(type) ?? null,
    spot: found === undefined ? null : { ...found, placementScore: scores.get(type) ?? null },
    quota: quotas?.quota(type, needed, 'onDemand') ?? null,
    spotQuota: quotas?.quota(type, needed, 'spot') ?? null,
  };
}

/** A score is a hint: where it may not be asked, or fails, there is none. */
async function askScores(
  types: readonly string[],
  count: number,
  { clients, region, signal }: RegionAsk,
): Promise<ReadonlyMap<string, number>> {
  const scores = new Map<string, number>();
  for (const type of types.length > SCORED_TYPES ? [] : types) {
    try {
      const score = await askPlacementScore(clients, { region, type, count }, signal);
      if (score !== null) {
        scores.set(type, score);
      }
    } catch (error) {
      signal.throwIfAborted();
      void error;
    }
  }
  return scores;
}
