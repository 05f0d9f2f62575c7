/** Finds a native library that comes from npm: beside the bundle, or in its package when run from the sources. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface NativeFile {
  /** In words, for sentences. */
  readonly label: string;
  /** Where `scripts/build.mjs` puts it, seen from the bundle. */
  readonly bundled: string;
  /** The same file as a module's name: package and path in it. */
  readonly packaged: string;
}

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** @throws {Error} It was neither packed nor installed for this kind of machine. */
export function findNativeFile({ label, bundled, packaged }: NativeFile, bundleFolder: string = HERE): string {
  const beside = path.join(bundleFolder, bundled);
  if (existsSync(beside)) {
    return beside;
  }
  try {
    return createRequire(import.meta.url).resolve(packaged);
  } catch {
    throw new Error(
      `${label} is not part of this installation for ${process.platform}-${process.arch}; install the Skillet that was packed for it`,
    );
  }
}
