/** `npm run package`: builds for production and packs `skillet-<version>.vsix`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { build } from './build.mjs';
import { root } from './host/paths.mjs';

/**
 * @param {string} file Where the package goes.
 */
export async function packageExtension(file) {
  await build({ mode: 'production' });
  // Everything is bundled, so nothing of node_modules goes along.
  await createVSIX({ cwd: root, packagePath: file, dependencies: false });
}

if (process.argv[1] === import.meta.filename) {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  await packageExtension(path.join(root, `${name}-${version}.vsix`));
}
