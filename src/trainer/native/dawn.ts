/** Dawn, Chromium's implementation of WebGPU, which reaches the graphics cards of any maker from Node. */
import type * as Webgpu from 'webgpu';
import { loadNative } from './loadNative.ts';

/** `create` makes an instance, which looks for cards; `globals` are what a browser has as global names, such as `GPUBuffer`. */
export type Dawn = Pick<typeof Webgpu, 'create' | 'globals'>;

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
