/** A graphics card as the system lists it, and the vendors whose cards can compute. */
export type Vendor = 'NVIDIA' | 'AMD' | 'Intel' | 'Apple';

export interface BusCard {
  readonly vendor: Vendor;
  /** Null where the system knows only the vendor. */
  readonly name: string | null;
  /** Version; null where the system does not tell it here, or there is none. */
  readonly driver: string | null;
}

const VENDORS: Readonly<Record<string, Vendor>> = { '10de': 'NVIDIA', '1002': 'AMD', '8086': 'Intel' };

/** @param id The vendor's number on the PCI bus: four hexadecimal digits. */
export function vendorOf(id: string): Vendor | null {
  return VENDORS[id.toLowerCase()] ?? null;
}
