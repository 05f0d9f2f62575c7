/** Numbers that real peers produced; they lie outside the project, so tests that need them are skipped without them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';

const root = path.resolve(import.meta.dirname, '../../../..');
const folders = ['../shared/golden', '../../shared/golden'].map((folder) => path.resolve(root, folder));

/** @returns Null, and the test marked as skipped, where the file is absent. */
export function loadGolden<T>(t: TestContext, name: string): T | null {
  const file = folders.map((folder) => path.join(folder, name)).find((found) => existsSync(found));
  if (file === undefined) {
    t.skip(`${name} of ../shared/golden is absent`);
    return null;
  }
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** Float32 numbers written as base64, little-endian. */
export function fromBase64(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}
