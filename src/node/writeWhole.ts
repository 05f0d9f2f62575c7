/** Writes a text file that is there whole or not at all, whatever happens meanwhile. */
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Written beside and renamed, so that an older file stays whole until then. A link keeps pointing where it does; a pipe or a
 * device is written to.
 *
 * @throws {Error} With the system's code; nothing is left of the new text then.
 */
export async function writeWhole(file: string, text: string | Uint8Array): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found !== null && !found.isFile()) {
    await writeFile(file, text);
    return;
  }
  const target = found === null ? file : await realpath(file);
  const draft = `${target}.${process.pid}.part`;
  try {
    await writeFile(draft, text, found === null ? {} : { mode: found.mode });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
