/** `npm run package`: builds for production and packs `skillet-<version>.vsix`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { node24, root } from './host/paths.mjs';

/**
 * @param {string} file Where the package goes.
 */
export async function packageExtension(file) {
  await build({ mode: 'production' });
  const node = existsSync(node24) ? node24 : process.execPath; // vsce warns on a Node below 22.
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  // Everything is bundled, so no package of node_modules goes along.
  const args = [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--out', file];
  const { status } = spawnSync(node, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    throw new Error(`vsce: failed with ${status}`);
  }
}

if (process.argv[1] === import.meta.filename) {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  await packageExtension(path.join(root, `${name}-${version}.vsix`));
}
