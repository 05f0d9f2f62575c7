/** Type-checks each zone under its own tsconfig, so that a zone sees only the library and the globals of the place it runs in. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const zones = [
  'scripts',
  'src/common',
  'src/trainer',
  'src/node',
  'src/cloud',
  'src/webview',
  'src/extension',
  'src/cli',
  'test/bench',
  'test/fuzz',
  'test/faults',
  'test/unit',
  'test/contract',
  'test/host',
  'test/ui',
];
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

let failed = 0;
for (const zone of zones) {
  const code = await new Promise((resolve) => {
    spawn(process.execPath, [tsc, '-p', path.join(root, zone)], { cwd: root, stdio: 'inherit' }).once('exit', resolve);
  });
  if (code !== 0) {
    failed += 1;
    console.error(`types: ${zone} failed`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
