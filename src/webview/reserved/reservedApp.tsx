/** The whole page: which machine, how long it will run, what each term costs beside paying by the hour. */
import { dollars, dollarsPerHour } from '../../common/cloud/dollars.ts';
import type { ReservedOffering } from '../../common/cloud/offer.ts';
import { HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import { reservedCosts } from '../../common/cloud/reservedCosts.ts';
import type { FromReservedPage, Purchase, ReservedFinding } from '../../common/reservedMessages.ts';
import type { ReservedModel } from './reservedModel.ts';

interface AppProps {
  readonly model: ReservedModel;
  change(part: Partial<ReservedModel>): void;
  find(): void;
  send(message: FromReservedPage): void;
}

export function ReservedApp(props: AppProps) {
  const { model } = props;
  const { finding, problem, purchase, isAsking } = model;
  return (
    <main class="reserved">
      <header>
        <h1>Reserved Instances</h1>
        <p class="muted about">
          A term is paid whether the machine runs or not. It is worth it for a machine that runs most of the time.
        </p>
      </header>
      <Ask {...props} />
      <div role="status" class="told">
        {purchase === null ? null : <Told purchase={purchase} />}
        {problem === null ? null : (
          <p class="fault">
            <span class="codicon codicon-error" aria-hidden="true" /> {problem.message} {problem.remedy}
          </p>
        )}
        {isAsking ? <p class="muted">Asking for terms…</p> : null}
        {finding?.faults.map((fault) => (
          <p key={fault}>
            <span class="codicon codicon-warning" aria-hidden="true" /> {fault}
          </p>
        ))}
      </div>
      {finding === null ? null : <Terms {...props} finding={finding} />}
      {finding === null || finding.reservations === null ? null : <Mine finding={finding} />}
    </main>
  );
}

function Ask({ model, change, find }: AppProps) {
  return (
    <form
      class="wishes"
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <label>
        Region{' '}
        <select
          value={model.region}
          onChange={({ currentTarget }) => {
            change({ region: currentTarget.value });
            find();
          }}
        >
          {model.regions.map(({ name, title }) => (
            <option key={name} value={name} selected={name === model.region}>
              {name} {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Instance type{' '}
        <input
          type="text"
          class="type"
          spellcheck={false}
          placeholder="g5.xlarge"
          value={model.instanceType}
          onInput={({ currentTarget }) => change({ instanceType: currentTarget.value })}
        />
      </label>
      <button type="submit" class="primary">
        Find Terms
      </button>
      <label>
        How many{' '}
        <input
          type="text"
          class="short"
          value={model.count}
          onInput={({ currentTarget }) => change({ count: currentTarget.value })}
        />
      </label>
      <label class="hours">
        It will run{' '}
        <input
          type="range"
          min={0}
          max={HOURS_PER_MONTH}
          step={10}
          value={model.hoursPerMonth}
          aria-valuetext={`${model.hoursPerMonth} hours a month`}
          onInput={({ currentTarget }) => change({ hoursPerMonth: Number(currentTarget.value) })}
        />{' '}
        <span class="hours-words">{model.hoursPerMonth} hours a month</span>
      </label>
    </form>
  );
}

function Told({ purchase }: { readonly purchase: Purchase }) {
  switch (purchase.state) {
    case 'buying':
      return <p>Buying {purchase.title}…</p>;
    case 'bought':
      return (
        <p>
          <span class="codicon codicon-pass" aria-hidden="true" /> Bought {purchase.title}: {purchase.id}.
        </p>
      );
    case 'refused':
      return (
        <p class="fault">
          <span class="codicon codicon-error" aria-hidden="true" /> Not bought: {purchase.title}.{' '}
          {purchase.problem.message} {purchase.problem.remedy}
        </p>
      );
    case 'unknown':
      return (
        <p class="fault">
          <span class="codicon codicon-question" aria-hidden="true" /> It is not known whether {purchase.title} was
          bought: {purchase.problem.message} Look at your reservations below, or in AWS’s console, before you buy again.
        </p>
      );
  }
}

const PAYMENTS = { noUpfront: 'no upfront', partialUpfront: 'partial upfront', allUpfront: 'all upfront' } as const;

function Terms(props: AppProps & { readonly finding: ReservedFinding }) {
  const { finding, model } = props;
  const { offerings, instanceType, region, onDemandPerHourUsd } = finding;
  if (offerings.length === 0) {
    return (
      <p>
        No term is offered for {instanceType} in {region}.
      </p>
    );
  }
  const monthly = onDemandPerHourUsd === null ? null : onDemandPerHourUsd * model.hoursPerMonth;
  return (
    <section aria-labelledby="terms-title">
      <h2 id="terms-title">
        Terms for one {instanceType} in {region}
      </h2>
      <p class="muted">
        On demand it is {dollarsPerHour(onDemandPerHourUsd)}
        {monthly === null ? '' : `, ${dollars(monthly)} a month at ${model.hoursPerMonth} hours`}.
      </p>
      <div class="scroll">
        <table class="terms">
          <thead>
            <tr>
              <th scope="col">Term</th>
              <th scope="col">Payment</th>
              <th scope="col">Class</th>
              {['Upfront', 'Per hour', 'Effective per hour', 'Worth it from', 'Against on demand'].map((text) => (
                <th key={text} scope="col" class="right">
                  {text}
                </th>
              ))}
              <th scope="col">
                <span class="hidden">Buy</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {offerings.map((offering) => (
              <Term key={offering.id} offering={offering} {...props} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

type TermProps = AppProps & { readonly finding: ReservedFinding; readonly offering: ReservedOffering };

function Term({ offering, finding, model, send }: TermProps) {
  const { termMonths, payment, offeringClass, upfrontUsd, recurringPerHourUsd, effectivePerHourUsd } = offering;
  const costs = reservedCosts(offering, finding.onDemandPerHourUsd, model.hoursPerMonth);
  const count = Number(model.count);
  const isCount = Number.isInteger(count) && count >= 1;
  const isBuying = model.purchase?.state === 'buying';
  const canBuy = isCount && !isBuying;
  return (
    <tr>
      <th scope="row">{termMonths === 12 ? '1 year' : `${termMonths / 12} years`}</th>
      <td>{PAYMENTS[payment]}</td>
      <td>{offeringClass}</td>
      <td class="right" data-label="Upfront">
        {upfrontUsd === 0 ? 'nothing' : dollars(upfrontUsd)}
      </td>
      <td class="right" data-label="Per hour">
        {recurringPerHourUsd === 0 ? 'nothing' : dollars(recurringPerHourUsd)}
      </td>
      <td class="right" data-label="Effective per hour">
        {dollars(effectivePerHourUsd)}
      </td>
      <td class="right" data-label="Worth it from">
        {breakEvenText(costs.breakEvenHoursPerMonth, finding.onDemandPerHourUsd)}
      </td>
      <td class={`right ${(costs.savingUsd ?? 0) < 0 ? 'loss' : ''}`} data-label="Against on demand">
        {savingText(costs.savingUsd, termMonths)}
      </td>
      <td>
        <button
          type="button"
          class="secondary"
          aria-disabled={!canBuy}
          aria-label={`Buy ${termMonths} months, ${PAYMENTS[payment]}, ${offeringClass}`}
          onClick={() => canBuy && send({ type: 'buy', offering: offering.id, count })}
        >
          Buy…
        </button>
      </td>
    </tr>
  );
}

function breakEvenText(hours: number | null, onDemandUsd: number | null): string {
  if (onDemandUsd === null) {
    return '—';
  }
  return hours === null ? 'never' : `${Math.ceil(hours)} h a month`;
}

function savingText(usd: number | null, months: number): string {
  if (usd === null) {
    return '—';
  }
  const term = months === 12 ? '1 year' : `${months / 12} years`;
  return `${usd < 0 ? 'loses' : 'saves'} ${dollars(Math.abs(usd))} in ${term}`;
}

function Mine({ finding: { reservations, region } }: { readonly finding: ReservedFinding }) {
  return (
    <section aria-labelledby="mine-title" class="mine">
      <h2 id="mine-title">My reservations in {region}</h2>
      {reservations === null || reservations.length === 0 ? <p class="muted">None.</p> : null}
      <ul>
        {reservations?.map(({ id, instanceType, count, state, endsAt }) => (
          <li key={id}>
            {count} × {instanceType}, {state}
            {endsAt === null ? '' : `, until ${endsAt.slice(0, 10)}`} <span class="muted">{id}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
