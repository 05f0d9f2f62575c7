/** What the account may have of each class of machines in a region, and how much of it is in use. */
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import type { OfferQuota } from '../../common/cloud/offer.ts';
import type { AwsClients } from './awsClients.ts';

interface QuotaClass {
  readonly pattern: RegExp;
  readonly onDemand: QuotaCode;
  readonly spot: QuotaCode;
}

interface QuotaCode {
  readonly code: string;
  readonly name: string;
}

const onDemand = (code: string, what: string): QuotaCode => ({ code, name: `Running On-Demand ${what} instances` });
const spot = (code: string, what: string): QuotaCode => ({ code, name: `All ${what} Spot Instance Requests` });

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html; the first that fits. */
const CLASSES: readonly QuotaClass[] = [
  { pattern: /^(g|gr|vt)\d/, onDemand: onDemand('L-DB2E81BA', 'G and VT'), spot: spot('L-3819A6DF', 'G and VT') },
  { pattern: /^p5/, onDemand: onDemand('L-417A185B', 'P'), spot: spot('L-C4BD4855', 'P5') },
  { pattern: /^p\d/, onDemand: onDemand('L-417A185B', 'P'), spot: spot('L-7212CCBC', 'P4, P3 and P2') },
  { pattern: /^dl\d/, onDemand: onDemand('L-6E869C2A', 'DL'), spot: spot('L-85EED4F7', 'DL') },
  { pattern: /^trn\d/, onDemand: onDemand('L-2C3B7624', 'Trn'), spot: spot('L-6B0D517C', 'Trn') },
  { pattern: /^inf\d/, onDemand: onDemand('L-1945791B', 'Inf'), spot: spot('L-B5D1601B', 'Inf') },
  { pattern: /^f\d/, onDemand: onDemand('L-74FC7D96', 'F'), spot: spot('L-88CF9481', 'F') },
  { pattern: /^x\d/, onDemand: onDemand('L-7295265B', 'X'), spot: spot('L-E3A00192', 'X') },
  {
    pattern: /^(a|c|d|h|i|im|is|m|r|t|z)\d/,
    onDemand: onDemand('L-1216C47A', 'Standard'),
    spot: spot('L-34B43A08', 'Standard'),
  },
];

/** What a type is counted by; null for a kind that no class of these has. */
export function quotaClassOf(instanceType: string): QuotaClass | null {
  return CLASSES.find(({ pattern }) => pattern.test(instanceType)) ?? null;
}

export interface QuotasOfRegion {
  quota(instanceType: string, needed: number, purchase: 'onDemand' | 'spot'): OfferQuota | null;
}

export interface QuotasAsk {
  readonly region: string;
  readonly types: readonly string[];
}

/** @throws The service's error; what machines use is then not known either, as nobody needs it. */
export async function askQuotas(
  clients: AwsClients,
  { region, types }: QuotasAsk,
  signal: AbortSignal,
): Promise<QuotasOfRegion> {
  const classes = new Set(types.map(quotaClassOf).filter((one) => one !== null));
  const codes = [...new Set([...classes].flatMap((one) => [one.onDemand.code, one.spot.code]))];
  const [limits, used] = await Promise.all([
    Promise.all(codes.map(async (code) => [code, await askLimit(clients, region, code, signal)] as const)),
    // Quotas are worth showing without it.
    askUsed(clients, region, signal).catch((error: unknown) => (signal.aborted ? Promise.reject(error) : null)),
  ]);
  const limitOf = new Map(limits);
  return {
    quota(instanceType, needed, purchase) {
      const quota = quotaClassOf(instanceType)?.[purchase];
      const limit = quota === undefined ? null : (limitOf.get(quota.code) ?? null);
      if (quota === undefined || limit === null) {
        return null;
      }
      return {
        unit: 'vCPUs',
        name: quota.name,
        limit,
        needed,
        used: used === null ? null : (used.get(quota.code) ?? 0),
        requestUrl: `https://${region}.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${quota.code}`,
      };
    },
  };
}

/** The account's own; AWS's default where the account never had another. */
async function askLimit(
  clients: AwsClients,
  region: string,
  code: string,
  signal: AbortSignal,
): Promise<number | null> {
  const client = clients.of('quotas', region);
  const ask = { ServiceCode: 'ec2', QuotaCode: code };
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(ask), { abortSignal: signal });
    return Quota?.Value ?? null;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NoSuchResourceException') {
      throw error;
    }
  }
  try {
    const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(ask), { abortSignal: signal });
    return Quota?.Value ?? null;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchResourceException') {
      return null; // A region without that kind of machine.
    }
    throw error;
  }
}

/** vCPUs of machines that run or begin to, by the code of the quota that counts them. */
async function askUsed(clients: AwsClients, region: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const used = new Map<string, number>();
  const pages = paginateDescribeInstances(
    { client: clients.of('ec2', region), pageSize: 1000 },
    { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }] },
    { abortSignal: signal },
  );
  for await (const page of pages) {
    for (const one of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)) {
      const { CoreCount: cores = 0, ThreadsPerCore: threads = 1 } = one.CpuOptions ?? {};
      const quota = quotaClassOf(one.InstanceType ?? '')?.[one.InstanceLifecycle === 'spot' ? 'spot' : 'onDemand'];
      if (quota !== undefined) {
        used.set(quota.code, (used.get(quota.code) ?? 0) + cores * threads);
      }
    }
  }
  return used;
}
