/** Graphics cards as the system itself lists them, with or without a driver. */
import type { BusCard } from './busCard.ts';
import { linuxCards } from './linuxCards.ts';
import { macCards } from './macCards.ts';
import type { MachineSources } from './sources.ts';
import { windowsCards } from './windowsCards.ts';

/** Adapters that only show a picture (of servers and virtual machines) are left out. */
export async function findBusCards(sources: MachineSources): Promise<readonly BusCard[]> {
  switch (sources.platform) {
    case 'linux':
      return linuxCards(sources);
    case 'darwin':
      return macCards(sources);
    case 'win32':
      return windowsCards(sources);
    default:
      return [];
  }
}
