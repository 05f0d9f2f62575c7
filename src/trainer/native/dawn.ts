/** Dawn, Chromium's implementation of WebGPU, which reaches the graphics cards of any maker from Node. */
import type * as Webgpu from 'webgpu';
import { loadNative } from './loadNative.ts';
import { findNativeFile, type NativeFile } from './nativeFile.ts';

/** `create` makes an instance, which looks for cards; `globals` are what a browser has as global names, such as `GPUBuffer`. */
export type Dawn = Pick<typeof Webgpu, 'create' | 'globals'>;

function dawnFile(): NativeFile {
  const folder = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`;
  return {
    label: 'Dawn (WebGPU)',
    bundled: `webgpu/${folder}/dawn.node`,
    packaged: `webgpu/dist/${folder}/dawn.node`,
  };
}

/** @throws {Error} It was neither packed nor installed for this kind of machine. */
export function findDawn(): string {
  return findNativeFile(dawnFile());
}

/**
 * Loads the native module itself; the package's own JavaScript would look for it beside the package.
 *
 * @throws {Error} Why it does not load here.
 */
export function loadDawn(): Dawn {
  return loadNative(dawnFile()) as Dawn;
}
