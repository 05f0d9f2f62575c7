/** Machines in words: the row of the view, its tooltip, and what is asked before something is lost. */
import { formatCount, formatDuration } from '../format.ts';
import { type Burning, type FleetRow, sumCosts } from './fleet.ts';
import type { Gpu, Instance, InstanceState, PurchaseOption } from './instance.ts';
import { HOURS_PER_MONTH } from './priceText.ts';

export const STATE_WORDS: Readonly<Record<InstanceState, string>> = {
  pending: 'starting',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
  terminating: 'terminating',
  terminated: 'terminated',
  unknown: 'in an unknown state',
};

export const PURCHASE_WORDS: Readonly<Record<PurchaseOption, string>> = {
  onDemand: 'on demand',
  spot: 'spot',
  reserved: 'reserved',
};

/** `$0.41`, `$1,204`; two digits that say something below a cent; `?` where it is not known. */
export function formatCost(usd: number | null): string {
  if (usd === null) {
    return '?';
  }
  if (usd >= 1000) {
    return `$${Math.round(usd).toLocaleString('en-US')}`;
  }
  return usd === 0 || usd >= 0.0995 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(2))}`;
}

/** `$1.21/h`, `≥ $0.41/h` where a part is not known, `?/h` where none is. */
export function formatBurning({ perHourUsd, unknown }: Burning): string {
  return unknown === 0 ? `${formatCost(perHourUsd)}/h` : perHourUsd === 0 ? '?/h' : `≥ ${formatCost(perHourUsd)}/h`;
}

/** `4 × A10G, 24 GB`. */
export function formatGpu({ name, count, memoryBytes }: Gpu): string {
  const memory = memoryBytes === null ? '' : `, ${Math.round(memoryBytes / 1024 ** 3)} GiB`;
  return `${count === 1 ? '' : `${count} × `}${name}${memory}${count === 1 || memory === '' ? '' : ' each'}`;
}

export function instanceTitle({ name, id }: Instance): string {
  return name ?? id;
}

/** How long without work, ms; null where it works or nothing is known. */
export function idleMs({ instance, idle }: FleetRow, now: number): number | null {
  return instance.state !== 'running' || idle?.idleSince === null || idle === null
    ? null
    : Math.max(0, now - Date.parse(idle.idleSince));
}

/** `g5.xlarge · spot $0.41/h · 2 h 10 m · $0.89 · idle 3 m · stops 18:00 · A10G`. */
export function describeRow(row: FleetRow, now: number, locale?: string): string {
  const { instance, guard } = row;
  const isUp = instance.state === 'running' || instance.state === 'pending';
  const idle = idleMs(row, now);
  return [
    instance.state === 'running' ? '' : STATE_WORDS[instance.state],
    instance.instanceType,
    priceWord(row),
    isUp && instance.launchedAt !== null ? minutes(now - Date.parse(instance.launchedAt)) : '',
    isUp ? soFarWord(row, now) : '',
    idle === null ? '' : `idle ${minutes(idle)}`,
    isUp && guard?.deadline
      ? `${guard.action === 'stop' ? 'stops' : 'ends'} ${formatMoment(guard.deadline, now, locale)}`
      : '',
    // Last, as a side bar is narrow and the type tells it to those who know.
    isUp && instance.gpu !== null ? gpuWord(instance.gpu) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function gpuWord({ name, count }: Gpu): string {
  return count === 1 ? name : `${count} × ${name}`;
}

function priceWord({ instance, cost }: FleetRow): string {
  if (instance.state === 'terminating' || instance.state === 'terminated') {
    return '';
  }
  const way = instance.state === 'stopped' ? 'disks' : PURCHASE_WORDS[instance.purchase];
  if (cost === null) {
    return instance.state === 'stopped' ? '' : way;
  }
  return `${way} ${formatBurning(sumCosts([{ instance, cost, costAt: 0, idle: null, guard: null }]))}`;
}

function soFarWord(row: FleetRow, now: number): string {
  const usd = soFarNow(row, now);
  return usd === null ? '' : formatCost(usd);
}

/** What it has cost since its start, with what has come since that was asked; null where it is not known. */
export function soFarNow({ instance, cost, costAt }: FleetRow, now: number): number | null {
  if (cost === null || cost.soFarUsd === null) {
    return null;
  }
  const computing = cost.parts?.find(({ kind }) => kind === 'computing')?.perHourUsd ?? 0;
  const isUp = instance.state === 'running' || instance.state === 'pending';
  return cost.soFarUsd + (isUp ? (Math.max(0, now - costAt) / 3_600_000) * computing : 0);
}

/** Whole minutes, so that rows change once a minute at most. */
function minutes(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  if (days >= 2) {
    return `${days} d`;
  }
  const whole = Math.max(0, Math.floor(ms / 60_000));
  return whole < 60 ? `${whole} m` : formatDuration(whole * 60_000);
}

/** `18:00`, with its date where it is not within a day. */
export function formatMoment(iso: string, now: number, locale?: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) {
    return iso;
  }
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return Math.abs(at.getTime() - now) < 18 * 3_600_000
    ? at.toLocaleTimeString(locale, time)
    : at.toLocaleString(locale, { ...time, month: 'short', day: 'numeric' });
}

/** What a machine costs a month as it is now; null where it is not known. */
export function perMonth({ cost }: FleetRow): number | null {
  return cost === null || cost.perHourUsd === null ? null : cost.perHourUsd * HOURS_PER_MONTH;
}

/** What stopping or terminating loses and leaves, for the question before it. */
export function lossText(rows: readonly FleetRow[], action: 'stop' | 'terminate'): string {
  return rows
    .map((row) => {
      const { instance } = row;
      const sentences = action === 'stop' ? stopLoss(row) : terminateLoss(row);
      const where = `${instance.instanceType} in ${instance.zone ?? instance.region}`;
      const head = instance.name === null ? `${instance.id}, ${where}` : `${instance.name} (${instance.id}), ${where}`;
      return [`${head}: ${priceWord(row) || 'price not known'}.`, ...sentences].join(' ');
    })
    .join('\n\n');
}

function stopLoss({ instance, cost }: FleetRow): string[] {
  const disks = cost?.parts?.filter(({ kind }) => kind === 'volume') ?? [];
  const known = disks.length > 0 && disks.every(({ perHourUsd }) => perHourUsd !== null);
  const perHour = disks.reduce((sum, disk) => sum + (disk.perHourUsd ?? 0), 0);
  return [
    'What is in its memory and on disks inside the machine is lost.',
    instance.volumeIds.length === 0
      ? ''
      : `${volumesWord(instance.volumeIds.length)} it and cost${known ? ` ${formatCost(perHour * HOURS_PER_MONTH)} a month` : ' on, how much is not known'} while it is stopped.`,
    instance.publicAddress === null ? '' : `Its address ${instance.publicAddress} may be another one after a start.`,
  ].filter((sentence) => sentence !== '');
}

function volumesWord(count: number): string {
  return count === 1 ? 'Its disk stays with' : `Its ${count} disks stay with`;
}

function terminateLoss({ instance, cost }: FleetRow): string[] {
  const kept = new Set(instance.keptVolumeIds ?? []);
  const lost = instance.volumeIds.filter((id) => !kept.has(id));
  const nameOf = (id: string) => cost?.parts?.find(({ what }) => what.startsWith(id))?.what ?? id;
  return [
    lost.length === 0 ? '' : `Gone for good: ${lost.map(nameOf).join('; ')}.`,
    kept.size === 0 ? '' : `Stays, and goes on costing: ${[...kept].map(nameOf).join('; ')}.`,
    instance.spotRequestId === null
      ? ''
      : `Its spot request ${instance.spotRequestId} is cancelled first where it is a lasting one.`,
  ].filter((sentence) => sentence !== '');
}

/** Every fact about a machine that there is, named, for a tooltip and for the page. */
export function factsOf({ instance, idle, guard }: FleetRow, now: number): readonly (readonly [string, string])[] {
  const at = (iso: string | null) => (iso === null ? '' : new Date(iso).toLocaleString());
  const facts: [string, string | null][] = [
    ['State', STATE_WORDS[instance.state]],
    ['Why', instance.stateReason],
    ['Id', instance.id],
    ['Type', instance.instanceType],
    ['GPU', instance.gpu === null ? null : formatGpu(instance.gpu)],
    ['Bought', PURCHASE_WORDS[instance.purchase]],
    ['Spot request', instance.spotRequestId],
    ['Place', instance.zone ?? instance.region],
    ['Started', at(instance.launchedAt)],
    ['Stopped', at(instance.stoppedAt)],
    ['Processor', cpuText(idle)],
    ['Idle since', at(idle?.idleSince ?? null)],
    ['Public address', instance.publicAddress],
    ['Private address', instance.privateAddress],
    ['Image', instance.imageId],
    ['Key pair', instance.keyPair],
    ['Security groups', instance.securityGroups.join(', ')],
    ['Guard', guardText(guard, now)],
  ];
  return facts.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value] as const]));
}

function cpuText(idle: FleetRow['idle']): string | null {
  return idle?.cpuShare === null || idle === null ? null : `${(idle.cpuShare * 100).toFixed(1)} % busy`;
}

export function guardText(guard: FleetRow['guard'], now: number): string | null {
  if (guard === null) {
    return null;
  }
  const verb = guard.action === 'stop' ? 'stops' : 'terminates';
  const rules = [
    guard.deadline === null ? '' : `at ${formatMoment(guard.deadline, now)}`,
    guard.idleMinutes === null ? '' : `after ${formatCount(guard.idleMinutes)} minutes without work`,
  ].filter((rule) => rule !== '');
  return rules.length === 0 ? 'no deadline' : `${verb} it ${rules.join(', or ')}`;
}
