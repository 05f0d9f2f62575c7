/** Terms bought beforehand: what AWS offers, what the account has, and buying one. */
import {
  DescribeReservedInstancesCommand,
  PurchaseReservedInstancesOfferingCommand,
  paginateDescribeReservedInstancesOfferings,
  type ReservedInstances,
  type ReservedInstancesOffering,
} from '@aws-sdk/client-ec2';
import type { Reservation, ReservedOffering } from '../../common/cloud/offer.ts';
import { SkilletError } from '../../common/errors.ts';
import type { CatalogueVerbs, ReservedQuery } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { isOutcomeUnknown, toCloudError } from './awsErrors.ts';

type ReservedVerbs = Pick<CatalogueVerbs, 'reservedOfferings' | 'reservations' | 'buyReserved'>;

const MAX_PAGES = 20;
const SECONDS_PER_MONTH = (365 * 86_400) / 12;
/** Clocks differ; a reservation that began before this cannot be the one just bought. */
const CLOCK_MS = 5 * 60_000;

export function createReservedVerbs(clients: AwsClients, now: () => number): ReservedVerbs {
  return {
    async reservedOfferings(ask, signal) {
      try {
        return await listOfferings(clients, ask, signal);
      } catch (error) {
        throw toCloudError(error, ask.instanceType, {
          operation: 'ec2:DescribeReservedInstancesOfferings',
          profile: clients.profile,
        });
      }
    },
    async reservations(region, signal) {
      try {
        return (await listReserved(clients, region, signal)).map((one) => toReservation(one, region));
      } catch (error) {
        throw toCloudError(error, region, { operation: 'ec2:DescribeReservedInstances', profile: clients.profile });
      }
    },
    buyReserved: (offering, count, signal) => buy({ clients, offering, count, since: now() }, signal),
  };
}

/** AWS leaves out convertible ones unless they are asked for, so both kinds are. */
async function listOfferings(
  clients: AwsClients,
  { region, instanceType }: ReservedQuery,
  signal: AbortSignal,
): Promise<readonly ReservedOffering[]> {
  const both = await Promise.all(
    (['standard', 'convertible'] as const).map(async (OfferingClass) => {
      const found: ReservedOffering[] = [];
      const pages = paginateDescribeReservedInstancesOfferings(
        { client: clients.of('ec2', region), pageSize: 100 },
        {
          OfferingClass,
          IncludeMarketplace: false,
          Filters: [
            { Name: 'instance-type', Values: [instanceType] },
            { Name: 'product-description', Values: ['Linux/UNIX'] },
            { Name: 'scope', Values: ['Region'] },
          ],
        },
        { abortSignal: signal },
      );
      let count = 0;
      for await (const { ReservedInstancesOfferings = [] } of pages) {
        found.push(...ReservedInstancesOfferings.flatMap((one) => toOffering(one, region, OfferingClass) ?? []));
        count += 1;
        if (count >= MAX_PAGES) {
          break;
        }
      }
      return found.filter((one) => one.instanceType === instanceType);
    }),
  );
  const byId = new Map(both.flat().map((one) => [one.id, one]));
  return [...byId.values()].sort(
    (a, b) => a.effectivePerHourUsd - b.effectivePerHourUsd || a.upfrontUsd - b.upfrontUsd,
  );
}

const PAYMENTS = {
  'No Upfront': 'noUpfront',
  'Partial Upfront': 'partialUpfront',
  'All Upfront': 'allUpfront',
} as const;

/** Null for what no person should buy by mistake: another currency, hardware of one's own, old ways of paying. */
export function toOffering(
  one: ReservedInstancesOffering,
  region: string,
  asked: 'standard' | 'convertible',
): ReservedOffering | null {
  const payment = PAYMENTS[one.OfferingType as keyof typeof PAYMENTS];
  const seconds = one.Duration ?? 0;
  const isForeign = one.CurrencyCode !== undefined && one.CurrencyCode !== 'USD';
  if (one.ReservedInstancesOfferingId === undefined || payment === undefined || seconds <= 0 || isForeign) {
    return null;
  }
  if (one.InstanceTenancy !== undefined && one.InstanceTenancy !== 'default') {
    return null;
  }
  const upfrontUsd = one.FixedPrice ?? 0;
  const recurring =
    (one.RecurringCharges ?? []).reduce((sum, { Amount = 0 }) => sum + Amount, 0) + (one.UsagePrice ?? 0);
  return {
    id: one.ReservedInstancesOfferingId,
    region,
    instanceType: one.InstanceType ?? '',
    termMonths: Math.round(seconds / SECONDS_PER_MONTH),
    payment,
    offeringClass: one.OfferingClass ?? asked,
    upfrontUsd,
    recurringPerHourUsd: recurring,
    effectivePerHourUsd: upfrontUsd / (seconds / 3600) + recurring,
  };
}

async function listReserved(
  clients: AwsClients,
  region: string,
  signal: AbortSignal,
): Promise<readonly ReservedInstances[]> {
  const answer = await clients
    .of('ec2', region)
    .send(new DescribeReservedInstancesCommand({}), { abortSignal: signal });
  return answer.ReservedInstances ?? [];
}

function toReservation(one: ReservedInstances, region: string): Reservation {
  return {
    id: one.ReservedInstancesId ?? '',
    region,
    instanceType: one.InstanceType ?? '',
    count: one.InstanceCount ?? 0,
    state: one.State ?? 'unknown',
    endsAt: one.End?.toISOString() ?? null,
  };
}

interface Purchase {
  readonly clients: AwsClients;
  readonly offering: ReservedOffering;
  readonly count: number;
  /** Milliseconds since 1970, before it was asked. */
  readonly since: number;
}

/**
 * AWS knows no token for this, so it is asked once and never again; where the answer is lost, the account's reservations
 * tell whether it was bought.
 */
async function buy(purchase: Purchase, signal: AbortSignal): Promise<string> {
  const { clients, offering, count } = purchase;
  const context = { operation: 'ec2:PurchaseReservedInstancesOffering', profile: clients.profile };
  signal.throwIfAborted();
  try {
    // Not given up half-way: a purchase that was sent has to be heard of.
    const { ReservedInstancesId: id } = await clients.once('ec2', offering.region).send(
      new PurchaseReservedInstancesOfferingCommand({
        ReservedInstancesOfferingId: offering.id,
        InstanceCount: count,
      }),
    );
    if (id !== undefined) {
      return id;
    }
  } catch (error) {
    if (!isOutcomeUnknown(error)) {
      throw toCloudError(error, offering.instanceType, context);
    }
  }
  return findBought(purchase);
}

async function findBought({ clients, offering, count, since }: Purchase): Promise<string> {
  const { region, instanceType } = offering;
  const reserved = await listReserved(clients, region, AbortSignal.timeout(60_000)).catch(() => []);
  const bought = reserved.find(
    (one) =>
      one.InstanceType === instanceType &&
      one.InstanceCount === count &&
      one.OfferingClass === offering.offeringClass &&
      (one.Start?.getTime() ?? 0) >= since - CLOCK_MS,
  );
  if (bought?.ReservedInstancesId !== undefined) {
    return bought.ReservedInstancesId;
  }
  throw new SkilletError('cloud-unfinished', instanceType, {
    message: `It is not known whether ${count} × ${instanceType} in ${region} was bought: the connection broke.`,
    remedy: `Look at the reservations of ${region} (skillet reserved aws --region ${region}) before buying again.`,
  });
}
