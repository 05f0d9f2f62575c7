/** Whether setup has a TensorFlow for this system. */
import { CATALOGUE } from '../runtime/catalogue.ts';
import type { Flavour } from '../runtime/manifest.ts';
import type { MachineSources } from './sources.ts';

/** @param flavour Null: of any. */
export function offersTensorflow(
  { platform, arch }: Pick<MachineSources, 'platform' | 'arch'>,
  flavour: Flavour | null = null,
): boolean {
  return CATALOGUE.some(
    (one) => one.platform === `${platform}-${arch}` && (flavour === null || one.flavour === flavour),
  );
}
