/** `skillet offers`: GPU machines of a provider with their prices, the cheapest first. */
import { parseArgs } from 'node:util';
import type { OffersOfRegion, Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import type { Offer, OfferQuery } from '../../common/cloud/offer.ts';
import { SkilletError } from '../../common/errors.ts';
import { createScreen } from '../screen.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { interruptible } from './interruptible.ts';
import { offersTable } from './offersText.ts';
import { openCloud } from './openCloud.ts';

const GIB = 2 ** 30;
const options = {
  account: { type: 'string' },
  region: { type: 'string', multiple: true },
  'all-regions': { type: 'boolean' },
  gpu: { type: 'string' },
  gpus: { type: 'string' },
  'gpu-memory': { type: 'string' },
  type: { type: 'string' },
  count: { type: 'string' },
  'without-gpu': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export async function offersCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const { account } = values;
  const provider = openCloud(modules, {
    provider: positionals[0] ?? '',
    ...(account === undefined ? {} : { account }),
  });
  const gib = positive('--gpu-memory', values['gpu-memory']);
  const gpuCount = positive('--gpus', values.gpus);
  const count = positive('--count', values.count);
  const wanted = {
    ...(values.gpu === undefined ? {} : { gpuName: values.gpu }),
    ...(values.type === undefined ? {} : { instanceType: values.type }),
    ...(gib === undefined ? {} : { gpuMemoryBytes: gib * GIB }),
    ...(gpuCount === undefined ? {} : { gpuCount }),
    ...(count === undefined ? {} : { count }),
    withoutGpu: values['without-gpu'] === true,
  };
  const asked = { regions: values.region ?? [], isAll: values['all-regions'] === true };
  const found = await interruptible(async (signal) => {
    const regions = await regionsOf(provider, asked, signal);
    return collect(provider, { ...wanted, regions }, signal);
  });
  const offers = [...found.values()].flatMap((one) => one.offers).toSorted(byPrice);
  const faults = [...new Set([...found.values()].flatMap((one) => one.faults))];
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ offers, faults })}\n`);
  } else {
    const lines = offers.length === 0 ? ['No machine fits.'] : offersTable(offers);
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
    process.stderr.write(faults.map((fault) => `${printable(fault)}\n`).join(''));
  }
  return offers.length === 0 && faults.length > 0 ? EXIT.refused : EXIT.completed;
}

async function regionsOf(
  provider: Provider,
  { regions, isAll }: { readonly regions: readonly string[]; readonly isAll: boolean },
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (isAll) {
    return (await provider.regions(signal)).map(({ name }) => name);
  }
  return regions.length > 0 ? regions : [await provider.defaultRegion()];
}

/** The last word of each region. */
async function collect(
  provider: Provider,
  query: OfferQuery,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, OffersOfRegion>> {
  const screen = createScreen(process.stderr);
  const found = new Map<string, OffersOfRegion>();
  const tell = () => {
    const done = [...found.values()].filter((one) => one.isComplete).length;
    const count = [...found.values()].reduce((sum, one) => sum + one.offers.length, 0);
    screen.redraw(`${count} machines so far; ${done} of ${query.regions.length} regions have told their prices…`);
  };
  tell();
  try {
    for await (const one of provider.offers(query, signal)) {
      found.set(one.region, one);
      tell();
    }
  } finally {
    screen.redraw('');
  }
  return found;
}

/** By what an hour costs on demand; those without a price last. */
function byPrice(a: Offer, b: Offer): number {
  const price = ({ onDemandPerHourUsd }: Offer) => onDemandPerHourUsd ?? Number.MAX_VALUE;
  return (
    price(a) - price(b) ||
    a.instanceType.localeCompare(b.instanceType, 'en', { numeric: true }) ||
    a.region.localeCompare(b.region)
  );
}

export function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new SkilletError('cli-usage', name, { message: `is ${text}.`, remedy: 'Give a number above 0.' });
  }
  return value;
}
