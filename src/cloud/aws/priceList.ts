/** Reads what the Price List API answers: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html */
import { type Filter, type PricingClient, paginateGetProducts } from '@aws-sdk/client-pricing';

/** A product with its on-demand price. */
export interface Product {
  readonly family: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly usd: number;
}

export interface ProductsQuery {
  readonly serviceCode: 'AmazonEC2' | 'AmazonVPC';
  /** Each field has this value, or one of these. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

/** A list that never ends is a fault at the other end, and must not become an endless loop at this one. */
const MAX_PAGES = 40;

export async function listProducts(
  client: PricingClient,
  { serviceCode, fields }: ProductsQuery,
  signal: AbortSignal,
): Promise<readonly Product[]> {
  const filters = Object.entries(fields).map(
    ([field, value]): Filter =>
      typeof value === 'string'
        ? { Type: 'TERM_MATCH', Field: field, Value: value }
        : { Type: 'ANY_OF', Field: field, Value: value.join(',') },
  );
  const products: Product[] = [];
  let pages = 0;
  const input = { ServiceCode: serviceCode, Filters: filters, FormatVersion: 'aws_v1' };
  for await (const page of paginateGetProducts({ client, pageSize: 100 }, input, { abortSignal: signal })) {
    // The SDK's type says objects; the service sends a string of JSON for each.
    products.push(...(page.PriceList ?? []).flatMap((text: unknown) => readProduct(String(text))));
    pages += 1;
    if (pages >= MAX_PAGES) {
      break;
    }
  }
  return products;
}

/** @param text One entry of `PriceList`. @returns One for each price; none for what has no price in dollars. */
export function readProduct(text: string): readonly Product[] {
  const entry = readJson(text) as {
    product?: { productFamily?: string; attributes?: Record<string, string> };
    terms?: { OnDemand?: Record<string, { priceDimensions?: Record<string, PriceDimension> }> };
  };
  const dimensions = Object.values(entry.terms?.OnDemand ?? {}).flatMap(({ priceDimensions = {} }) =>
    Object.values(priceDimensions),
  );
  return dimensions.flatMap(({ unit = '', pricePerUnit, beginRange = '0' }): Product[] => {
    const usd = Number.parseFloat(pricePerUnit?.USD ?? '');
    // Tiers of use: the first is what a person pays at first.
    return Number.isFinite(usd) && beginRange === '0'
      ? [{ family: entry.product?.productFamily ?? '', attributes: entry.product?.attributes ?? {}, unit, usd }]
      : [];
  });
}

interface PriceDimension {
  readonly unit?: string;
  readonly beginRange?: string;
  readonly pricePerUnit?: Readonly<Record<string, string>>;
}

function readJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
