/** What a sweep found, in words: kinds, counts, sums, and what is asked before something is removed. */
import { formatCost } from './instanceText.ts';
import { LEFTOVER_KINDS, type Leftover, type LeftoverKind } from './leftover.ts';

const KIND_WORDS: Readonly<Record<LeftoverKind, readonly [one: string, several: string]>> = {
  instance: ['machine', 'machines'],
  volume: ['disk', 'disks'],
  address: ['address', 'addresses'],
  securityGroup: ['security group', 'security groups'],
  keyPair: ['key pair', 'key pairs'],
  spotRequest: ['spot request', 'spot requests'],
  snapshot: ['snapshot', 'snapshots'],
};

export function kindWord(kind: LeftoverKind, count = 1): string {
  return KIND_WORDS[kind][count === 1 ? 0 : 1];
}

/** Names one leftover among all: ids are unique within a kind of a region alone. */
export function leftoverKey({ kind, region, id }: Leftover): string {
  return `${region}/${kind}/${id}`;
}

/** Whether data goes with it. A disk that outlives its machine was meant to: the profile said so. */
export function holdsData({ kind }: Leftover): boolean {
  return kind === 'instance' || kind === 'volume' || kind === 'snapshot';
}

/** What is chosen at first: Skillet's own that nothing uses and that holds no data. Never what is somebody else's. */
export function isPreselected(leftover: Leftover): boolean {
  return leftover.isOurs && leftover.isUnused && !holdsData(leftover);
}

export interface LeftoverSum {
  /** Of what is known. */
  readonly perMonthUsd: number;
  readonly unknown: number;
}

export function sumLeftovers(leftovers: readonly Leftover[]): LeftoverSum {
  return {
    perMonthUsd: leftovers.reduce((sum, { perMonthUsd }) => sum + (perMonthUsd ?? 0), 0),
    unknown: leftovers.filter(({ perMonthUsd }) => perMonthUsd === null).length,
  };
}

/** `$12.30 a month`, `at least $12.30 a month`, `? a month`, `nothing`. */
export function sumText({ perMonthUsd, unknown }: LeftoverSum): string {
  if (perMonthUsd === 0) {
    return unknown === 0 ? 'nothing' : '? a month';
  }
  return `${unknown === 0 ? '' : 'at least '}${formatCost(perMonthUsd)} a month`;
}

/** Of one leftover; what costs nothing has a dash, and what is not known a question mark. */
export function monthText({ perMonthUsd }: Leftover): string {
  return perMonthUsd === 0 ? '–' : formatCost(perMonthUsd);
}

/** `2 machines, 1 disk and 3 key pairs`. */
export function countText(leftovers: readonly Leftover[]): string {
  const parts = LEFTOVER_KINDS.flatMap((kind) => {
    const count = leftovers.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kindWord(kind, count)}`];
  });
  return parts.length < 2 ? (parts[0] ?? 'nothing') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

export function thingsText(count: number): string {
  return `${count} ${count === 1 ? 'thing' : 'things'}`;
}

/** What a person must know before all of these are gone. */
export function removalWarning(leftovers: readonly Leftover[]): string {
  const machines = leftovers.filter(({ kind }) => kind === 'instance');
  const foreign = leftovers.filter(({ isOurs }) => !isOurs).length;
  const has = (kind: LeftoverKind) => leftovers.some((one) => one.kind === kind);
  return [
    `${countText(leftovers)}, which cost ${sumText(sumLeftovers(leftovers))}. This cannot be undone.`,
    namesText(leftovers.filter(({ kind }) => kind !== 'instance')),
    machines.length === 0
      ? ''
      : `Terminated, with what is on their disks: ${machines.map(({ id, name }) => (name === null ? id : `${name} (${id})`)).join(', ')}.`,
    has('volume') || has('snapshot') ? 'The data on disks and in snapshots is gone for good.' : '',
    foreign === 0
      ? ''
      : `${foreign === 1 ? 'One of them was' : `${foreign} of them were`} not made by Skillet: somebody else may count on ${foreign === 1 ? 'it' : 'them'}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join('\n\n');
}

const NAMED = 8;

/** A line each, as far as a question has room for them. */
function namesText(leftovers: readonly Leftover[]): string {
  const lines = leftovers.slice(0, NAMED).map(({ kind, name, id, region }) => {
    const called = name === null || name === id ? id : `${name} (${id})`;
    return `${kindWord(kind)} ${called} in ${region}`;
  });
  const more = leftovers.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
