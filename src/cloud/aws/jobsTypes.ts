/** The machines that SageMaker's training jobs can run on, with their prices in a region. */
import { paginateGetProducts } from '@aws-sdk/client-pricing';
import type { JobType } from '../../common/cloud/job.ts';
import { SkilletError } from '../../common/errors.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { hasGpu } from './jobsImage.ts';

/** What can be offered where prices may not be asked. */
const COMMON: readonly JobType[] = [
  common('ml.g4dn.xlarge', 4, '16 GiB', '1 × T4'),
  common('ml.g5.xlarge', 4, '16 GiB', '1 × A10G'),
  common('ml.g5.2xlarge', 8, '32 GiB', '1 × A10G'),
  common('ml.g6.xlarge', 4, '16 GiB', '1 × L4'),
  common('ml.p3.2xlarge', 8, '61 GiB', '1 × V100'),
  common('ml.m5.large', 2, '8 GiB', null),
  common('ml.m5.xlarge', 4, '16 GiB', null),
  common('ml.c5.xlarge', 4, '8 GiB', null),
];

function common(instanceType: string, vcpus: number, memory: string, gpu: string | null): JobType {
  return { instanceType, vcpus, memory, gpu, perHourUsd: null };
}

/** With cards first, then cheapest first. The price list of AWS is asked in one region for all of them. */
export async function listJobTypes(
  clients: AwsClients,
  region: string,
  signal: AbortSignal,
): Promise<readonly JobType[]> {
  const filter = (Field: string, Value: string) => ({ Type: 'TERM_MATCH' as const, Field, Value });
  const ask = {
    ServiceCode: 'AmazonSageMaker',
    Filters: [filter('regionCode', region), filter('component', 'Training')],
  };
  const types = new Map<string, JobType>();
  try {
    const pages = paginateGetProducts({ client: clients.of('pricing', region), pageSize: 100 }, ask, {
      abortSignal: signal,
    });
    for await (const page of pages) {
      for (const text of page.PriceList ?? []) {
        const type = toJobType(text);
        if (type !== null && (types.get(type.instanceType)?.perHourUsd ?? null) === null) {
          types.set(type.instanceType, type);
        }
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(toCloudError(error, 'prices') instanceof SkilletError)) {
      throw error;
    }
    // Prices are a help: a job can be submitted by whoever may not ask for them.
  }
  return types.size === 0 ? COMMON : [...types.values()].sort(byCardsAndPrice);
}

interface Product {
  readonly product?: { readonly attributes?: Readonly<Record<string, string>> };
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, Term>> };
}

interface Term {
  readonly priceDimensions?: Readonly<
    Record<string, { readonly unit?: string; readonly pricePerUnit?: { readonly USD?: string } }>
  >;
}

function toJobType(text: unknown): JobType | null {
  const { product, terms }: Product = JSON.parse(String(text)); // The SDK wraps the text in an object of its own.
  const attributes = product?.attributes ?? {};
  const name = /ml\.[a-z0-9-]+\.[a-z0-9-]+?(?=-Training$|$)/.exec(
    attributes.instanceName ?? attributes.instanceType ?? '',
  );
  if (name === null) {
    return null;
  }
  const dimensions = Object.values(terms?.OnDemand ?? {}).flatMap((term) => Object.values(term.priceDimensions ?? {}));
  const price = Number(dimensions.find(({ unit }) => /^hrs?$|hour/i.test(unit ?? ''))?.pricePerUnit?.USD ?? Number.NaN);
  const cards = Number(attributes.gpu ?? attributes.physicalGpu);
  const card = /^[\dN]/.test(attributes.physicalGpu ?? 'N/A') ? null : (attributes.physicalGpu ?? null);
  return {
    instanceType: name[0],
    vcpus: Number(attributes.vCpu) || null,
    memory: attributes.memory ?? null,
    gpu: cards > 0 ? `${cards} × ${card ?? 'GPU'}` : hasGpu(name[0]) ? 'GPU' : null,
    perHourUsd: Number.isFinite(price) && price > 0 ? price : null,
  };
}

function byCardsAndPrice(a: JobType, b: JobType): number {
  const price = ({ perHourUsd }: JobType) => perHourUsd ?? Number.MAX_VALUE;
  return (
    Number(a.gpu === null) - Number(b.gpu === null) || price(a) - price(b) || (a.instanceType < b.instanceType ? -1 : 1)
  );
}
