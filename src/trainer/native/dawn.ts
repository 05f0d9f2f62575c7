/** Dawn, Chromium's implementation of WebGPU, which reaches the graphics cards of any maker from Node. */
import { loadNative } from './loadNative.ts';

export interface Dawn {
  /** A new instance; the cards are looked for when an adapter is asked for. */
  create(options: readonly string[]): GPU;
  /** The classes and constants that a browser has as global names, such as `GPUBuffer`. */
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Loads the native module itself; the package's own JavaScript would look for it beside the package.
 *
 * @throws {Error} Why it does not load here.
 */
export function loadDawn(): Dawn {
  const folder = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`;
  return loadNative({
    label: 'Dawn (WebGPU)',
    bundled: `webgpu/${folder}/dawn.node`,
    packaged: `webgpu/dist/${folder}/dawn.node`,
  }) as Dawn;
}
