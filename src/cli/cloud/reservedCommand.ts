/** `skillet reserved`: terms of a machine beside its price on demand, what the account has, and buying one. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import type { ReservedOffering } from '../../common/cloud/offer.ts';
import { formatUsd, HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import { SkilletError } from '../../common/errors.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { interruptible } from './interruptible.ts';
import { positive } from './offersCommand.ts';
import { reservationsTable, reservedTable } from './offersText.ts';
import { openCloud } from './openCloud.ts';

const options = {
  account: { type: 'string' },
  region: { type: 'string' },
  type: { type: 'string' },
  'hours-per-month': { type: 'string' },
  buy: { type: 'string' },
  count: { type: 'string' },
  confirm: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const print = (lines: readonly string[]) => process.stdout.write(`${lines.map(printable).join('\n')}\n`);

export async function reservedCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const { account, type, json } = values;
  const provider = openCloud(modules, {
    provider: positionals[0] ?? '',
    ...(account === undefined ? {} : { account }),
  });
  const region = values.region ?? (await provider.defaultRegion());
  if (type === undefined) {
    return showReservations(provider, region, json === true);
  }
  const hoursPerMonth = positive('--hours-per-month', values['hours-per-month']) ?? HOURS_PER_MONTH;
  const offerings = await interruptible((signal) => provider.reservedOfferings({ region, instanceType: type }, signal));
  if (values.buy === undefined) {
    const onDemandPerHourUsd = await interruptible((signal) => onDemandOf(provider, { region, type }, signal));
    if (json === true) {
      process.stdout.write(`${JSON.stringify({ region, onDemandPerHourUsd, hoursPerMonth, offerings })}\n`);
      return EXIT.completed;
    }
    print([
      `${type} in ${region}: ${formatUsd(onDemandPerHourUsd)} an hour on demand, for ${hoursPerMonth} hours a month; a term is paid for all ${HOURS_PER_MONTH}, used or not`,
      '',
      ...(offerings.length === 0
        ? ['No terms are offered for it there.']
        : reservedTable(offerings, { onDemandPerHourUsd, hoursPerMonth })),
    ]);
    return EXIT.completed;
  }
  const offering = offerings.find(({ id }) => id === values.buy);
  if (offering === undefined) {
    throw new SkilletError('cli-usage', '--buy', {
      message: `${values.buy} is no term that is offered for ${type} in ${region}.`,
      remedy: `See skillet reserved ${provider.id} --type ${type} --region ${region}.`,
    });
  }
  return buy(provider, offering, { count: wholeCount(values.count), confirm: values.confirm, isJson: json === true });
}

async function showReservations(provider: Provider, region: string, isJson: boolean): Promise<number> {
  const reservations = await interruptible((signal) => provider.reservations(region, signal));
  if (isJson) {
    process.stdout.write(`${JSON.stringify(reservations)}\n`);
  } else {
    print(
      reservations.length === 0
        ? [`No reservations in ${region}. Name a machine with --type to see what is offered.`]
        : reservationsTable(reservations),
    );
  }
  return EXIT.completed;
}

/** Null where it is not known. */
async function onDemandOf(
  provider: Provider,
  { region, type }: { readonly region: string; readonly type: string },
  signal: AbortSignal,
): Promise<number | null> {
  let price: number | null = null;
  const query = { regions: [region], instanceType: type, withoutGpu: true };
  for await (const { offers } of provider.offers(query, signal)) {
    price = offers.find((one) => one.instanceType === type)?.onDemandPerHourUsd ?? price;
  }
  return price;
}

function wholeCount(text: string | undefined): number {
  const count = positive('--count', text) ?? 1;
  if (!Number.isInteger(count)) {
    throw new SkilletError('cli-usage', '--count', { message: `is ${text}.`, remedy: 'Give a whole number.' });
  }
  return count;
}

interface BuyOptions {
  readonly count: number;
  readonly confirm: string | undefined;
  readonly isJson: boolean;
}

/** A term cannot be given back, so its machine's name must be typed; nothing skips that. */
async function buy(provider: Provider, offering: ReservedOffering, ask: BuyOptions): Promise<number> {
  const { instanceType, region, termMonths, upfrontUsd, recurringPerHourUsd } = offering;
  const { count } = ask;
  const hours = (termMonths / 12) * 365 * 24;
  const total = count * (upfrontUsd + recurringPerHourUsd * hours);
  const what = `${count} × ${instanceType} in ${region} for ${termMonths} months: ${formatUsd(count * upfrontUsd)} now and ${formatUsd(count * recurringPerHourUsd)} for every hour, ${formatUsd(total)} in all. It cannot be given back.`;
  const typed = ask.confirm ?? (await typedName(what, instanceType));
  if (typed.trim() !== instanceType) {
    throw new SkilletError('cli-usage', '--confirm', {
      message: `${typed.trim() === '' ? 'Nothing' : typed.trim()} is not ${instanceType}; nothing was bought.`,
      remedy: `Type ${instanceType} to buy it.`,
    });
  }
  const id = await interruptible((signal) => provider.buyReserved(offering, count, signal));
  if (ask.isJson) {
    process.stdout.write(`${JSON.stringify({ id, region, instanceType, count, termMonths })}\n`);
  } else {
    print([`Bought ${count} × ${instanceType} in ${region} for ${termMonths} months: ${id}`]);
  }
  return EXIT.completed;
}

async function typedName(what: string, instanceType: string): Promise<string> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw new SkilletError('cli-usage', '--confirm', {
      message: `is missing. ${what}`,
      remedy: `Give --confirm ${instanceType} to buy it.`,
    });
  }
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await asking.question(`${what}\nType ${instanceType} to buy: `);
  } finally {
    asking.close();
  }
}
