/** Thirty days of spot prices, the cheapest zone of each type, and how likely one is to get it. */
import { GetSpotPlacementScoresCommand, paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import type { SpotOffer } from '../../common/cloud/offer.ts';
import type { AwsClients } from './awsClients.ts';

const HISTORY_MS = 30 * 86_400_000;
/** As many as a sparkline can show. */
export const MAX_POINTS = 60;
/** A page has up to 1,000 changes; a busy region has some ten thousand in a month. */
const MAX_PAGES = 100;
/** Of more types than any list of GPU machines has, the price now is enough. */
const HISTORY_TYPES = 150;

interface Point {
  readonly at: string;
  readonly perHourUsd: number;
}

export interface SpotAsk {
  readonly region: string;
  readonly types: readonly string[];
  readonly now: Date;
}

/** By type; those that are not sold as spot are absent. */
export async function askSpotHistory(
  clients: AwsClients,
  { region, types, now }: SpotAsk,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SpotOffer>> {
  const byPlace = new Map<string, Map<string, Point[]>>();
  const pages = paginateDescribeSpotPriceHistory(
    { client: clients.of('ec2', region), pageSize: 1000 },
    {
      InstanceTypes: types as never[],
      ProductDescriptions: ['Linux/UNIX'],
      StartTime: new Date(now.getTime() - (types.length > HISTORY_TYPES ? 0 : HISTORY_MS)),
      EndTime: now,
    },
    { abortSignal: signal },
  );
  let count = 0;
  for await (const page of pages) {
    for (const one of page.SpotPriceHistory ?? []) {
      const perHourUsd = Number.parseFloat(one.SpotPrice ?? '');
      if (one.InstanceType !== undefined && one.AvailabilityZone !== undefined && perHourUsd > 0 && one.Timestamp) {
        const zones = byPlace.get(one.InstanceType) ?? new Map<string, Point[]>();
        const points = zones.get(one.AvailabilityZone) ?? [];
        points.push({ at: one.Timestamp.toISOString(), perHourUsd });
        byPlace.set(one.InstanceType, zones.set(one.AvailabilityZone, points));
      }
    }
    count += 1;
    if (count >= MAX_PAGES) {
      break; // Newest first, so what is left out is old.
    }
  }
  return new Map([...byPlace].map(([type, zones]) => [type, cheapestZone(zones)]));
}

function cheapestZone(zones: ReadonlyMap<string, Point[]>): SpotOffer {
  const known = [...zones].map(([zone, points]) => {
    const history = points.toSorted((a, b) => a.at.localeCompare(b.at));
    return { zone, history, perHourUsd: history.at(-1)?.perHourUsd ?? Number.POSITIVE_INFINITY };
  });
  const [cheapest] = known.toSorted((a, b) => a.perHourUsd - b.perHourUsd || a.zone.localeCompare(b.zone));
  return {
    perHourUsd: cheapest?.perHourUsd ?? Number.NaN,
    zone: cheapest?.zone ?? '',
    history: thinned(cheapest?.history ?? []),
    placementScore: null,
  };
}

/** The first, the last and of each stretch between them its dearest: a peak is what people look for. */
export function thinned(points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length <= MAX_POINTS || first === undefined || last === undefined) {
    return points;
  }
  const inner = points.slice(1, -1);
  const stretches = MAX_POINTS - 2;
  const kept = Array.from({ length: stretches }, (_, index) => {
    const from = Math.floor((index * inner.length) / stretches);
    const some = inner.slice(from, Math.floor(((index + 1) * inner.length) / stretches));
    return some.reduce((best, one) => (one.perHourUsd > best.perHourUsd ? one : best), some[0] ?? first);
  });
  return [first, ...kept, last];
}

/** From 1 to 10; null where AWS says nothing. */
export async function askPlacementScore(
  clients: AwsClients,
  ask: { readonly region: string; readonly type: string; readonly count: number },
  signal: AbortSignal,
): Promise<number | null> {
  const { SpotPlacementScores = [] } = await clients.of('ec2', ask.region).send(
    new GetSpotPlacementScoresCommand({
      InstanceTypes: [ask.type],
      TargetCapacity: ask.count,
      TargetCapacityUnitType: 'units',
      RegionNames: [ask.region],
    }),
    { abortSignal: signal },
  );
  return SpotPlacementScores.find(({ Region }) => Region === ask.region)?.Score ?? null;
}
