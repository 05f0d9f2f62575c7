/** Answers the page "Reserved Instances", and buys once what a person has confirmed. It knows nothing of an editor. */
import type { Provider } from '../../../cloud/provider.ts';
import { dollars } from '../../../common/cloud/dollars.ts';
import type { ReservedOffering } from '../../../common/cloud/offer.ts';
import { isOutcomeOpen } from '../../../common/cloud/outcome.ts';
import { reservedCosts } from '../../../common/cloud/reservedCosts.ts';
import { type Problem, toProblem } from '../../../common/errors.ts';
import type { FromReservedPage, Purchase, ReservedFinding, ToReservedPage } from '../../../common/reservedMessages.ts';
import { createLatest } from './latest.ts';

/** What a person is asked before a purchase. */
export interface PurchaseQuestion {
  /** To be typed exactly. */
  readonly instanceType: string;
  /** `1 × g5.xlarge in us-east-1, 12 months, all upfront`. */
  readonly title: string;
  /** The sentences with the sums. */
  readonly detail: string;
  readonly committedUsd: number;
}

export interface ReservedSessionParts {
  provider(): Provider;
  /** Where the page begins. */
  readonly wanted: { readonly region: string | null; readonly instanceType: string };
  /** Whether a person has typed the type and said yes. */
  confirm(question: PurchaseQuestion): Promise<boolean>;
  tell(message: ToReservedPage): void;
}

export interface ReservedSession {
  receive(message: FromReservedPage): Promise<void>;
  /** Another machine is wanted, from outside of the page. */
  want(wanted: { readonly region: string | null; readonly instanceType: string }): void;
  dispose(): void;
}

const PAYMENTS = { noUpfront: 'no upfront', partialUpfront: 'partial upfront', allUpfront: 'all upfront' } as const;

export function createReservedSession(parts: ReservedSessionParts): ReservedSession {
  const { tell } = parts;
  let { wanted } = parts;
  let offerings: readonly ReservedOffering[] = [];
  let isBuying = false;
  let purchase: Purchase | null = null;
  const failed = (error: unknown) => tell({ type: 'beginFailed', problem: toProblem(error, 'reserved') });
  const beginning = createLatest(failed);
  const finding = createLatest(failed);

  const begin = () =>
    beginning.begin(async (signal) => {
      const cloud = parts.provider();
      const [regions, region] = await Promise.all([cloud.regions(signal), wanted.region ?? cloud.defaultRegion()]);
      signal.throwIfAborted();
      tell({ type: 'begin', regions, region, instanceType: wanted.instanceType });
      tell({ type: 'purchase', purchase });
    });
  const find = ({ ask, region, instanceType }: Extract<FromReservedPage, { type: 'find' }>) =>
    finding.begin(async (signal) => {
      try {
        const found = await findAll(parts.provider(), { region, instanceType }, signal);
        signal.throwIfAborted();
        offerings = found.offerings;
        tell({ type: 'finding', ask, finding: found });
      } catch (error) {
        if (!signal.aborted) {
          tell({ type: 'findFailed', ask, problem: toProblem(error, 'reserved') });
        }
      }
    });
  const show = (next: Purchase | null) => {
    purchase = next;
    tell({ type: 'purchase', purchase });
  };
  const buy = async ({ offering: id, count }: Extract<FromReservedPage, { type: 'buy' }>) => {
    const offering = offerings.find((one) => one.id === id);
    if (offering === undefined || isBuying || !Number.isInteger(count) || count < 1) {
      return;
    }
    isBuying = true;
    const question = questionOf(offering, count);
    const { title } = question;
    try {
      if (!(await parts.confirm(question))) {
        return;
      }
      show({ state: 'buying', title });
      // No signal: what is asked for cannot be taken back, so the answer is waited for even without a page.
      const bought = await parts.provider().buyReserved(offering, count, new AbortController().signal);
      show({ state: 'bought', title, id: bought });
    } catch (error) {
      const problem: Problem = toProblem(error, 'reserved');
      show({ state: isOutcomeOpen(problem.code) ? 'unknown' : 'refused', title, problem });
    } finally {
      isBuying = false;
    }
  };
  return {
    async receive(message) {
      switch (message.type) {
        case 'ready':
          return begin();
        case 'find':
          return find(message);
        case 'buy':
          return buy(message);
      }
    },
    want(next) {
      wanted = next;
      begin();
    },
    dispose() {
      beginning.end();
      finding.end();
    },
  };
}

function questionOf(offering: ReservedOffering, count: number): PurchaseQuestion {
  const { instanceType, region, termMonths, payment, offeringClass, upfrontUsd, recurringPerHourUsd } = offering;
  const committedUsd = reservedCosts(offering, null, 0).committedUsd * count;
  const title = `${count} × ${instanceType} in ${region}, ${termMonths} months, ${PAYMENTS[payment]}`;
  return {
    instanceType,
    title,
    committedUsd,
    detail: [
      `${dollars(committedUsd)} in total for ${termMonths} months, used or not:`,
      `${sum(upfrontUsd * count)} now and ${sum(recurringPerHourUsd * count)} for each hour of the term.`,
      `The class is ${offeringClass}. It cannot be cancelled.`,
    ].join(' '),
  };
}

function sum(usd: number): string {
  return usd === 0 ? 'nothing' : dollars(usd);
}

async function findAll(
  provider: Provider,
  ask: { readonly region: string; readonly instanceType: string },
  signal: AbortSignal,
): Promise<ReservedFinding> {
  const faults: string[] = [];
  const orNull = async <T>(what: string, asked: Promise<T>): Promise<T | null> => {
    try {
      return await asked;
    } catch (error) {
      signal.throwIfAborted();
      faults.push(`${what}: ${toProblem(error, what).message}`);
      return null;
    }
  };
  const [offerings, onDemandPerHourUsd, reservations] = await Promise.all([
    provider.reservedOfferings(ask, signal),
    orNull('The on-demand price', onDemandPrice(provider, ask, signal)),
    orNull('Your reservations', provider.reservations(ask.region, signal)),
  ]);
  return { ...ask, offerings, onDemandPerHourUsd, reservations, faults };
}

async function onDemandPrice(
  provider: Provider,
  { region, instanceType }: { readonly region: string; readonly instanceType: string },
  signal: AbortSignal,
): Promise<number | null> {
  let usd: number | null = null;
  for await (const { offers } of provider.offers({ regions: [region], instanceType, withoutGpu: true }, signal)) {
    usd = offers.find((one) => one.instanceType === instanceType)?.onDemandPerHourUsd ?? usd;
  }
  return usd;
}
