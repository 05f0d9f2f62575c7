/** Loads a native library as a Node module, and says in words why one does not load. */
import { createRequire } from 'node:module';
import { findNativeFile, type NativeFile } from './nativeFile.ts';

/** @throws {Error} It is missing, or this system cannot load it. */
export function loadNative(file: NativeFile): unknown {
  const found = findNativeFile(file);
  try {
    return createRequire(import.meta.url)(found);
  } catch (error) {
    throw new Error(explainLoadError(file.label, error instanceof Error ? error.message : String(error)), {
      cause: error,
    });
  }
}

/** The loader's own words name symbols that say little to most. */
export function explainLoadError(label: string, message: string): string {
  const [, version] = /version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found/.exec(message) ?? [];
  if (version !== undefined) {
    return `${label} needs ${version}, which this system's C or C++ library is too old for; Debian 12, Ubuntu 22.04, RHEL 10 and newer have it`;
  }
  const [, missing] = /(\S+): cannot open shared object file/.exec(message) ?? [];
  if (missing?.startsWith('ld-linux')) {
    return `${label} needs the GNU C library, and this system has another one (Alpine's musl); use a system with glibc`;
  }
  return missing === undefined
    ? `${label} does not load on this system: ${message}`
    : `${label} needs the system library ${missing}, which is not installed`;
}
