/** The offers: a table whose rows are chosen by pointer or arrow keys, and which prices reach late without moving it. */
import type { ComponentChildren } from 'preact';
import { dollars } from '../../common/cloud/dollars.ts';
import type { Offer, OfferQuota } from '../../common/cloud/offer.ts';
import type { Form } from './form.ts';
import { keyOf, type LaunchModel } from './launchModel.ts';
import { gpuMemoryBytes, isQuotaOk, nextSorting, type OfferColumn } from './offerOrder.ts';
import { Sparkline } from './sparkline.tsx';

const GIB = 1024 ** 3;
/** More rows with each press of the button below. */
const MORE = 100;

const COLUMNS: readonly { by: OfferColumn; text: string; isNumber?: boolean }[] = [
  { by: 'type', text: 'Type' },
  { by: 'region', text: 'Region' },
  { by: 'gpu', text: 'GPU' },
  { by: 'gpuMemory', text: 'GPU memory', isNumber: true },
  { by: 'vcpus', text: 'vCPUs', isNumber: true },
  { by: 'memory', text: 'Memory', isNumber: true },
  { by: 'onDemand', text: 'On demand', isNumber: true },
  { by: 'spot', text: 'Spot', isNumber: true },
  { by: 'quota', text: 'Quota' },
];

export function OfferTable({ form }: { readonly form: Form }) {
  const { model, state } = form;
  const { order, shown, sorting } = state;
  const rows = order.slice(0, shown).flatMap((key) => model.offers.offers.get(key) ?? []);
  return (
    <div
      class="offers scroll"
      onPointerEnter={() => form.hold('pointer', true)}
      onPointerLeave={() => form.hold('pointer', false)}
      onFocusIn={() => form.hold('focus', true)}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) {
          form.hold('focus', false);
        }
      }}
    >
      <table>
        <caption class="hidden">Machines that fit. Choose one with the arrow keys.</caption>
        <thead>
          <tr>
            <th scope="col" class="pick">
              <span class="hidden">Choose</span>
            </th>
            {COLUMNS.map(({ by, text, isNumber }) => (
              <th
                key={by}
                scope="col"
                class={isNumber === true ? 'right' : ''}
                aria-sort={sorting.by === by ? (sorting.isDescending ? 'descending' : 'ascending') : 'none'}
              >
                <button type="button" class="sort" onClick={() => form.sort(nextSorting(sorting, by))}>
                  {text}
                  <span class={`codicon codicon-${arrowOf(form, by)}`} aria-hidden="true" />
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((offer) => (
            <Row key={keyOf(offer)} form={form} offer={offer} />
          ))}
        </tbody>
      </table>
      {rows.length > 0 ? null : <Nothing form={form} />}
      {order.length <= shown ? null : (
        <button type="button" class="link more" onClick={() => form.set({ shown: shown + MORE })}>
          Show {Math.min(MORE, order.length - shown)} more of {order.length}
        </button>
      )}
    </div>
  );
}

function arrowOf({ state: { sorting } }: Form, by: OfferColumn): string {
  return sorting.by !== by ? 'blank' : sorting.isDescending ? 'arrow-down' : 'arrow-up';
}

function Nothing({ form }: { readonly form: Form }) {
  return <p class="muted nothing">{whyNothing(form.model)}</p>;
}

/** "No machine fits" is said only where the provider was asked. */
function whyNothing({ start, beginProblem, offers: { ask, isAsking, problem } }: LaunchModel): string {
  if (start === null) {
    return beginProblem === null ? '' : 'Machines and their prices stand here once you are signed in.';
  }
  if (problem !== null) {
    return `${problem.message} ${problem.remedy}`;
  }
  return isAsking || ask === 0
    ? 'Asking for machines…'
    : 'No machine fits. Ask for less memory, another GPU, or more regions.';
}

