/** The first answer: which machine, and how it is paid. */
import { dollars, dollarsPerHour } from '../../common/cloud/dollars.ts';
import type { Offer } from '../../common/cloud/offer.ts';
import { Check, Problems, Radios, SelectField, TextField } from './fields.tsx';
import type { Form, Wishes } from './form.ts';
import { keyOf } from './launchModel.ts';
import { OfferTable } from './offerTable.tsx';

const GPU_NAMES = ['', 'T4', 'T4G', 'L4', 'L40S', 'A10G', 'V100', 'A100', 'H100', 'H200', 'B200'];

export function MachinePart({ form }: { readonly form: Form }) {
  return (
    <section aria-labelledby="machine-title" class="part machine">
      <h2 id="machine-title">1. Which machine</h2>
      <WishRow form={form} />
      <OfferStatus form={form} />
      <div id="instanceType" tabIndex={-1}>
        <OfferTable form={form} />
      </div>
      <Problems form={form} path="instanceType" />
      <Problems form={form} path="region" />
      <Chosen form={form} />
    </section>
  );
}

function WishRow({ form }: { readonly form: Form }) {
  const { wishes } = form.state;
  const change = (part: Partial<Wishes>) => form.searchOffers({ ...wishes, ...part });
  return (
    <div class="wishes">
      <label>
        GPU{' '}
        <select value={wishes.gpuName} onChange={({ currentTarget }) => change({ gpuName: currentTarget.value })}>
          {GPU_NAMES.map((name) => (
            <option key={name} value={name} selected={name === wishes.gpuName}>
              {name === '' ? 'any' : name}
            </option>
          ))}
        </select>
      </label>
      <Wish label="GPUs at least" value={wishes.gpuCount} onChange={(gpuCount) => change({ gpuCount })} />
      <Wish
        label="GPU memory at least"
        unit="GiB"
        value={wishes.gpuMemoryGib}
        onChange={(gpuMemoryGib) => change({ gpuMemoryGib })}
      />
      <Wish
        label="Type"
        placeholder="g5.*"
        value={wishes.instanceType}
        onChange={(instanceType) => change({ instanceType })}
      />
      <Regions form={form} change={change} />
    </div>
  );
}

interface WishProps {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly placeholder?: string;
  onChange(value: string): void;
}

function Wish({ label, value, unit, placeholder, onChange }: WishProps) {
  return (
    <label>
      {label}{' '}
      <input
        type="text"
        class="short"
        spellcheck={false}
        value={value}
        placeholder={placeholder}
        // When it is left or Enter is pressed: each letter would ask every region anew.
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />{' '}
      {unit === undefined ? null : <span class="muted">{unit}</span>}
    </label>
  );
}

