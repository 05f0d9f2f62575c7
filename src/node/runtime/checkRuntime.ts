/** Tells whether a runtime is still as it was installed. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../common/errors.ts';
import type { Runtime } from './findRuntime.ts';
import { loadManifest, MANIFEST_FILE } from './manifest.ts';

/** Compares names and sizes: the content was checked when it was installed. Null where nothing is wrong. */
export async function checkRuntime(runtime: Runtime): Promise<Problem | null> {
  if (runtime.source === 'named') {
    return null; // Finding it was the check; nobody wrote down what else belongs to it.
  }
  const root = path.dirname(runtime.folder);
  const manifest = await loadManifest(root);
  if (manifest === null) {
    return damaged(root, `its ${MANIFEST_FILE} is gone or unreadable`);
  }
  for (const { name, bytes } of manifest.files) {
    const found = await stat(path.join(root, name)).catch(() => null);
    if (found === null) {
      return damaged(root, `${name} is gone`);
    }
    if (found.size !== bytes) {
      return damaged(root, `${name} has ${found.size} bytes, not ${bytes}`);
    }
  }
  return null;
}

function damaged(folder: string, why: string): Problem {
  return {
    code: 'runtime-broken',
    path: folder,
    message: `This TensorFlow is damaged: ${why}.`,
    remedy: 'Run "Skillet: Set Up This Machine" (or skillet setup) again.',
  };
}
