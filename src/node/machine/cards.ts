/** All graphics cards of the machine: NVIDIA's by its own tool where that answers, the others by the system. */
import type { Finding } from '../../common/machine/check.ts';
import { formatMemory } from '../../common/machine/formatMemory.ts';
import type { BusCard } from './busCard.ts';
import type { NvidiaCard, SmiAnswer } from './nvidiaSmi.ts';

export interface Cards {
  /** What nvidia-smi lists; empty when it fails. */
  readonly nvidia: readonly NvidiaCard[];
  /** What only the system lists. */
  readonly others: readonly BusCard[];
}

export function joinCards(smi: SmiAnswer, bus: readonly BusCard[]): Cards {
  return smi.kind === 'cards'
    ? { nvidia: smi.cards, others: bus.filter(({ vendor }) => vendor !== 'NVIDIA') }
    : { nvidia: [], others: bus };
}

/** Whether there is a card of NVIDIA's, usable or not. */
export function hasNvidia({ nvidia, others }: Cards): boolean {
  return nvidia.length > 0 || others.some(({ vendor }) => vendor === 'NVIDIA');
}

export function hasCard({ nvidia, others }: Cards): boolean {
  return nvidia.length + others.length > 0;
}

const HOT_CELSIUS = 88;
/** Of a card's memory, under which training will hardly fit. */
const LITTLE_FREE = 0.1;

export function checkCards(cards: Cards): Finding {
  if (!hasCard(cards)) {
    return { status: 'info', detail: 'none found; recipes train on the processor', remedy: null };
  }
  const detail = [...cards.nvidia.map(describeNvidia), ...cards.others.map(describeOther)].join('\n');
  const full = cards.nvidia.find(
    ({ freeBytes, totalBytes }) => freeBytes !== null && totalBytes !== null && freeBytes < totalBytes * LITTLE_FREE,
  );
  if (full !== undefined) {
    const text = `Another program holds the memory of the ${full.name}; see which, and end it.`;
    return { status: 'warn', detail, remedy: { text, command: 'nvidia-smi' } };
  }
  const hot = cards.nvidia.find(({ celsius }) => celsius !== null && celsius >= HOT_CELSIUS);
  if (hot !== undefined) {
    return {
      status: 'warn',
      detail,
      remedy: { text: `The ${hot.name} is hot and will slow itself down; check its fans.` },
    };
  }
  return { status: 'ok', detail, remedy: null };
}

function describeNvidia({ name, totalBytes, freeBytes, celsius, busyPercent }: NvidiaCard): string {
  const memory =
    totalBytes === null
      ? []
      : freeBytes === null
        ? [formatMemory(totalBytes)]
        : [`${formatMemory(freeBytes)} free of ${formatMemory(totalBytes)}`];
  const facts = [
    ...memory,
    ...(celsius === null ? [] : [`${celsius} °C`]),
    ...(busyPercent === null ? [] : [`${busyPercent} % busy`]),
  ];
  return [withVendor('NVIDIA', name), ...facts].join(', ');
}

function describeOther({ vendor, name, driver }: BusCard): string {
  const card = withVendor(vendor, name ?? 'card');
  return driver === null || vendor === 'NVIDIA' ? card : `${card}, driver ${driver}`;
}

const withVendor = (vendor: string, name: string) =>
  name.toLowerCase().includes(vendor.toLowerCase()) ? name : `${vendor} ${name}`;