function Row({ form, offer }: { readonly form: Form; readonly offer: Offer }) {
  const { draft, model } = form;
  const { region, instanceType, gpu, zones } = offer;
  const isChosen = draft.region === region && draft.instanceType === instanceType;
  const isComplete = model.offers.complete.has(region);
  const choose = () => form.chooseOffer(region, instanceType);
  const memory = gpuMemoryBytes(offer);
  return (
    <tr class={isChosen ? 'chosen' : ''} onClick={choose}>
      <td class="pick">
        <input
          type="radio"
          name="offer"
          aria-label={`${instanceType} in ${region}`}
          checked={isChosen}
          onChange={choose}
        />
      </td>
      <th scope="row">{instanceType}</th>
      <td title={zones.join(', ')}>
        {region} <span class="muted">{zones.length === 0 ? '' : zoneWord(zones)}</span>
      </td>
      <td>{gpu === null ? '—' : gpu.count === 1 ? gpu.name : `${gpu.count} × ${gpu.name}`}</td>
      <Cell label="GPU memory">{memory === null ? '—' : `${Math.round(memory / GIB)} GiB`}</Cell>
      <Cell label="vCPUs">{offer.vcpus}</Cell>
      <Cell label="Memory">{Math.round(offer.memoryBytes / GIB)} GiB</Cell>
      <Cell label="On demand" isPrice>
        <Price usd={offer.onDemandPerHourUsd} isComplete={isComplete} kind="on-demand" />
      </Cell>
      <Cell label="Spot" isPrice>
        {offer.spot === null ? <span class="spark" /> : <Sparkline spot={offer.spot} />}
        <Price usd={offer.spot?.perHourUsd ?? null} isComplete={isComplete} kind="spot" />
      </Cell>
      <td class="quota">
        <Quota quota={(draft.purchase === 'spot' ? offer.spotQuota : offer.quota) ?? null} isComplete={isComplete} />
      </td>
    </tr>
  );
}

/** `zones a b c`, as they are told apart within their region. */
function zoneWord(zones: readonly string[]): string {
  return zones.map((zone) => zone.replace(/^.*-\d+/, '')).join(' ');
}

interface CellProps {
  readonly label: string;
  readonly isPrice?: boolean;
  readonly children: ComponentChildren;
}

function Cell({ label, isPrice, children }: CellProps) {
  return (
    <td class={isPrice === true ? 'right price' : 'right'} data-label={label}>
      {children}
    </td>
  );
}

interface PriceProps {
  readonly usd: number | null;
  readonly isComplete: boolean;
  readonly kind: string;
}

/** Wide enough for any price, so that nothing moves when it comes. */
function Price({ usd, isComplete, kind }: PriceProps) {
  if (usd !== null) {
    return <span class="usd">{dollars(usd)}</span>;
  }
  return isComplete ? (
    <span class="usd muted" title={`The ${kind} price is not known: the provider did not tell it.`}>
      —
    </span>
  ) : (
    <span class="usd muted" title={`The ${kind} price is being asked for.`}>
      …
    </span>
  );
}

function Quota({ quota, isComplete }: { readonly quota: OfferQuota | null; readonly isComplete: boolean }) {
  const isOk = isQuotaOk(quota);
  if (quota === null || isOk === null) {
    return (
      <span class="muted" title={isComplete ? 'The quota could not be asked.' : 'The quota is being asked for.'}>
        {isComplete ? '—' : '…'}
      </span>
    );
  }
  const used = quota.used === null ? '' : `, ${quota.used} in use`;
  const text = `${quota.name}: needs ${quota.needed} of ${quota.limit} ${quota.unit}${used}`;
  return isOk ? (
    <span title={text}>
      <span class="codicon codicon-pass" aria-hidden="true" /> ok
    </span>
  ) : (
    <span title={text}>
      <span class="codicon codicon-warning" aria-hidden="true" /> {quota.limit} {quota.unit} only{' '}
      <a href={quota.requestUrl} aria-label={`Too small: ask for a larger quota. ${text}`}>
        Raise
      </a>
    </span>
  );
}
