/** `npm run ok`: everything a change must pass, in the order in which it fails soonest. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './host/paths.mjs';

const bin = path.join(root, 'node_modules');
/** @type {[string, string[]][]} */
const steps = [
  ['format and lint', [path.join(bin, '@biomejs/biome/bin/biome'), 'check', '.', '--error-on-warnings']],
  ['types', [path.join(root, 'scripts/types.mjs')]],
  ['dead code', [path.join(bin, 'knip/bin/knip.js')]],
  ['build', [path.join(root, 'scripts/build.mjs')]],
  ['tests', [path.join(root, 'scripts/test.mjs')]],
];

for (const [name, args] of steps) {
  console.log(`\n── ${name} ──`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`✖ ${name}`);
    process.exit(status ?? 1);
  }
}
