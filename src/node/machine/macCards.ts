/** Graphics cards of a Mac, from system_profiler. */
import type { BusCard, Vendor } from './busCard.ts';
import { type JsonRecord, parseRecords } from './parseRecords.ts';
import type { MachineSources } from './sources.ts';

export async function macCards({ run }: Pick<MachineSources, 'run'>): Promise<readonly BusCard[]> {
  const answer = await run('system_profiler', ['SPDisplaysDataType', '-json']);
  return answer.outcome === 'exited' && answer.code === 0
    ? parseRecords(answer.stdout, 'SPDisplaysDataType').flatMap((record) => toCard(record) ?? [])
    : [];
}

function toCard(record: JsonRecord): BusCard | null {
  const name = text(record.sppci_model) ?? text(record._name);
  const vendor = toVendor(`${text(record.spdisplays_vendor) ?? ''} ${name ?? ''}`);
  if (vendor === null) {
    return null;
  }
  const cores = text(record.sppci_cores);
  return { vendor, name: name === null || cores === null ? name : `${name}, ${cores} cores`, driver: null };
}

function toVendor(words: string): Vendor | null {
  const vendors: [RegExp, Vendor][] = [
    [/apple/i, 'Apple'],
    [/amd|radeon|0x1002/i, 'AMD'],
    [/intel|0x8086/i, 'Intel'],
    [/nvidia|geforce|0x10de/i, 'NVIDIA'],
  ];
  return vendors.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
