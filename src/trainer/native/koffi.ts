/** Koffi, which calls the functions of native libraries from JavaScript. */
import type * as Koffi from 'koffi';
import { loadNative } from './loadNative.ts';

/**
 * Loads its native module itself: the package's own JavaScript looks for it at places that a bundle does not have,
 * and adds nothing to it but names that are on their way out.
 *
 * @throws {Error} Why it does not load here.
 */
export function loadKoffi(): typeof Koffi {
  const platform = `${process.platform}-${process.arch}`;
  return loadNative({
    label: 'Koffi',
    bundled: `koffi/${platform}/koffi.node`,
    packaged: `@koromix/koffi-${platform}/${platform.replace('-', '_')}/koffi.node`,
  }) as typeof Koffi;
}
