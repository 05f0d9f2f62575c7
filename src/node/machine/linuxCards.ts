/** Graphics cards of a Linux, from /sys/bus/pci: what lspci reads too, without lspci. */
import { type BusCard, vendorOf } from './busCard.ts';
import type { MachineSources } from './sources.ts';

const DEVICES = '/sys/bus/pci/devices';
/** The PCI ids repository, where distributions put it. */
const NAME_FILES = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'];
/** Display controllers (VGA, 3D, other), and processing accelerators, as which some compute cards call themselves. */
const CARD_CLASS = /^0x(03|12)/;

export async function linuxCards({
  listFolder,
  readFile,
}: Pick<MachineSources, 'listFolder' | 'readFile'>): Promise<readonly BusCard[]> {
  const devices = await listFolder(DEVICES);
  const found = await Promise.all(
    devices.map(async (device) => {
      const read = async (name: string) => ((await readFile(`${DEVICES}/${device}/${name}`)) ?? '').trim();
      const [kind, vendorId, id] = await Promise.all([read('class'), read('vendor'), read('device')]);
      return { kind, vendorId: vendorId.replace('0x', ''), id: id.replace('0x', '') };
    }),
  );
  const cards = found.filter(({ kind, vendorId }) => CARD_CLASS.test(kind) && vendorOf(vendorId) !== null);
  const names = cards.length === 0 ? '' : await firstFile(readFile, NAME_FILES);
  return cards.flatMap(({ vendorId, id }) => {
    const vendor = vendorOf(vendorId);
    return vendor === null ? [] : [{ vendor, name: findName(names, vendorId, id), driver: null }];
  });
}

async function firstFile(readFile: MachineSources['readFile'], files: readonly string[]): Promise<string> {
  for (const file of files) {
    const text = await readFile(file);
    if (text !== null) {
      return text;
    }
  }
  return '';
}

/** In the list a vendor's line begins with its number, its devices follow, each after a tab. */
function findName(names: string, vendorId: string, id: string): string | null {
  const start = names.search(new RegExp(`^${vendorId} `, 'm'));
  if (start < 0) {
    return null;
  }
  const fromVendor = names.slice(start);
  const nextVendor = fromVendor.search(/\n[0-9a-f]/);
  const ofVendor = nextVendor < 0 ? fromVendor : fromVendor.slice(0, nextVendor);
  return new RegExp(`^\\t${id}\\s+(.+)$`, 'm').exec(ofVendor)?.[1]?.trim() ?? null;
}
