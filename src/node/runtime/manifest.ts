/** `runtime.json`: what an installed runtime consists of; written last, so a folder that has it was whole once. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export type Flavour = 'cpu' | 'cuda';

export interface InstalledFile {
  /** Relative to the runtime's folder, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
}

export interface Manifest {
  /** For example `linux-x64`. */
  readonly platform: string;
  readonly flavour: Flavour;
  /** TensorFlow's. */
  readonly version: string;
  readonly files: readonly InstalledFile[];
  /** ISO 8601. */
  readonly installedAt: string;
}

export const MANIFEST_FILE = 'runtime.json';

/** Null where there is none, or none that can be read. */
export async function loadManifest(runtimeFolder: string): Promise<Manifest | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path.join(runtimeFolder, MANIFEST_FILE), 'utf8'));
    return isManifest(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { platform, flavour, version, files, installedAt } = value as Record<string, unknown>;
  return (
    [platform, version, installedAt].every((text) => typeof text === 'string') &&
    (flavour === 'cpu' || flavour === 'cuda') &&
    Array.isArray(files) &&
    files.every((file) => typeof file?.name === 'string' && typeof file.bytes === 'number')
  );
}
