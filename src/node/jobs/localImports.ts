/** Which files a JavaScript module needs beside itself, as far as its imports by path tell. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** `from './a.mjs'`, `import './a.mjs'`, `import('./a.mjs')`. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"'\n]+)["']/g;

/** The module itself and all that it imports by a relative path, and these in turn. What is not there is left out. */
export async function localImports(module: string): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [module];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file) || (await stat(file).catch(() => null))?.isFile() !== true) {
      continue;
    }
    found.add(file);
    if (/\.[cm]?js$/.test(file)) {
      const folder = path.dirname(file);
      waiting.push(...importsIn(await readFile(file, 'utf8')).map((name) => path.resolve(folder, name)));
    }
  }
  return [...found].sort();
}

function importsIn(text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, name]) => name ?? []);
}

/** Names of the trainer's and its probe's files: chunks of older builds lie beside them. */
export async function trainerFiles(trainerFile: string): Promise<string[]> {
  const probe = path.join(path.dirname(trainerFile), 'probe.mjs');
  const all = [...(await localImports(trainerFile)), ...(await localImports(probe))];
  return [...new Set(all)].map((file) => path.basename(file)).sort();
}
