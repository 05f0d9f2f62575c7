/** What machines cost an hour, and have cost since their last start. */
import { DescribeSpotPriceHistoryCommand, DescribeVolumesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { CostPart, Instance, InstanceCost } from '../../common/cloud/instance.ts';
import type { Prices } from './prices.ts';
import type { VolumeAsk } from './volumePrice.ts';

/** What is asked of the price lists. */
export type CostPrices = Pick<Prices, 'onDemand' | 'volume' | 'publicAddressPerHour'>;

export interface CostParts {
  readonly ec2: EC2Client;
  readonly prices: CostPrices;
  readonly region: string;
  readonly now: number;
  readonly signal: AbortSignal;
  /** Whether the list of prices for Linux on shared hardware holds for it. */
  isListPriced(id: string): boolean;
}

const VOLUMES_A_REQUEST = 200;

/** @param machines Of one region. Whatever cannot be asked is null there, and takes nothing else with it. */
export async function readCosts(machines: readonly Instance[], parts: CostParts): Promise<Map<string, InstanceCost>> {
  const computing = machines.filter(({ state }) => state === 'pending' || state === 'running');
  const priced = machines.filter(({ id, purchase }) => purchase !== 'reserved' && parts.isListPriced(id));
  const onDemandTypes = priced.filter(({ purchase }) => purchase === 'onDemand').map((one) => one.instanceType);
  const spots = priced.filter(({ purchase }) => purchase === 'spot');
  const { region, signal } = parts;
  const [onDemand, spot, volumes, address] = await Promise.all([
    unlessRefused(new Map<string, number>(), signal, () =>
      onDemandTypes.length === 0 ? new Map() : parts.prices.onDemand(region, [...new Set(onDemandTypes)], signal),
    ),
    unlessRefused(new Map<string, number>(), signal, () => spotPrices(spots, parts)),
    unlessRefused(new Map<string, CostPart>(), signal, () => volumeParts(machines, parts)),
    unlessRefused(null, signal, () => parts.prices.publicAddressPerHour(region, signal)),
  ]);
  const rateOf = (machine: Instance): number | null =>
    !priced.includes(machine)
      ? null
      : ((machine.purchase === 'spot'
          ? spot.get(`${machine.instanceType} ${machine.zone}`)
          : onDemand.get(machine.instanceType)) ?? null);
  return new Map(
    machines.map((machine) => {
      const rate = rateOf(machine);
      const list: CostPart[] = computing.includes(machine)
        ? [{ kind: 'computing', what: machine.instanceType, perHourUsd: rate }]
        : [];
      if (machine.state !== 'terminated') {
        list.push(
          ...machine.volumeIds.map((id) => volumes.get(id) ?? { kind: 'volume' as const, what: id, perHourUsd: null }),
        );
        if (machine.publicAddress !== null) {
          list.push({ kind: 'address', what: machine.publicAddress, perHourUsd: address });
        }
      }
      return [machine.id, { perHourUsd: sumOf(list), soFarUsd: soFar(machine, rate, parts.now), parts: list }];
    }),
  );
}

/** A price that cannot be asked is one that is not known; only the end of the asking itself goes on. */
async function unlessRefused<T>(instead: T, signal: AbortSignal, ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if ((error as Error).name === 'AbortError') {
      throw error;
    }
    return instead;
  }
}

function sumOf(parts: readonly CostPart[]): number | null {
  return parts.reduce<number | null>(
    (sum, { perHourUsd }) => (sum === null || perHourUsd === null ? null : sum + perHourUsd),
    0,
  );
}

/** At the present price; what it was meanwhile is not asked. */
function soFar({ state, launchedAt, stoppedAt }: Instance, rate: number | null, now: number): number | null {
  if (rate === null || launchedAt === null) {
    return null;
  }
  const isOn = state === 'pending' || state === 'running' || state === 'stopping';
  const end = isOn ? now : stoppedAt === null ? Number.NaN : Date.parse(stoppedAt);
  const hours = (end - Date.parse(launchedAt)) / 3_600_000;
  return Number.isFinite(hours) ? Math.max(0, hours) * rate : null;
}

/** @returns By type and zone: a spot machine pays the price of its own zone. */
async function spotPrices(
  machines: readonly Instance[],
  { ec2, now, signal }: CostParts,
): Promise<Map<string, number>> {
  const prices = new Map<string, number>();
  if (machines.length === 0) {
    return prices;
  }
  let token: string | undefined;
  do {
    const command: DescribeSpotPriceHistoryCommand = new DescribeSpotPriceHistoryCommand({
      InstanceTypes: [...new Set(machines.map((one) => one.instanceType))] as never,
      ProductDescriptions: ['Linux/UNIX'],
      StartTime: new Date(now), // From now on: the price that holds now alone.
      NextToken: token,
    });
    const { SpotPriceHistory = [], NextToken } = await ec2.send(command, { abortSignal: signal });
    for (const { InstanceType, AvailabilityZone, SpotPrice } of SpotPriceHistory) {
      const key = `${InstanceType} ${AvailabilityZone}`;
      const price = Number(SpotPrice);
      // Newest first.
      if (!prices.has(key) && price > 0) {
        prices.set(key, price);
      }
    }
    token = NextToken;
  } while (token !== undefined && token !== '');
  return prices;
}

async function volumeParts(machines: readonly Instance[], parts: CostParts): Promise<Map<string, CostPart>> {
  const { ec2, prices, region, signal } = parts;
  const ids = machines.flatMap(({ volumeIds, state }) => (state === 'terminated' ? [] : volumeIds));
  const found = new Map<string, CostPart>();
  for (let at = 0; at < ids.length; at += VOLUMES_A_REQUEST) {
    // A filter and not a list of ids, which is refused whole where one of them has just gone.
    const command = new DescribeVolumesCommand({
      Filters: [{ Name: 'volume-id', Values: ids.slice(at, at + VOLUMES_A_REQUEST) }],
    });
    const { Volumes = [] } = await ec2.send(command, { abortSignal: signal });
    for (const { VolumeId = '', VolumeType = '', Size = 0, Iops, Throughput } of Volumes) {
      const disk: VolumeAsk = {
        type: VolumeType,
        sizeGb: Size,
        ...(Iops === undefined ? {} : { iops: Iops }),
        ...(Throughput === undefined ? {} : { throughputMbps: Throughput }),
      };
      const perHourUsd = await unlessRefused(null, signal, () => prices.volume(region, disk, signal));
      found.set(VolumeId, {
        kind: 'volume',
        what: `${VolumeId}, ${VolumeType}, ${Size} GB`,
        perHourUsd,
      });
    }
  }
  return found;
}
