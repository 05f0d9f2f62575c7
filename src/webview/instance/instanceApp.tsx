/** The whole page of a machine: what it is and does on top, money beside facts, tags below. */
import { type FleetRow, sumCosts } from '../../common/cloud/fleet.ts';
import {
  factsOf,
  formatBurning,
  formatCost,
  instanceTitle,
  perMonth,
  STATE_WORDS,
  soFarNow,
} from '../../common/cloud/instanceText.ts';
import { HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import type { FromInstancePage, ToInstancePage } from '../../common/instanceMessages.ts';
import { ActionBar } from './actionBar.tsx';

interface PageProps {
  readonly told: ToInstancePage | null;
  /** ms */
  readonly now: number;
  send(message: FromInstancePage): void;
}

export function InstanceApp({ told, now, send }: PageProps) {
  if (told === null) {
    return <p class="loading muted">asking…</p>;
  }
  const { row, ref, fault } = told;
  return (
    <main class="instance">
      <Head told={told} send={send} />
      {fault === null ? null : <Fault fault={fault} send={send} />}
      {row === null ? (
        <p class="muted gone" role="status">
          {told.isKnown
            ? `There is no machine ${ref.id} in ${ref.region} any more.`
            : fault === null
              ? 'asking…'
              : 'Not known yet.'}
        </p>
      ) : (
        <div class="columns">
          <Costs row={row} now={now} />
          <Facts title="Machine" facts={factsOf(row, now)} />
          <Facts title="Tags" facts={Object.entries(row.instance.tags)} />
        </div>
      )}
    </main>
  );
}

function Head({ told: { row, ref, regionTitle, profile }, send }: Pick<PageProps, 'send'> & { told: ToInstancePage }) {
  const state = row?.instance.state ?? 'unknown';
  const where = regionTitle === ref.region ? ref.region : `${regionTitle} (${ref.region})`;
  return (
    <header>
      <div class="head-line">
        <h1>{row === null ? ref.id : instanceTitle(row.instance)}</h1>
        {row === null ? null : (
          <span class={`state ${state}`} role="status">
            <span class="dot" aria-hidden="true" /> {STATE_WORDS[state]}
          </span>
        )}
      </div>
      <p class="muted">
        {row === null ? '' : `${row.instance.instanceType} · `}
        {where} · profile {profile}
      </p>
      <ActionBar state={row === null ? null : state} send={send} />
    </header>
  );
}

function Fault({ fault, send }: { fault: NonNullable<ToInstancePage['fault']> } & Pick<PageProps, 'send'>) {
  const isSignedOut = fault.code === 'cloud-credentials';
  return (
    <div class="fault" role="alert">
      <span class="codicon codicon-warning" aria-hidden="true" />
      <p>
        {fault.message} {fault.remedy} What is shown may be old.
      </p>
      <button
        type="button"
        class="secondary"
        onClick={() => send(isSignedOut ? { type: 'act', action: 'signIn' } : { type: 'refresh' })}
      >
        {isSignedOut ? 'Sign In Again' : 'Try Again'}
      </button>
    </div>
  );
}

function Costs({ row, now }: { row: FleetRow; now: number }) {
  const { cost, instance } = row;
  const isOver = instance.state === 'terminated';
  const big: readonly (readonly [string, string])[] = [
    ['an hour', isOver ? '$0.00' : formatBurning(sumCosts([row])).replace('/h', '')],
    ['since its last start', formatCost(soFarNow(row, now))],
    ['a month like this', formatCost(isOver ? 0 : perMonth(row))],
  ];
  return (
    <section aria-label="Costs">
      <h2>Costs</h2>
      <dl class="sums">
        {big.map(([label, value]) => (
          <div key={label}>
            <dt class="muted">{label}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
      {cost === null && !isOver ? <p class="muted">Prices are being asked for.</p> : null}
      {cost?.parts === undefined || cost.parts.length === 0 ? null : (
        <table>
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" class="right">
                An hour
              </th>
              <th scope="col" class="right">
                A month
              </th>
            </tr>
          </thead>
          <tbody>
            {cost.parts.map(({ kind, what, perHourUsd }) => (
              <tr key={`${kind} ${what}`}>
                <td>
                  {PART_WORDS[kind]} {what}
                </td>
                <td class="right">{formatCost(perHourUsd)}</td>
                <td class="right">{formatCost(perHourUsd === null ? null : perHourUsd * HOURS_PER_MONTH)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="muted note">
        {isUnknown(cost) ? 'A question mark is a price that is not known. ' : ''}
        Since its last start: computing alone, at the present price. Traffic is not counted.
      </p>
    </section>
  );
}

const PART_WORDS = { computing: 'Computing,', volume: 'Disk', address: 'Address' } as const;

function isUnknown(cost: FleetRow['cost']): boolean {
  return cost === null || cost.perHourUsd === null || cost.soFarUsd === null;
}

function Facts({ title, facts }: { title: string; facts: readonly (readonly [string, string])[] }) {
  return facts.length === 0 ? null : (
    <section aria-label={title}>
      <h2>{title}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt class="muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