function Regions({ form, change }: { readonly form: Form; change(part: Partial<Wishes>): void }) {
  const { wishes } = form.state;
  const regions = form.model.start?.regions ?? [];
  const isAll = wishes.regions.length === regions.length && regions.length > 0;
  const set = (list: readonly string[]) => change({ regions: list });
  return (
    <details class="menu regions">
      <summary>
        Regions: {isAll ? `all ${regions.length}` : wishes.regions.join(', ') || 'none'}{' '}
        <span class="codicon codicon-chevron-down" aria-hidden="true" />
      </summary>
      <ul>
        <li>
          <button type="button" class="link" onClick={() => set(regions.map(({ name }) => name))}>
            All
          </button>
          <button type="button" class="link" onClick={() => set([form.model.start?.defaultRegion ?? ''])}>
            Only {form.model.start?.defaultRegion}
          </button>
        </li>
        {regions.map(({ name, title }) => (
          <li key={name}>
            <label class="check">
              <input
                type="checkbox"
                checked={wishes.regions.includes(name)}
                onChange={({ currentTarget }) =>
                  set(currentTarget.checked ? [...wishes.regions, name] : wishes.regions.filter((one) => one !== name))
                }
              />
              <span>
                {name} <span class="muted">{title}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

function OfferStatus({ form }: { readonly form: Form }) {
  const { offers, isAsking, complete, faults } = form.model.offers;
  const { regions } = form.state.wishes;
  const found = `${offers.size} ${offers.size === 1 ? 'machine' : 'machines'}`;
  const { start, beginProblem } = form.model;
  const text = isAsking
    ? `${found} so far; prices of ${complete.size} of ${regions.length} regions are in.`
    : `${found}.`;
  const told = [...faults].flatMap(([region, list]) => list.map((fault) => ({ region, fault })));
  return (
    <div class="offer-status">
      <p role="status" class="muted">
        {start !== null ? text : beginProblem === null ? 'Asking which regions there are…' : ''}
      </p>
      {told.length === 0 ? null : (
        <details class="faults">
          <summary>
            <span class="codicon codicon-warning" aria-hidden="true" /> {told.length}{' '}
            {told.length === 1 ? 'thing' : 'things'} could not be found out
          </summary>
          <ul>
            {told.map(({ region, fault }) => (
              <li key={`${region} ${fault}`}>{fault}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** How the chosen machine is paid; its place is kept while none is chosen. */
function Chosen({ form }: { readonly form: Form }) {
  const { draft, model } = form;
  const offer = model.offers.offers.get(keyOf(draft));
  return (
    <div class="chosen-machine">
      <Radios
        name="purchase"
        label="How to pay"
        value={draft.purchase}
        options={[
          { value: 'onDemand', text: 'On demand', note: note(offer?.onDemandPerHourUsd ?? null) },
          { value: 'spot', text: 'Spot', note: note(offer?.spot?.perHourUsd ?? null) },
        ]}
        onChange={(purchase) => form.change({ purchase })}
      />
      <ReservedHint form={form} />
      {draft.purchase === 'spot' ? <SpotFields form={form} offer={offer} /> : null}
      {offer?.spot === null || offer === undefined ? null : <History offer={offer} />}
    </div>
  );
}

function note(usd: number | null): string {
  return usd === null ? '' : dollarsPerHour(usd);
}

function ReservedHint({ form }: { readonly form: Form }) {
  const { reserved } = form.model;
  const { region, instanceType } = form.draft;
  const best =
    reserved !== null && reserved.region === region && reserved.instanceType === instanceType ? reserved.best : null;
  return (
    <p class="reserved-hint">
      {best === null ? null : (
        <button type="button" class="link" onClick={() => form.send({ type: 'browseReserved', region, instanceType })}>
          With a term of {best.termMonths / 12} {best.termMonths === 12 ? 'year' : 'years'}:{' '}
          {dollarsPerHour(best.effectivePerHourUsd)} effective
        </button>
      )}
    </p>
  );
}

function SpotFields({ form, offer }: { readonly form: Form; readonly offer: Offer | undefined }) {
  const { draft } = form;
  return (
    <div class="fields">
      <TextField
        form={form}
        path="purchase.spot.maximumPricePerHourUsd"
        label="Maximum price"
        unit="$ per hour of one machine"
        isShort
        value={draft.maximumPrice}
        placeholder={offer?.onDemandPerHourUsd?.toString() ?? ''}
        hint="Empty: at most the on-demand price."
        onInput={(maximumPrice) => form.change({ maximumPrice })}
      />
      <SelectField
        form={form}
        path="purchase.spot.interruption"
        label="When it is taken back"
        value={draft.interruption}
        options={[
          { value: 'terminate', text: 'Terminate: the machine is gone' },
          { value: 'stop', text: 'Stop: it starts again when there is room' },
          { value: 'hibernate', text: 'Hibernate: as stop, with its memory kept' },
        ]}
        onChange={(value) => form.change({ interruption: value as typeof draft.interruption })}
      />
      <Check
        form={form}
        path="purchase.spot.fallBackToOnDemand"
        label="Launch on demand where no spot machine is to be had"
        isChecked={draft.fallBackToOnDemand}
        onChange={(fallBackToOnDemand) => form.change({ fallBackToOnDemand })}
      />
    </div>
  );
}

/** The sparkline's numbers, for those who cannot see it. One row a day. */
function History({ offer: { spot, instanceType } }: { readonly offer: Offer }) {
  if (spot === null || spot.history.length === 0) {
    return null;
  }
  const days = new Map<string, { low: number; high: number }>();
  for (const { at, perHourUsd } of spot.history) {
    const day = at.slice(0, 10);
    const known = days.get(day);
    days.set(day, {
      low: Math.min(perHourUsd, known?.low ?? perHourUsd),
      high: Math.max(perHourUsd, known?.high ?? perHourUsd),
    });
  }
  return (
    <details class="history">
      <summary>
        Spot prices of {instanceType} in {spot.zone}
        {spot.placementScore === null ? '' : `; chance of getting one: ${spot.placementScore} of 10`}
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col" class="right">
              Lowest
            </th>
            <th scope="col" class="right">
              Highest
            </th>
          </tr>
        </thead>
        <tbody>
          {[...days].map(([day, { low, high }]) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td class="right">{dollars(low)}</td>
              <td class="right">{dollars(high)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
