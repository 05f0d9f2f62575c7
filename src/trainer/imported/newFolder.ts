/** The folder of an imported model, which appears whole or not at all. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';
import type { Sidecar } from '../../common/model/sidecar.ts';

export interface Imported {
  readonly folder: string;
  readonly sidecar: Sidecar;
  readonly notes: readonly string[];
  readonly recipeFile: string | null;
}

/** @throws {SkilletError} `model-output`. */
export function refuseTaken(folder: string): void {
  if (existsSync(folder)) {
    throw new SkilletError('model-output', folder, {
      message: 'is there already.',
      remedy: 'Name another folder with --out, or remove it.',
    });
  }
}

/** @throws {SkilletError} `model-output`: it cannot be written; otherwise what `fill` throws. */
export async function fillFolder(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${folder}.part-${process.pid}`;
  try {
    mkdirSync(draft, { recursive: true });
    await fill(draft);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error instanceof SkilletError && error.code !== 'run-folder' ? error : cannotWrite(folder, error);
  }
}

function cannotWrite(folder: string, error: unknown): SkilletError {
  return new SkilletError('model-output', folder, {
    message: `cannot be written: ${(error instanceof Error ? error.message : String(error)).replace(/\.$/, '')}.`,
    remedy: 'Choose another folder, or free some space.',
  });
}
